#include "engine/backfill_ranges.hpp"

#include "engine/leaves.hpp"
#include "engine/stripes.hpp"

namespace migrate::engine {

namespace {

constexpr double kFew = 0.25;  // of the rows that a stripe should have
constexpr std::int64_t kPiecesPerProcess = 8;
constexpr std::int64_t kSmallestPiece = 32;  // blocks

// What a DELETE leaves is of no use to itself, and what was missed is little.
void next_region(const BackfillTask &task, BackfillRange &range) {
    bool const striped = !task.purge && range.round == 0;
    range.region = range.next = range.region_end;
    range.region_end = striped ? std::min(range.region + task.region, range.to) : range.to;
    range.stripe = striped ? 0 : kAllStripes;
    range.done = range.region >= range.to;
}

}  // namespace

std::vector<BackfillRange> cut_ranges(const BackfillTask &task, const Leaf &leaf, int round) {
    std::vector<BackfillRange> ranges;
    BackfillRange range;
    range.job = task.job;
    range.round = round;
    range.leaf = leaf.id;
    range.filenode = leaf.filenode;
    range.by_key = leaf.by_key;
    range.to = leaf.blocks;
    if (leaf.by_key) {
        range.last = largest_key(task, leaf, find_key(leaf.id).value());
        if (!range.last.empty()) ranges.push_back(std::move(range));
        return ranges;
    }
    std::int64_t piece = leaf.blocks;
    if (task.processes > 1)
        piece = std::max(leaf.blocks / (task.processes * kPiecesPerProcess) + 1, kSmallestPiece);
    for (std::int64_t from = 0; from < leaf.blocks; from += piece) {
        range.from = from;
        range.to = std::min(from + piece, leaf.blocks);
        start_again(task, range);
        ranges.push_back(range);
    }
    return ranges;
}

void start_again(const BackfillTask &task, BackfillRange &range) {
    range.region_end = range.from;
    next_region(task, range);
}

void go_by_blocks(const BackfillTask &task, const Leaf &leaf, BackfillRange &range) {
    range.by_key = false;
    range.after.clear();
    range.last.clear();
    range.filenode = leaf.filenode;
    range.from = 0;
    range.to = leaf.blocks;
    start_again(task, range);
}

void end_pass(const BackfillTask &task, const Leaf &leaf, std::int64_t rows, BackfillRange &range) {
    if (range.stripe >= kStripes - 1) return next_region(task, range);
    double const expected =
        leaf.rows_per_block / kStripes * static_cast<double>(range.region_end - range.region);
    bool const few = range.stripe == 0 && rows >= 0 && static_cast<double>(rows) < expected * kFew;
    range.stripe = few ? kAllStripes : range.stripe + 1;
    range.next = range.region;
}

}  // namespace migrate::engine
