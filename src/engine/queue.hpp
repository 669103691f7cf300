// Runs that begin when the transaction that asked for them has committed.
#pragma once

#include "engine/ledger.hpp"
#include "engine/prepared.hpp"

namespace migrate::engine {

// Writes the row of a run that will execute the steps of the plan from `first` on, and starts its
// worker when the transaction commits. Rolled back, nothing happens.
std::vector<RunStep> queue(const Command &command, const PreparedPlan &plan, std::size_t first);

// Starts a worker for each queued run that has none: the server crashed, or had no room for it. One
// is left alone where the owner of the tables could have forged its row to get at another role.
void start_waiting_runs();
// The same for one run. False: it was left alone.
bool start_waiting_run(const Run &run);

// Cancels a run: a queued one for good, a working one at its next safe point. False: there is none
// of that number that could be stopped. 42501 for the run of a role that the caller is no member
// of.
bool cancel_run(std::int64_t id);

}  // namespace migrate::engine
