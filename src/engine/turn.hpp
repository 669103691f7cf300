// Waiting for one's turn without ever being in the way of those one waits for.
#pragma once

#include "pg/locks.hpp"

namespace migrate::engine {

// Takes the lock to the end of the transaction. While others have it, tries again and again
// instead of queueing: a waiter in the queue holds its snapshot, which would block a concurrent
// index build of the holder for ever. `exempt`: our snapshot may be marked as harmless meanwhile
// (see pg/exemption.hpp). Locks are waited for in the order of LockName only.
// Throws MG005 where waiting would never end, 55P03 after lock_timeout.
void take_turn(pg::LockName name, bool exempt = false);

}  // namespace migrate::engine
