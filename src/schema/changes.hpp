// What is to be done with each object, before anybody asks in which order.
#pragma once

#include "schema/diff.hpp"

namespace migrate::schema {

enum class Act : std::uint8_t {
    keep,
    create,
    drop,
    alter,
    replace,  // dropped and created
    swap,     // the same, but the old one stays under a name aside until its data has moved
};

class Changes {
 public:
    Changes(const World &before, const World &after, const DiffOptions &options);

    // Of an object of the one or the other snapshot.
    Act of_old(Ref ref) const { return old_[ref]; }
    Act of_new(Ref ref) const { return other_[ref] == kNone ? Act::create : old_[other_[ref]]; }
    // The same object in the other snapshot; kNone when it is not there.
    Ref now(Ref old) const { return partner_[old]; }
    Ref then(Ref recent) const { return other_[recent]; }
    // The statements of an object that is altered.
    std::vector<Statement> &statements(Ref old) { return statements_[old]; }
    // A column whose type is replaced under it.
    bool is_converted(Ref old) const { return converted_[old]; }
    // A type that cannot be there twice, or is made of one: its values wait as text.
    bool moves_by_text(Ref old) const;

    // An object of the old snapshot that is dropped and created instead.
    void replace(Ref old);

 private:
    void pair();
    void compare(Ref old);
    bool holds_values(Ref old) const;
    bool stays_partition(Ref table) const;
    bool is_detached(Ref table) const;
    bool has_columns(Ref type) const;
    bool moves_with_parent(Ref column) const;
    bool has_namesake(Ref type) const;
    void spread();
    void spread_along_indexes();
    void hand_counts_over();
    bool is_gone(Ref old) const;
    void look_at(Ref old);
    void affect(Ref old, Ref dependant);
    bool disturbs(Ref old, Ref dependant) const;
    bool still_needs(Ref dependant, Ref old) const;
    void mark(Ref old, Act act);

    const World &before_;
    const World &after_;
    const DiffOptions &options_;
    std::vector<Act> old_;
    std::vector<Ref> partner_;
    std::vector<Ref> other_;
    std::vector<std::vector<Statement>> statements_;
    std::vector<bool> converted_;
    std::vector<Ref> work_;
};

}  // namespace migrate::schema
