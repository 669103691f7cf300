// backfill, purge, pause, resume, and what their statements call
#include "engine/backfill.hpp"

#include "api/entry.hpp"
#include "engine/trying.hpp"
#include "pg/progress.hpp"
#include "pg/stripe.hpp"

using namespace migrate;

namespace {

// Where a script is only tried.
bool leave_out() {
    if (!engine::is_trying()) return false;
    engine::try_plain_form("");
    return true;
}

}  // namespace

MIGRATE_FUNCTION(backfill) {
    if (leave_out()) return Datum(0);
    engine::BackfillRequest request;
    request.relation = args.relation(0, "relation");
    request.assignments = args.text(1, "assignments");
    request.condition = args.optional_text(2);
    request.batch = args.text(3, "batch");
    request.parallel = args.integer(4, "parallel");
    request.target = args.optional_duration(5);
    engine::backfill(args, request);
    return Datum(0);
}

MIGRATE_FUNCTION(purge) {
    if (leave_out()) return Datum(0);
    engine::BackfillRequest request;
    request.purge = true;
    request.relation = args.relation(0, "relation");
    request.condition = args.text(1, "condition");
    request.batch = args.text(2, "batch");
    request.parallel = args.integer(3, "parallel");
    request.target = args.optional_duration(4);
    engine::backfill(args, request);
    return Datum(0);
}

MIGRATE_FUNCTION(pause) {
    return BoolGetDatum(pg::set_paused(args.bigint(0, "run"), true));
}

MIGRATE_FUNCTION(resume) {
    return BoolGetDatum(pg::set_paused(args.bigint(0, "run"), false));
}

MIGRATE_FUNCTION(tid_in_stripe) {
    return pg::tid_in_stripe(args.raw());
}
