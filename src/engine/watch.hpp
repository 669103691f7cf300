// What statements do to tables beside changing the schema: locks, rewrites, scans, rows written.
#pragma once

#include <map>
#include <set>

#include "pg/lock_plan.hpp"

namespace migrate::engine {

// The tables, views, indexes and the like of the database at one moment, as this session sees them.
struct Relation {
    std::string name;  // qualified
    char kind;
    Oid table;  // of an index; otherwise its own
    std::string file;
};
using Relations = std::map<Oid, Relation>;
Relations read_relations();

// Sums of this transaction.
struct Counters {
    std::int64_t scanned = 0;  // rows that sequential scans have read
    std::int64_t inserted = 0, updated = 0, deleted = 0;
    bool operator==(const Counters &) const = default;
};
using CountersOf = std::map<Oid, Counters>;
CountersOf read_counters();
Counters since(const CountersOf &before, const CountersOf &after, Oid table);

// The table locks that this session holds.
using HeldLocks = std::set<std::pair<Oid, int>>;
HeldLocks read_held_locks();

}  // namespace migrate::engine
