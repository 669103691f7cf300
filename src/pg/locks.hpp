// The locks of the lock manager that keep runs and authors apart, and what waiting for them needs.
//
// Each is two locks: an object lock, which a worker would lose when its transaction aborts, and an
// advisory lock, which a script could release with pg_advisory_unlock_all(). In pg_locks they show
// with classid 3079 and objid 0, and with objsubid 19783: no SQL function can take either.
#pragma once

#include "pg/guard.hpp"

namespace migrate::pg {

// In the order in which a session must take them if it has to wait.
enum class LockName : std::uint16_t {
    author = 1,  // whoever changes the graph; to the end of the transaction
    turn = 2,    // the one session that may start a run: the others wait here, not in workers
    run = 3,     // whoever applies revisions; to the end of the transaction, or of the worker
    number = 4,  // whoever is giving a run its number
};

// Takes the lock until the end of the transaction, or says that somebody has it.
bool try_lock(LockName name);

// Whether this session has one that comes after `name`: then it must not wait for `name`.
bool holds_later_lock(LockName name);

bool holds_lock(LockName name);
// Gives back a lock of try_lock before the end of the transaction.
void unlock(LockName name);

// Waits in the lock manager's queue. Only for who holds no snapshot (a worker between its
// transactions): a concurrent index build of the holder waits for every older snapshot.
void lock_until_exit(LockName name);
void lock_in_transaction(LockName name);

// Whether a process that holds one of these locks waits, directly or through others, for something
// that this session has: then waiting for it would never end, and the deadlock detector, which
// does not see us wait, would not tell.
bool holders_wait_for_us();

// The setting lock_timeout in milliseconds; 0: none.
int lock_timeout();
[[noreturn]] void fail_lock_timeout();  // 55P03

// While it lives, waiting for a lock has no limit.
class Patience {
 public:
    Patience();
    ~Patience();
    Patience(const Patience &) = delete;
    Patience &operator=(const Patience &) = delete;

 private:
    int const before_;
};

}  // namespace migrate::pg
