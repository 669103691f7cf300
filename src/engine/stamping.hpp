// Changing the ledger without running anything.
#pragma once

#include "engine/schema_record.hpp"

namespace migrate::engine {

// Alembic's stamp; returns the current heads afterwards. What is stamped is what the schema is now:
// `keeper` records it.
std::vector<std::string> stamp(const std::vector<std::string> &targets, bool purge,
                               SchemaKeeper keeper = SchemaKeeper::whole());

// Settles a half-applied revision: "retry" runs the interrupted statement again next time, "done"
// takes it as having run, "undo" forgets what was done of the revision. Throws MG001, MG002 and
// MG014.
void resolve_unfinished(const std::string &target, const std::string &how);

}  // namespace migrate::engine
