#include "pg/stripe.hpp"

extern "C" {
#include "storage/itemptr.h"
}

namespace migrate::pg {

Datum tid_in_stripe(FunctionCallInfo fcinfo) {
    auto const *tid = reinterpret_cast<ItemPointer>(DatumGetPointer(fcinfo->args[0].value));
    int const stripes = DatumGetInt32(fcinfo->args[1].value);
    int const stripe = DatumGetInt32(fcinfo->args[2].value);
    return BoolGetDatum(stripes > 0 && ItemPointerGetOffsetNumberNoCheck(tid) % stripes == stripe);
}

}  // namespace migrate::pg
