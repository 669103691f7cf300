// Procedures that leave the caller's transaction behind.
#pragma once

#include "pg/guard.hpp"

namespace migrate::pg {

// Commits what the CALL began, so that nothing of it, no snapshot above all, is left. MG007 where
// the CALL is part of a transaction block or of another function.
void commit_procedure(FunctionCallInfo fcinfo, const char *name);

// For a procedure that has done that: ends its transaction and begins the next one, which holds
// nothing.
void commit_and_begin();
void roll_back_and_begin();

}  // namespace migrate::pg
