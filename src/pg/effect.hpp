// What a statement does to rows: what its downgrade, which knows the schema only, cannot undo.
#pragma once

#include "pg/guard.hpp"

namespace migrate::pg {

// Rows that a statement changes; an empty verb: none that its parse tree tells of.
struct RowChange {
    std::string verb;         // "UPDATE", "TRUNCATE", ...
    std::vector<Oid> tables;  // as far as they exist now
};
RowChange find_row_change(::Node *statement);

// What a statement drops along with its data.
struct DroppedData {
    std::vector<Oid> tables;           // of DROP TABLE
    std::vector<std::string> schemas;  // of DROP SCHEMA ... CASCADE, unquoted
    Oid table = InvalidOid;            // of ALTER TABLE ... DROP COLUMN, with the columns
    std::vector<std::string> columns;  // as they are named, unquoted
    bool more = false;                 // and does other things in the same statement
};
DroppedData find_dropped_data(::Node *statement);

}  // namespace migrate::pg
