// Locks of the lock manager that outlive transactions: for work that commits on its way.
#pragma once

#include "pg/guard.hpp"

namespace migrate::pg {

// What a lock is about. In pg_locks they show as advisory with this as objsubid, which no SQL
// function can take.
enum class SessionLockKind : std::uint16_t {
    table = ('M' << 8) | 'B',  // batched changes of a table: (oid, 0)
    range = ('M' << 8) | 'R'   // a range of such a change: (job, number)
};

// Held by this process from try_take() on, whatever its transactions do, until the object or the
// process goes.
class SessionLock {
 public:
    // Does not wait. False: another process has it.
    bool try_take(SessionLockKind kind, std::uint32_t first, std::uint32_t second);
    void release();

    SessionLock() = default;
    ~SessionLock() { release(); }
    SessionLock(const SessionLock &) = delete;
    SessionLock &operator=(const SessionLock &) = delete;

 private:
    LOCKTAG tag_{};
    bool held_ = false;
};

// The process that has such a lock; 0: none.
int session_lock_holder(SessionLockKind kind, std::uint32_t first, std::uint32_t second);

}  // namespace migrate::pg
