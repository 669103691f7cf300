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

struct InvalidIndex {
    Oid oid;
    std::string name;
};

// The invalid indexes of a table. `settled`: first waits, to the end of the transaction, until
// nobody builds one there, so that they are what has been left and not what is being made.
std::vector<InvalidIndex> invalid_indexes(Oid table, bool settled);

// The statement that drops the index, `concurrently` without being in anybody's way.
std::string drop_index(Oid index, bool concurrently);

}  // namespace migrate::pg
