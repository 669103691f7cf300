// How far a working process is, for whoever asks: what it says of itself, and what the server sees
// of its concurrent index build and of those who wait behind it.
#pragma once

#include "pg/progress.hpp"

namespace migrate::engine {

struct Status {
    pg::Progress progress;          // the phase, detail, done and total of an index build filled in
    int behind = 0;                 // sessions that wait for this process
    std::optional<double> percent;  // of the statement
    std::optional<pg::Duration> remaining;
    std::optional<std::int64_t> rows_per_second;
};

// Of every working process of this database that belongs to a run; with `pid`, of that one.
std::vector<Status> read_status(std::optional<std::int64_t> pid = std::nullopt);

// One line for a NOTICE.
std::string describe(const Status &status);

// Tells a waiting caller how far the process is, not more often than migrate.notify says.
class Teller {
 public:
    Teller();
    void tell(std::int64_t pid);

 private:
    std::int64_t last_;
};

}  // namespace migrate::engine
