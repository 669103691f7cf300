// What of a schema is looked at.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "schema/snapshot.hpp"

namespace migrate::schema {

struct Filter {
    // Names (not quoted). Empty: all, and what is in no schema.
    std::set<std::string> schemas;
    // As to_string(Kind) says them; also "owner", "grant", "comment" and "security label".
    std::set<std::string> excluded_kinds;
    // Patterns as psql's: * and ?, of names or of schema.name.
    std::vector<std::string> excluded_names;
    std::string role;  // whose everything counts as when owners do not count

    bool is_empty() const {
        return schemas.empty() && excluded_kinds.empty() && excluded_names.empty();
    }
};

// Whether excluded_kinds may have that name.
bool is_excludable(const std::string &kind);

Snapshot filtered(Snapshot snapshot, const Filter &filter);

// A schema of `all` that has something in it which is left out of `looked_at` stays, wanted or not.
void keep_schemas_in_use(const Snapshot &all, const Snapshot &looked_at, Snapshot &wanted);

}  // namespace migrate::schema
