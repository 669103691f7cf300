// How a table is cut into ranges, and the way through one.
#pragma once

#include "engine/backfill_task.hpp"

namespace migrate::engine {

// The ranges of one leaf, for as many processes as the task has.
std::vector<BackfillRange> cut_ranges(const BackfillTask &task, const Leaf &leaf, int round);

// From the start, because the blocks are others now.
void start_again(const BackfillTask &task, BackfillRange &range);

// The key that a range was cut by is gone: all of the leaf by its blocks.
void go_by_blocks(const BackfillTask &task, const Leaf &leaf, BackfillRange &range);

// After the last batch of a stripe: the next stripe, or the next region, or the end. `rows` is how
// many the first stripe of the region has changed (-1: not known); when these are few, there is no
// room to be won, and all other stripes are done together.
void end_pass(const BackfillTask &task, const Leaf &leaf, std::int64_t rows, BackfillRange &range);

}  // namespace migrate::engine
