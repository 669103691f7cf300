// What interrupted statements about indexes and partitions leave behind.
#pragma once

#include "pg/guard.hpp"

namespace migrate::pg {

// Looked up in the catalogs when it is asked for. Plain data; 0: does not exist, or not known.
struct IndexWork {
    Oid table;
    Oid index;           // of that name
    bool named;          // the statement names its index
    bool index_valid;    // ... and it is there and finished
    bool if_not_exists;  // CREATE INDEX CONCURRENTLY IF NOT EXISTS
    Oid schema;          // REINDEX SCHEMA
    bool everywhere;     // REINDEX DATABASE, REINDEX SYSTEM
};

// Of a CREATE, DROP or REINDEX INDEX CONCURRENTLY. May raise; for use inside call().
IndexWork find_index_work(::Node *statement);

// Whether the index has the columns, the method and the kind of a CREATE INDEX; expressions and
// conditions are only known to be there. May raise; for use inside call().
bool index_fits(::Node *statement, Oid index);

struct TableIndex {
    Oid oid;
    std::string name;
    bool valid;
    bool live;  // not half dropped
};

// The indexes of a table. `settled`: first waits, to the end of the transaction, until nobody
// builds one there, so that what is not valid has been left and is not being made.
std::vector<TableIndex> table_indexes(Oid table, bool settled);

// The invalid copies that REINDEX CONCURRENTLY makes (..._ccnew, ..._ccold), where it may have made
// them.
std::vector<TableIndex> reindex_copies(const IndexWork &work, bool settled);

// The statement that drops the index, `concurrently` without being in anybody's way; the one that
// builds it anew.
std::string drop_index(Oid index, bool concurrently);
std::string rebuild_index(Oid index);

// 42P07: an invalid index of this name is in the way.
[[noreturn]] void refuse_invalid_index(Oid index);

struct DetachWork {
    Oid parent;
    Oid partition;
    bool finalize;  // the statement only ends what another one has begun
    bool attached;
    bool pending;  // the first of the two transactions of DETACH PARTITION CONCURRENTLY is done
};

// Of an ALTER TABLE ... DETACH PARTITION. May raise; for use inside call().
DetachWork find_detach_work(::Node *statement);

// The statement that ends an interrupted one.
std::string finalize_detach(const DetachWork &work);

}  // namespace migrate::pg
