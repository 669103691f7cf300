// What a statement says of the constraint that it adds, to compare it with those that are there.
#pragma once

#include "pg/utility.hpp"

namespace migrate::pg {

// Whether the CHECK of ALTER TABLE ... ADD CONSTRAINT means the same as an expression of the
// catalogs (pg_constraint.conbin). Names are looked up with the session's search_path. Raises what
// PostgreSQL has to say against it.
bool same_check(const Utility &statement, Oid table, const std::string &conbin);
// The one column that it is about; empty when there are more, or none.
std::string check_column(const Utility &statement, Oid table);

struct ForeignKeyForm {
    char on_update, on_delete, match;  // as in pg_constraint
    bool deferrable, deferred;
    std::vector<std::string> set_columns;  // ON DELETE SET NULL (a, b)
};
ForeignKeyForm foreign_key_form(const Utility &statement);

}  // namespace migrate::pg
