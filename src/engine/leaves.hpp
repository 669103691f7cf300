// The tables below a relation whose rows a batched change goes over, and how.
#pragma once

#include "engine/backfill_task.hpp"

namespace migrate::engine {

enum class Method { automatic, blocks, key };
Method to_method(const std::string &name);  // 22023 for an unknown one

// Refuses (42809) what is no table: views, foreign tables, system catalogs, tables of ours.
void require_table(Oid relation);

// All of them, by name; 42809 for a foreign table among them.
std::vector<Leaf> find_leaves(Oid relation, Method method);
// One of them again, as it is now. None: it is gone, or no part of the relation any more.
std::optional<Leaf> find_leaf(Oid relation, Oid leaf);

// The primary key, or the shortest other unique one that is fit to order all rows by.
std::optional<LeafKey> find_key(Oid leaf);

// Whether assigning to one of these columns may move a row to another partition.
bool moves_rows(Oid relation, const std::vector<std::string> &columns);

// The type of a column as SQL, "" when there is none of that name.
std::string column_type(Oid relation, const std::string &column);

// Blocks in shared buffers.
std::int64_t buffered_blocks();
bool is_temporary(Oid relation);

}  // namespace migrate::engine
