// A snapshot with its edges in the other direction: what belongs to an object, what depends on it.
#pragma once

#include "schema/snapshot.hpp"

namespace migrate::schema {

inline bool links_tables(Kind kind) {
    return kind == Kind::partition || kind == Kind::inheritance;
}

class World {
 public:
    explicit World(const Snapshot &snapshot);

    const Object &operator[](Ref ref) const { return snapshot_[ref]; }
    const Snapshot &snapshot() const { return snapshot_; }
    std::size_t size() const { return snapshot_.size(); }
    // In their order within the parent.
    const std::vector<Ref> &children(Ref ref) const { return children_[ref]; }
    const std::vector<Ref> &dependants(Ref ref) const { return dependants_[ref]; }
    bool needs(Ref ref, Ref other) const;
    // Whether other tables inherit from this one, or are its partitions.
    bool has_heirs(Ref ref) const { return heirs_[ref]; }
    // Identity of the parent: of the table for all that belongs to one.
    const std::string &home(const Object &object) const {
        return snapshot_[object.parent].identity;
    }
    // The column or attribute of that (quoted) name; kNone when there is none.
    Ref column(Ref table, std::string_view name) const;
    // What a column gets where nothing is said; kNone when it has no default.
    Ref default_of(Ref column) const;

 private:
    const Snapshot &snapshot_;
    std::vector<std::vector<Ref>> children_;
    std::vector<std::vector<Ref>> dependants_;
    std::vector<bool> heirs_;
};

}  // namespace migrate::schema
