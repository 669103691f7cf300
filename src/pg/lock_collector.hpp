// The relations that are going to be locked, put together from the catalogs.
#pragma once

#include "pg/guard.hpp"

extern "C" {
#include "nodes/parsenodes.h"
#include "storage/lockdefs.h"
}

namespace migrate::pg {

struct WantedLock {
    Oid relation;
    LOCKMODE mode;
};

// For use inside call(): pointers and numbers only, so that an error may jump over it.
class LockCollector {
 public:
    List *found = NIL;  // of WantedLock

    // Whether PostgreSQL will let the caller's role lock it: nobody else may stand in the others'
    // way before his rights have been looked at. `needed`: what is enough for one who does not own
    // it.
    static bool may_lock(Oid relation, AclMode needed);

 protected:
    // InvalidOid where there is none; add() then does nothing.
    static Oid find(RangeVar *name);
    static List *indexes_of(Oid relation);

    void add(Oid relation, LOCKMODE mode, AclMode needed = 0);
    // With what inherits from it, partitions included.
    void add_with_children(Oid relation, LOCKMODE mode, bool children);
    // The other tables of a table's foreign keys, in both directions: of the constraint of that
    // name, or of those that use the column, or of all.
    void foreign_keys(Oid table, const char *constraint_name, const char *column_name);
    // A parent and one that becomes, or ceases to be, its partition: the rows of a default
    // partition may belong into a new one.
    void partition(Oid parent, RangeVar *child, LOCKMODE parent_mode);
};

}  // namespace migrate::pg
