// What a working process tells the others while it works: kept in shared memory, found through the
// lock table, and gone with the process.
#pragma once

#include "pg/datum.hpp"

namespace migrate::pg {

struct Progress {
    std::int64_t run = 0;  // 0: not known yet
    std::int64_t pid = 0;
    std::string command;  // "upgrade", "backfill" ...
    std::string target;
    std::string revision;  // empty: between two steps, or none
    std::string direction;
    int step = 0, steps = 0;
    int statement = 0, statements = 0;  // from 1; 0: none yet
    std::string phase;                  // "running", "waiting for locks" ...
    std::string detail;                 // by whom, on what; empty for who may not see it
    std::int64_t done = 0, total = 0;   // of `unit`; total 0: not known
    std::string unit;                   // "rows", "blocks"
    std::int64_t processed = 0;         // rows changed by a batched statement
    std::int64_t first_done = 0;        // what was done before this statement began
    Instant started_at{};
    Instant statement_at{};
    Instant phase_at{};  // since when it is in this phase
    bool paused = false;
};

// This process's own. Only one at a time: what is begun inside another one is a part of it, and its
// end() does nothing. Every other function does nothing when none is begun.
class ProgressReport {
 public:
    ProgressReport(const std::string &command, const std::string &target, std::int64_t run = 0);
    ~ProgressReport();
    ProgressReport(const ProgressReport &) = delete;
    ProgressReport &operator=(const ProgressReport &) = delete;

 private:
    bool const own_;
};

void report_run(std::int64_t run);
void report_steps(int steps);
void report_step(int step, const std::string &revision, const char *direction, int statements);
void report_statement(int statement);
// An empty text for both: none.
void report_phase(const std::string &phase, const std::string &detail = {});
void report_amount(std::int64_t done, std::int64_t total, const char *unit);
void report_processed(std::int64_t rows);  // adds to it
// What this process says now, or that it joined; `run` 0: nothing is begun.
Progress own_progress();

// For helpers of this process in other processes: they report into the same place. 0: none.
std::uint32_t progress_handle();
void join_progress(std::uint32_t handle);

// Of every working process of this database, oldest first.
std::vector<Progress> read_progress();

// Whether somebody wants this process, or what it helps, to rest between two batches.
bool is_paused();
// Says so to the process of a run. False: there is none. 42501 for a process of a role that the
// caller is no member of.
bool set_paused(std::int64_t run, bool paused);

}  // namespace migrate::pg
