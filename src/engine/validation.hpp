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

// Throws MG004 where the script of an applied revision is no longer the one that ran.
void require_unchanged_scripts(const Catalog &catalog);

}  // namespace migrate::engine
