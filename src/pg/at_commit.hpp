// Work that begins when the caller's transaction commits.
#pragma once

#include "pg/guard.hpp"

namespace migrate::pg {

// Makes the server tell us of the ends of transactions; once per process, from _PG_init.
void watch_transactions();

// Calls `action` when the current transaction is about to commit, and only then: an error of it
// still undoes everything. `prepare`: it is about to be prepared (PREPARE TRANSACTION) instead. A
// savepoint that is rolled back does not take it away, so it has to look whether it is still
// wanted.
void before_commit(std::function<void(bool prepare)> action);

[[noreturn]] void refuse_prepare();  // 0A000

}  // namespace migrate::pg
