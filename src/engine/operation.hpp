// Procedures that work online, in transactions of their own: backfill, add_foreign_key and the
// like.
//
// Called by hand, such a CALL is a run of its own: a row in migrate.run, progress, cancel. Called
// by a script, it is a statement of that run, and where it stopped is found again by its place in
// the script.
#pragma once

#include "pg/progress.hpp"
#include "pg/result.hpp"

namespace migrate::engine {

// Where a statement of a script stands; empty when somebody calls by hand.
struct ScriptPosition {
    std::string revision;
    std::string direction;
    int statement = 0;  // from 1
    bool by_hand() const { return revision.empty(); }
};

class Operation {
 public:
    std::int64_t run = 0;  // of migrate.run
    ScriptPosition position;
};

// Leaves the caller's transaction (MG007 inside a block or a function), and calls `work`, which is
// in a transaction that holds nothing, ends it with pg::commit_and_begin() as often as it likes,
// and returns in such a one again. `command` ("backfill") and `target` (what it works on, as the
// user would write it) describe the run. Whatever `work` throws ends the run as failed.
void operate(const pg::Arguments &args, const char *command, const std::string &target,
             const std::function<void(const Operation &)> &work);

}  // namespace migrate::engine
