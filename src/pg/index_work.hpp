// What an interrupted concurrent index statement leaves behind.
#pragma once

#include "pg/guard.hpp"

namespace migrate::pg {

// Looked up in the catalogs when it is asked for. Plain data; 0: does not exist, or not known.
struct IndexWork {
    Oid table;
    Oid index;         // of that name
    bool named;        // the statement names its index
    bool index_valid;  // ... and it is there and finished
};

// Of a CREATE, DROP or REINDEX INDEX CONCURRENTLY. May raise; for use inside call().
IndexWork find_index_work(::Node *statement);

// The invalid indexes of a table. While no other session builds one there (which takes a lock that
// excludes ours), an invalid index that was not there before a statement is what it left.
std::vector<Oid> invalid_indexes(Oid table);

// The statement that drops the index, `concurrently` without being in anybody's way.
std::string drop_index(Oid index, bool concurrently);

}  // namespace migrate::pg
