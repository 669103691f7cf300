// What children and partitions get by inheritance, so that nobody has to say it.
#pragma once

#include "schema/changes.hpp"

namespace migrate::schema {

// The same part (column, check) of the table that `link` is to, kNone where it has none.
Ref same_of_parent(const World &world, const Object &link, const Object &part);

// The same part (column, check) of the table that this one inherits it from, by a link that is in
// both snapshots; kNone where it has it of its own.
Ref inherited_from(const World &world, const World &other, Ref part);

// Whether a link between tables is in the other snapshot too, and the same.
bool is_kept(const Object &link, const Snapshot &other);
inline bool is_kept(const Object &link, const World &other) {
    return is_kept(link, other.snapshot());
}

// The attribute that a column of a typed table is; kNone: it is none.
Ref attribute_of(const World &world, Ref column);

// The new parent, by its link, that a table that was there before gets this part from; kNone where
// it has it of its own.
Ref brought_by(const World &world, const World &other, Ref part);

// Whether a table is partitioned by that column: its name is a word of the key.
bool is_in_key(const Object &table, std::string_view column);

// Of a link between indexes: whether this is the partition's, or else the partitioned table's.
bool is_own_index(const World &world, Ref link, Ref index);
Ref index_above(const World &world, Ref link);  // the partitioned table's; of kNone, kNone
Ref own_link(const World &world, Ref index);    // by which it is the partition's; kNone: none

}  // namespace migrate::schema
