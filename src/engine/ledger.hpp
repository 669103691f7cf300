// What has been applied, what is half applied, and the runs that did it.
#pragma once

#include "engine/store.hpp"
#include "pg/settings.hpp"

namespace migrate::engine {

// "upgrade" or "downgrade".
const char *to_string(core::Direction direction);
core::Direction to_direction(const std::string &name);

void insert_applied(const AppliedRow &row);
void remove_applied(const std::string &revision);

// A revision that commits on its way and has not come to its end.
struct Unfinished {
    std::string revision;
    std::string direction;
    int done = 0;                  // statements that have committed
    std::optional<int> in_flight;  // the one that was running, from 1
    std::int64_t run = 0;
    pg::Bytes checksum;
    // OIDs of what the next statement works on, as it found them (look()). Not set: it has not been
    // begun, so nothing that is there can be its own.
    std::optional<std::vector<std::string>> found;
};
std::string finishing_hint(const Unfinished &row);  // what a user can do about it
std::vector<Unfinished> read_unfinished(View view);
std::optional<Unfinished> find_unfinished(View view, const std::string &revision);
void write_unfinished(const Unfinished &row);
void remove_unfinished(const std::string &revision);

struct Run {
    std::int64_t id = 0;
    std::string command;
    std::string target;
    std::string status;
    std::string host;  // "inline", "worker", or "session" for an online procedure called by hand
    std::string requested_by;
    std::string role;
    std::string application;
    std::string client;
    std::int64_t pid = 0;
    std::vector<std::string> from_heads;
    std::vector<std::string> to_heads;
    pg::Instant started_at{};
    std::optional<pg::Instant> ended_at;
    pg::ErrorText error;
    std::vector<pg::Setting> settings;
    // Of a run that was queued: the revisions that it will apply or take back, in order.
    std::optional<std::vector<std::string>> queued_steps;
};
// Gives the run the next number. The number lock must be held until the row is committed.
void insert_run(Run &run);
// Everything that changes while it goes on.
void update_run(const Run &run);
std::optional<Run> find_run(std::int64_t id);
// Whether the process of a run can still be there; another one that has its number by now does not
// count.
bool is_there(const Run &run);
// Says that this process is the one that executes a queued run. False: another one does, or it is
// queued no more. The number lock must be held until the end of the transaction.
bool claim_run(Run &run);
// Runs that are queued and that no process has taken.
std::vector<std::int64_t> find_waiting_runs();
// Runs that say they are going on. Whoever holds the run lock knows that those of plans are not.
void end_stale_runs(std::int64_t except);

struct RunStep {
    int step = 0;
    std::string revision;
    core::Direction direction = core::Direction::up;
    std::string message;
    std::string status;
    int statements = 0;
    pg::Instant started_at{};
    pg::Duration duration{};
};
void insert_run_step(std::int64_t run, const RunStep &step);
std::vector<RunStep> read_run_steps(std::int64_t run);

}  // namespace migrate::engine
