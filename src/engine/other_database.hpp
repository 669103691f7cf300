// The schema of another database of the cluster.
#pragma once

#include "pg/guard.hpp"
#include "schema/snapshot.hpp"

namespace migrate::engine {

// What read_snapshot() gives there, to the user who logged in here; this extension need not be
// there. Throws 3D000 where there is no such database, 42501 without the right to connect, 53400
// without a free background worker.
schema::Snapshot read_other_database(const std::string &name);

// The main function of the worker that reads it.
void reader_main(Datum argument);

}  // namespace migrate::engine
