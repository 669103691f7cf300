// The table locks that a statement is going to take, known before it runs.
#pragma once

#include "pg/guard.hpp"

namespace migrate::pg {

struct RelationLock {
    Oid relation;
    int mode;  // LOCKMODE
};

// By relation, each once with its strongest mode.
using RelationLocks = std::vector<RelationLock>;

// Adds those of a statement: of relations that exist now and that the caller's role may lock. What
// the statement is going to make is not among them. From the parse tree and the catalogs, as the
// commands of PostgreSQL (src/backend/commands) take them.
void add_locks(::Node *statement, RelationLocks &locks);

// Adds an AccessExclusiveLock on a table, for its owner and for who may refer to it.
void add_exclusive_lock(Oid relation, RelationLocks &locks);

}  // namespace migrate::pg
