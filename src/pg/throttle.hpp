// Signs that a batched change is in somebody's way.
#pragma once

#include "pg/guard.hpp"

namespace migrate::pg {

// How many other sessions wait for a row that the current (sub)transaction has changed.
int row_waiters();

// A position in the write-ahead log.
std::uint64_t wal_position();

// What the streaming standbys have: one that has applied less than all others, and who it is. None:
// there is no standby. Read from shared memory, so it needs no privilege.
struct Standby {
    std::int64_t pid;
    std::uint64_t applied;
    std::int64_t lag;  // microseconds, as the standby itself measured it; 0: none
};
std::optional<Standby> slowest_standby();

// Whether a vacuum that must prevent the wraparound of transaction ids works on this table.
bool has_wraparound_vacuum(Oid table);

}  // namespace migrate::pg
