// Indexes that are built while everybody goes on.
#pragma once

#include "engine/online_table.hpp"

namespace migrate::engine {

// An index as somebody wants it.
struct IndexWish {
    std::string definition;  // what follows the table in CREATE INDEX
    bool unique = false;
    std::optional<std::string> name;
    const char *label = "idx";            // of a name that is chosen here
    const char *argument = "definition";  // where the definition comes from
};

// Builds it on a table that has rows of its own, and returns its name. A finished one of the same
// name and definition is kept, an unfinished one is built again, another one of that name is 42710;
// an unfinished one is not left behind. Without a name: any finished equal one that is part of no
// constraint will do.
std::string ensure_index(const Table &table, const IndexWish &wish, bool *existed = nullptr);

// A relation of that name in the schema of the table, if any.
struct Occupant {
    Oid oid;
    bool index_of_table, valid;
};
std::optional<Occupant> find_occupant(const Table &table, const std::string &name);

// Whether that is the wished index, finished or not.
bool is_wished(const Table &table, const IndexWish &wish, const std::string &name,
               const Occupant &occupant);

// 0A000 where a unique index on these (quoted) columns is not possible, because it would have to
// reach across partitions.
void require_partition_key(const Table &table, const std::vector<std::string> &keys);

// 23505 when rows of the table have the same keys.
void probe_unique(const Table &table, const IndexWish &wish, const std::string &name);

}  // namespace migrate::engine
