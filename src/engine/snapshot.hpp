// The catalogs as a schema::Snapshot, read with a few queries whatever the number of objects.
#pragma once

#include <map>
#include <set>

#include "pg/catalog_reader.hpp"
#include "schema/snapshot.hpp"

namespace migrate::engine {

// An object as the catalogs know it.
struct Address {
    Oid catalog = InvalidOid;
    Oid object = InvalidOid;
    int part = 0;  // the number of a column
    auto operator<=>(const Address &) const = default;
};

struct Reading {
    schema::Snapshot snapshot;
    std::vector<Address> addresses;  // of each object of it
};

struct ReadOptions {
    bool edges = true;              // also what depends on what
    std::set<Address> hidden = {};  // not these, nor what belongs to them
};

// All that the current transaction sees in its database, apart from what is PostgreSQL's, this
// extension's or, but for its privileges, another extension's.
Reading read_snapshot(const ReadOptions &options = {});

}  // namespace migrate::engine
