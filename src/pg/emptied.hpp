// Tables without their rows, for a subtransaction that is always rolled back: what is tried on them
// takes as long as on empty ones, and so do the locks that it holds.
#pragma once

#include "pg/lock_plan.hpp"

namespace migrate::pg {

class EmptiedTables {
 public:
    // Empties those that a statement is going to lock, for reading or writing all of it, and that
    // have more than `limit` bytes.
    void empty(const RelationLocks &locks, std::int64_t limit);
    const std::vector<Oid> &tables() const { return tables_; }

 private:
    std::vector<Oid> tables_;
};

}  // namespace migrate::pg
