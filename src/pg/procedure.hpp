// Procedures that leave the caller's transaction behind.
#pragma once

#include "pg/guard.hpp"

namespace migrate::pg {

// Commits what the CALL began, so that nothing of it, no snapshot above all, is left. MG007 where
// the CALL is part of a transaction block or of another function.
void commit_procedure(FunctionCallInfo fcinfo, const char *name);

}  // namespace migrate::pg
