// The rows of batched changes: a job, and the ranges of its table with how far each one is.
#pragma once

#include "engine/operation.hpp"
#include "pg/table.hpp"

namespace migrate::engine {

struct BackfillJob {
    std::int64_t id = 0;
    bool purge = false;
    Oid relation = 0;
    std::string relation_name;
    std::string assignments;  // empty: purge
    std::string condition;    // empty: none given
    std::int64_t run = 0;
    ScriptPosition position;
    bool done = false;
    int round = 0;  // 0: the first time over the table; then what was missed
    std::int64_t rows = 0;
    std::int64_t batches = 0;
    pg::Duration longest{};  // of the batches
    pg::Instant started_at{};
    std::optional<pg::Instant> ended_at;

    // Whether it is about the same work, so that it can be gone on with.
    bool same_work(const BackfillJob &other) const;
};

// A part of a leaf, in blocks or by a key, that one process works on. The blocks of a region are
// gone over once for each stripe before the next region comes.
struct BackfillRange {
    std::int64_t job = 0;
    int number = 0;
    int round = 0;
    Oid leaf = 0;
    std::int64_t filenode = 0;  // the blocks are those of this file
    std::int64_t from = 0, to = 0;
    std::int64_t region = 0, region_end = 0;
    int stripe = 0;
    std::int64_t next = 0;
    bool by_key = false;
    std::vector<std::string> after;  // key of the last row so far; empty: none yet
    std::vector<std::string> last;   // key of the last row
    std::int64_t rows = 0;
    std::int64_t batches = 0;
    pg::Duration longest{};
    bool done = false;

    std::int64_t blocks_done() const;
};

// Gives the job the next number. The number lock must be held until the row is committed.
void insert_job(BackfillJob &job);
void update_job(const BackfillJob &job);
std::vector<BackfillJob> read_jobs(pg::View view);
void remove_job(std::int64_t id);

void insert_ranges(const std::vector<BackfillRange> &ranges);
void update_range(const BackfillRange &range);
std::vector<BackfillRange> read_ranges(std::int64_t job);
std::optional<BackfillRange> find_range(std::int64_t job, int number);
void remove_ranges(std::int64_t job);

// When a revision's step has ended or is resolved, its statements may run again one day: its jobs
// are no longer found by their place in the script, and unfinished ones are given up.
void forget_jobs(const std::string &revision);

}  // namespace migrate::engine
