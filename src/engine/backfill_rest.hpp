// The rows that others keep moving while a backfill comes for them.
#pragma once

#include "engine/backfill_task.hpp"

namespace migrate::engine {

// Changes what still satisfies the condition row by row: it is locked first, in its newest version,
// so that it cannot move away. In transactions of its own; `note` is called in each with the number
// of rows. Ends when nothing is found, or when what is found stays as it is.
void change_the_rest(const BackfillTask &task, const std::vector<Leaf> &leaves,
                     const std::function<void(std::int64_t)> &note);

}  // namespace migrate::engine
