// Running one parsed statement. Both may raise; for use inside call().
#pragma once

#include "pg/prelude.hpp"

namespace migrate::pg {

// In the current transaction, not at top level, as PostgreSQL itself runs the statements of an
// extension script (execute_sql_string in extension.c). With `assertion`: false when a row came
// whose first column is a boolean that is not true.
bool execute_nested(RawStmt *raw, const char *source, bool assertion);

// As a client's own command (after exec_simple_query in postgres.c): starts and ends its own
// transaction; `own` is the statement's text for pg_stat_activity and the log.
void execute_top_level(RawStmt *raw, const char *source, const char *own);

// After an error in execute_top_level: the server still points to its text, and its timeout runs.
void forget_top_level();

}  // namespace migrate::pg
