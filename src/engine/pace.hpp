// How large the batches are, and when to rest between them.
#pragma once

#include "engine/backfill_task.hpp"

#include <deque>

namespace migrate::engine {

// The size of a batch (blocks, or rows by key), so that it takes about half of the target: one
// that is slower than the one before must not go beyond it.
class BatchSize {
 public:
    BatchSize(std::int64_t target, std::int64_t first) : target_(target) {
        std::fill(std::begin(sizes_), std::end(sizes_), static_cast<double>(first));
    }
    // The first stripe moves its rows to other pages, the later ones do not, and all together is
    // neither.
    std::int64_t of(int stripe) const;
    void took(int stripe, std::int64_t size, std::int64_t microseconds);
    void halve();
    bool is_smallest(int stripe) const { return of(stripe) == 1; }

 private:
    static std::size_t kind(int stripe);
    std::int64_t const target_;
    double sizes_[3];
};

// Rests between two batches, while nothing is held.
class Throttle {
 public:
    // As long as there is a reason: paused by hand, a standby that is behind, a vacuum that must
    // not be held up. Then as long as migrate.backfill_pause says.
    void rest(Oid table);
    // For those who waited for rows of the last batch.
    void let_pass(int sessions, std::int64_t microseconds);

 private:
    std::string reason(Oid table);
    std::string lagging();
    void sample();
    std::deque<std::pair<std::int64_t, std::uint64_t>> wal_;  // when it was written up to where
};

}  // namespace migrate::engine
