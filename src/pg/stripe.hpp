// (tid, stripes, stripe): whether the row's line pointer is one of the stripe. Called for every row
// of a table, so it does as little as it can.
#pragma once

#include "pg/guard.hpp"

namespace migrate::pg {

Datum tid_in_stripe(FunctionCallInfo fcinfo);

}  // namespace migrate::pg
