// A look at what a query gives that must not take long.
#pragma once

#include "pg/query.hpp"

namespace migrate::pg {

struct Sample {
    TextRows rows;           // the first few
    std::int64_t count = 0;  // how many there were
    bool complete = true;    // false: there may be more
};

// Reads at most `most` rows, and for so many milliseconds; keeps the first `few`. In a
// subtransaction of its own.
Sample sample(const std::string &sql, Names names, int most, std::size_t few, int milliseconds);

}  // namespace migrate::pg
