// A plan as one SQL text, for reviewing it or running it with psql.
#pragma once

#include "engine/prepared.hpp"

namespace migrate::engine {

// The statements of every step, in transactions where they can be, each step followed by the stamp
// that keeps the ledger. `command.target` may be a range.
std::string write_sql(const Command &command);

}  // namespace migrate::engine
