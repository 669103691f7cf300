// The foreign keys that partitions have of their tables.
#pragma once

#include <optional>

#include "schema/snapshot.hpp"

namespace migrate::schema {

// A snapshot has those of the partitioned table, but not their clones on its partitions. A clone
// becomes the partition's own when it is detached, and one that it has before it is attached
// becomes a clone. The snapshot with the clones on what is not attached in `other`, or not in the
// same way; nothing when there are none.
std::optional<Snapshot> with_clones(const Snapshot &snapshot, const Snapshot &other);

}  // namespace migrate::schema
