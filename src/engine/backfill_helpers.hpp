// Processes that work on the ranges of the same batched change.
#pragma once

#include "engine/backfill_task.hpp"
#include "pg/background.hpp"

namespace migrate::engine {

class BackfillHelpers {
 public:
    // As many as there are free slots for; a NOTICE when these are fewer.
    void start(const BackfillTask &task, int round, int count);
    // Throws the error of one that has failed.
    void check();
    void wait();
    // Whoever leaves early stops them.

 private:
    std::vector<std::unique_ptr<pg::Worker>> workers_;
};

}  // namespace migrate::engine
