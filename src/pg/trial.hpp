// Running a statement to see what it does, where all is rolled back afterwards: nobody is kept
// waiting for what takes long and changes nothing that could be seen.
#pragma once

#include "pg/guard.hpp"

namespace migrate::pg {

// CREATE INDEX CONCURRENTLY as far as the catalogs go, on a table of any size: the index is there,
// for what follows in this transaction, and is not built; no query uses it, and nobody keeps it up
// to date. The table's lock is given back as far as the concurrent form would not have it.
void create_unbuilt_index(IndexStmt *statement, const char *source);

// Gives back what this session has locked of a relation in this mode, and only keeps what lets
// nobody change its definition. For what is going to be rolled back: the changes to the catalogs
// that the lock was for must never be seen.
void weaken_lock(Oid relation, int mode);

}  // namespace migrate::pg
