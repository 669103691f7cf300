// Getting table locks without an outage: nobody queues behind us for longer than
// migrate.lock_timeout.
#pragma once

#include "pg/lock_plan.hpp"
#include "pg/session.hpp"

namespace migrate::engine {

// Takes all that `needed` asks for, which is asked again after every wait, in the current
// transaction and before anything else of the step. First without queueing, then by waiting for
// one relation at a time while holding none of the others. 55P03 when migrate.lock_timeout is over,
// with the blockers in DETAIL. `exempt`: the caller's snapshot is in nobody's way (see
// exemption.hpp).
void take_locks(const std::function<pg::RelationLocks()> &needed, bool exempt = false);

// The attempts of one step.
class Attempts {
 public:
    // In a handler: whether the error is a lock that was not to be had in time (55P03) or a
    // deadlock (40P01), and migrate.lock_retries allows one more attempt.
    bool again();
    // Between two attempts, after what the failed one did is rolled back.
    void rest(bool exempt = false);

 private:
    int failed_ = 0;
};

// Runs `step` in a subtransaction of the current transaction until it succeeds or the attempts are
// used up.
void politely(const std::function<pg::RelationLocks()> &needed, const std::function<void()> &step);

}  // namespace migrate::engine
