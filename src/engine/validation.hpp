// A look at everything that is stored, without running anything.
#pragma once

#include "engine/store.hpp"

namespace migrate::engine {

struct Finding {
    std::string severity;  // "error", "warning" or "info"
    std::string revision;  // empty: the graph as a whole
    std::string code;      // SQLSTATE
    std::string message;
};

// Errors first, each kind in order of creation.
std::vector<Finding> validate();

// Throws MG009 while a revision is half applied, MG014 unless all are applied: what is generated
// from the schema as it is would be missing what is pending. Alembic: "Target database is not up
// to date."
void require_at_heads(const Catalog &catalog, View view);

// Throws MG004 where the script of an applied revision is no longer the one that ran.
void require_unchanged_scripts(const Catalog &catalog);

}  // namespace migrate::engine
