// What one process does for a batched change: it takes a range that nobody has, and goes over it
// in batches, each a transaction of its own.
#pragma once

#include "engine/pace.hpp"
#include "engine/polite.hpp"

namespace migrate::engine {

// How a process ends its transactions: a CALL by SPI, a worker by itself. All leave it in a new
// one.
struct Transactions {
    void (*commit)();
    void (*roll_back)();  // after an error
};

class BackfillWalk {
 public:
    // `between` is called between two batches, in a transaction that holds nothing, with the rows
    // that the last one changed.
    BackfillWalk(const BackfillTask &task, Transactions transactions,
                 std::function<void(std::int64_t)> between);

    // Until no range of the round is left that another process does not have; true when none at all
    // is left.
    bool work(int round);

 private:
    struct Batch;
    bool claim_and_walk(const BackfillRange &range);
    void walk(BackfillRange range, const Leaf &leaf);
    void attempt(BackfillRange &range, const Leaf &leaf);
    void check_first(const Leaf &leaf, const Changed &changed);
    Batch next_batch(const BackfillRange &range, const Leaf &leaf) const;
    void advance(BackfillRange &range, const Batch &batch, std::int64_t rows, const Leaf &leaf);
    void halve();
    void try_again();
    void rest(const Leaf &leaf, std::int64_t rows, int waiters, std::int64_t took);

    const BackfillTask &task_;
    Transactions const transactions_;
    std::function<void(std::int64_t)> const between_;
    BatchSize blocks_;
    BatchSize rows_;
    Throttle throttle_;
    std::optional<LeafKey> key_;
    std::optional<Attempts> attempts_;  // of the current batch
    bool checked_ = false;              // that a changed row stays changed
    std::int64_t region_rows_ = -1;     // changed by the first stripe of the region; -1: not known
};

}  // namespace migrate::engine
