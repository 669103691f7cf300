// Why a region is gone over several times: an UPDATE leaves the old version of each row behind. In
// one pass all new versions need new pages, with new entries in every index. When only every
// eighth row of a page changes at a time, pruning gives the space of the last eighth back before
// the next one needs it: the table grows by an eighth, and seven of eight updates touch no index
// (HOT).
#pragma once

namespace migrate::engine {

constexpr int kStripes = 8;
// Instead of a stripe's number: all rows that are left.
constexpr int kAllStripes = kStripes;

}  // namespace migrate::engine
