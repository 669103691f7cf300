// Statements that run outside of a transaction block, in the form that has the same effect inside.
#pragma once

#include "pg/prelude.hpp"

namespace migrate::pg {

// Changes a parse tree. False: there is no such form, and the statement leaves the schema as it is.
// May raise (0A000) for what is not of this database; for use inside call().
bool make_transactional(::Node *statement);

}  // namespace migrate::pg
