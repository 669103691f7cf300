// What CREATE INDEX says of the index that it makes, to compare it with those that are there.
#pragma once

#include "pg/utility.hpp"

namespace migrate::pg {

// As text that can be put into a query of the table. Raises what PostgreSQL has to say against the
// statement. Names are looked up with the session's search_path.
struct IndexForm {
    std::vector<std::string> keys;
    std::vector<std::string> labels;  // the same for messages
    std::string predicate;            // empty: all rows
    std::string columns;              // "a_lower", for the index's name
    bool nulls_not_distinct = false;
};
IndexForm index_form(const Utility &statement, Oid table);

// Whether an index of the table is what the statement makes; name, storage parameters and being
// finished do not count.
bool same_index(const Utility &statement, Oid table, Oid index);

// Whether an index of a partition can become part of one of its parent's.
bool fits_partitioned(Oid parent_index, Oid index);

}  // namespace migrate::pg
