// Getting table locks without an outage: nobody stands behind us in a queue for longer than
// migrate.lock_timeout, and nobody who holds a lock waits for another one.
#pragma once

#include "pg/lock_plan.hpp"

namespace migrate::engine {

// Takes all locks that `needed` asks for (it is asked again after every wait), in the current
// transaction and before anything else of the step: first without queueing, then by queueing for
// one relation at a time while none of the others is held. 55P03 when that takes longer than
// migrate.lock_timeout for all together, with those who are in the way in DETAIL. `exempt`: the
// caller's snapshot need not be in anybody's way (pg/exemption.hpp).
void take_locks(const std::function<pg::RelationLocks()> &needed, bool exempt = false);

// The attempts of one step.
class Attempts {
 public:
    explicit Attempts(bool exempt = false) : exempt_(exempt) {}
    // In a handler: whether the error is a lock that was not to be had in time (55P03), a deadlock
    // (40P01) or a row that somebody else has just moved (40001), and migrate.lock_retries allows
    // one more attempt.
    bool again();
    // Between two attempts, after what the failed one did has been rolled back.
    void rest();

 private:
    bool const exempt_;
    int failed_ = 0;
};

// Runs `step` with its locks in a subtransaction of the current transaction, and again until it has
// them or the attempts are used up.
void politely(const std::function<pg::RelationLocks()> &needed, const std::function<void()> &step);

// A concurrent index statement waits for whoever writes to the table and for every old snapshot of
// the database; tells in a NOTICE who they are.
void tell_obstacles(Oid table);

// A lock_timeout for the statements of a step, for locks that nobody has foreseen: what is set,
// or migrate.lock_timeout if that is shorter. In milliseconds, as a setting.
std::string statement_lock_timeout();

}  // namespace migrate::engine
