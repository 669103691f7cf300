// Taking table locks without standing in a queue, where everybody who comes later has to wait
// behind us; and telling who is in the way.
#pragma once

#include "pg/lock_plan.hpp"

namespace migrate::pg {

constexpr int kShareLock = 5;  // what a build of an index conflicts with
constexpr int kRowExclusiveLock = 3;
constexpr int kStrongestLock = 8;

// Takes all of them, or none when one is not free: then its index. Waits for nobody. What is taken
// is held to the end of the (sub)transaction.
std::optional<std::size_t> try_locks(const RelationLocks &locks);

struct QueueResult {
    bool locked;
    int behind;  // sessions that stood in the queue with us at the end, when we did not get it
};

// Waits for it in the lock manager's queue, for at most so many milliseconds (0: no limit). Not
// locked when that is over, or when waiting on would be a deadlock. In a subtransaction of its own.
QueueResult queue_for_lock(const RelationLock &lock, int milliseconds);

// Gives back what try_locks() or queue_for_lock() has got.
void let_go(const RelationLock &lock);

// Those who hold what conflicts with it, a line each: pid, user, application, client, state, age of
// transaction and statement, what they hold, prepared transactions.
std::vector<std::string> lock_holders(const RelationLock &lock);

// Sessions of this database whose snapshot is older than so many milliseconds, in the same words: a
// concurrent index build has to wait for them.
std::vector<std::string> old_snapshots(int milliseconds);

std::string lock_mode_name(int mode);  // "AccessExclusiveLock"
// "AccessExclusiveLock on public.orders"
std::string describe(const RelationLock &lock);

[[noreturn]] void fail_lock(const RelationLock &lock, const std::string &detail,
                            const std::string &hint);  // 55P03

}  // namespace migrate::pg
