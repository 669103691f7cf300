// Running a statement to see what it does, where all is rolled back afterwards: nobody is kept
// waiting for what takes long and changes nothing that could be seen.
#pragma once

#include "pg/guard.hpp"

namespace migrate::pg {

// CREATE INDEX CONCURRENTLY as far as the catalogs go, on a table of any size: the index is there,
// for what follows in this transaction, and is not built; no query uses it, and nobody keeps it up
// to date. The table's lock is given back as far as the concurrent form would not have it.
void create_unbuilt_index(IndexStmt *statement, const char *source);

// Makes the AccessExclusiveLock that a statement in its transactional form takes of a relation what
// its real form takes: it only lets nobody change the definition. For what is going to be rolled
// back, for the changes to the catalogs that the lock was for must never be seen.
class GentleLock {
 public:
    explicit GentleLock(Oid relation);
    void weaken() const;  // after the statement

 private:
    Oid const relation_;
    bool const had_;
};

}  // namespace migrate::pg
