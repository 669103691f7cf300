// The table locks that a statement will take, known before it runs; and taking them without
// standing in a queue, where everybody who comes later would have to wait behind us.
#pragma once

#include "pg/guard.hpp"

namespace migrate::pg {

struct RelationLock {
    Oid relation;
    int mode;  // LOCKMODE
};

// By relation, each once with its strongest mode.
using RelationLocks = std::vector<RelationLock>;

// Of one statement: relations that exist now and that the caller's role may lock; what the
// statement is going to create is not among them. From the parse tree and the catalogs, as
// src/backend/commands does it. May raise; for use inside call().
void collect_locks(::Node *statement, List **locks);

// Takes all of them, none of them when one is not free: then the index of that one. Waits for
// nobody. What it takes is held to the end of the (sub)transaction.
std::optional<std::size_t> try_locks(const RelationLocks &locks);

// Waits for one in the lock manager's queue, for at most so many milliseconds (0: no limit); false
// when the time is over, or for a deadlock. `queued`: how many sessions stood behind us then.
// What is got is given back at once: the point is that it was free a moment ago.
bool wait_for_lock(const RelationLock &lock, int milliseconds, int *queued);

// Those who hold what conflicts with it, a line each: pid, user, application, client, state, age of
// transaction and statement, what they hold, since when their snapshot is; prepared transactions.
std::vector<std::string> lock_holders(const RelationLock &lock);

// Sessions of this database whose snapshot is older than so many milliseconds, in the same words: a
// concurrent index build waits for them.
std::vector<std::string> old_snapshots(int milliseconds);

const char *lock_mode_name(int mode);  // "AccessExclusiveLock"

[[noreturn]] void fail_lock(const RelationLock &lock, const std::string &detail,
                            const std::string &hint);  // 55P03

}  // namespace migrate::pg
