// Changes of many rows in batches that lock little and commit often: migrate.backfill(),
// migrate.purge().
#pragma once

#include "engine/operation.hpp"

namespace migrate::engine {

struct BackfillRequest {
    bool purge = false;
    Oid relation = 0;
    std::string assignments;               // none for a purge
    std::optional<std::string> condition;  // none: rows that the assignments would change
    std::string batch;                     // "auto", "ctid", "keyset"
    std::int64_t parallel = 1;
    std::optional<pg::Duration> target;  // none: migrate.backfill_target
};

// Until every row is changed that satisfies the condition; goes on with an unfinished job of the
// same work.
void backfill(const pg::Arguments &args, const BackfillRequest &request);

// The main function of the processes that help with it.
void backfill_helper_main(Datum argument);

}  // namespace migrate::engine
