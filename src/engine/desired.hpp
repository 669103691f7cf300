// A schema that exists only as a text: made for a moment, read, and taken back.
#pragma once

#include "engine/snapshot.hpp"

namespace migrate::engine {

// What the database would be if it were new and `ddl` had been run in it. Nothing of it stays, no
// other session sees it, and no lock is taken on what is there. `current` is what is there now.
// Throws the server's errors at the statements of `ddl`, MG010 for what cannot run.
// `schemas`: those that are compared; one that the caller may not create, but work in, is there.
Reading read_desired(const std::string &ddl, const Reading &current,
                     const std::set<std::string> &schemas);

}  // namespace migrate::engine
