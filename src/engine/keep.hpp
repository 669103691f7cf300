// Dropping columns and tables so that a downgrade can bring them back with their values: a column
// gets a name aside, a table goes into a schema aside, and what hangs on them goes as it would.
#pragma once

#include "pg/parser.hpp"
#include "schema/snapshot.hpp"

namespace migrate::engine {

inline constexpr const char *kKeepSchema = "migrate_kept";

// What a statement of an upgrade became.
struct Kept {
    std::string sql;                     // statements, without the last semicolon
    std::vector<std::string> what;       // "public.t.c is kept as ..."
    std::vector<std::string> deviating;  // what cannot be done without it
};

// Runs a statement of an upgrade (in this transaction) in a form that keeps what it would drop.
// None: it drops nothing that can be kept, and has not been run. `revision` says whose it is.
std::optional<Kept> run_and_keep(const pg::Section &upgrade, std::size_t index,
                                 const std::string &revision);

// Without the schema aside, which stays when nothing is in it any more.
schema::Snapshot without_keep_schema(schema::Snapshot snapshot);

}  // namespace migrate::engine
