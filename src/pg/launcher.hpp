// A process that looks into every database when the server starts, also after a crash. Only where
// the library is in shared_preload_libraries.
#pragma once

#include "pg/guard.hpp"

namespace migrate::pg {

// From _PG_init: has the server start it, where it can. `launcher` and `visitor` are exported C
// functions: the main functions of the process and of the worker that it starts in each database.
void register_launcher(const char *launcher, const char *visitor);

// The launcher's main function.
void launcher_main();

// In the main function of a visitor: connects to its database, as its bootstrap superuser. False:
// the extension is not there.
bool connect_visitor(Datum database);

}  // namespace migrate::pg
