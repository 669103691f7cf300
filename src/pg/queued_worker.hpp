// Workers that nobody listens to: each is given the number of a run and finds the rest in its row.
#pragma once

#include "pg/guard.hpp"

namespace migrate::pg {

// Starts one in this database, connected as `user`. `after_commit`: it waits until the current
// transaction has ended. 53400 when max_worker_processes leaves no slot.
void start_queued_worker(std::int64_t run, Oid user, bool after_commit);

Oid authenticated_user();  // who logged in

// The worker's side, in its main function.
class QueuedProcess {
 public:
    // Connects, and waits for the end of the transaction that started it.
    QueuedProcess();
    std::int64_t run() const { return run_; }

 private:
    std::int64_t run_;
};

}  // namespace migrate::pg
