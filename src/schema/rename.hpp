// Things that have only got another name.
#pragma once

#include <map>
#include <optional>
#include <unordered_map>

#include "schema/statement.hpp"
#include "schema/world.hpp"

namespace migrate::schema {

struct Rename {
    Kind kind{};
    std::string from;  // identities; of a value of an enum, "type.'value'"
    std::string to;
    double confidence = 0;  // that it is one: 1 where the user says so, or nothing else is possible
    Statement up;
    Statement down;
    std::string schema;              // where it is then; empty: that is another matter
    std::vector<std::string> names;  // that only it may have then, see taken_names()
};

struct RenameOptions {
    // Said by the user: old identity to new one; without a value: this is none.
    std::map<std::string, std::optional<std::string>> said;
};

// Of objects that the one snapshot has and the other has not. Only those whose parents have their
// names in both; the others show once these are done. Best first, each object once.
std::vector<Rename> find_renames(const Snapshot &from, const Snapshot &to,
                                 const RenameOptions &options);

// Who has the names that renames give. The snapshot must stay.
class NamesInUse {
 public:
    explicit NamesInUse(const Snapshot &now);
    bool in_the_way(const Rename &rename) const { return find(rename) != kNone; }
    // Another name for what is in the way.
    Rename make_room(const Rename &rename) const;

 private:
    Ref find(const Rename &rename) const;

    World const world_;
    std::unordered_map<std::string, Ref> owners_;
};

}  // namespace migrate::schema
