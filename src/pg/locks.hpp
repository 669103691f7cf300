// The locks of the lock manager that keep runs and authors apart, and waiting for them politely.
//
// In pg_locks they show as advisory locks of this database with objsubid 19783, which no SQL
// function can take: the users' own advisory locks cannot collide.
#pragma once

#include "pg/guard.hpp"

namespace migrate::pg {

enum class LockName : std::uint32_t {
    run = 1,     // whoever applies revisions; to the end of the transaction, or of the worker
    turn = 2,    // the one session that may start a run: the others wait here, not in workers
    author = 3,  // whoever changes the graph; to the end of the transaction
    number = 4,  // whoever is giving a run its number
};

// Takes the lock until the end of the transaction, or says that somebody has it.
bool try_lock(LockName name);

// Whether this session has it.
bool holds(LockName name);

// Gives back a lock of try_lock before the end of the transaction.
void unlock(LockName name);

// Waits in the lock manager's queue. Only for who holds no snapshot (a worker between its
// transactions): a concurrent index build of the holder waits for every older snapshot.
void lock_until_exit(LockName name);
void lock_in_transaction(LockName name);

// The process that holds the lock; 0 when none does.
int lock_holder(LockName name);

// Whether somebody waits for this very transaction to end, or the process that holds `name` for
// any lock that we have: then waiting for it would never end, and the deadlock detector would not
// see it.
bool someone_waits_for_us(LockName name);

}  // namespace migrate::pg
