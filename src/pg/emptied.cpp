#include "pg/emptied.hpp"

extern "C" {
#include "access/table.h"
#include "storage/bufmgr.h"
#include "storage/lmgr.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
}

namespace migrate::pg {

namespace {

bool holds_rows(char kind) {
    return kind == RELKIND_RELATION || kind == RELKIND_MATVIEW;
}

// As TRUNCATE does it (ExecuteTruncateGuts), without its triggers and its look at foreign keys:
// nobody is going to see it.
void make_empty(Oid table) {
    Relation const relation = table_open(table, AccessExclusiveLock);
    compat::set_new_file(relation);
    if (Oid const toast = relation->rd_rel->reltoastrelid; OidIsValid(toast)) {
        Relation const out_of_line = table_open(toast, AccessExclusiveLock);
        compat::set_new_file(out_of_line);
        table_close(out_of_line, NoLock);
    }
    table_close(relation, NoLock);
    compat::rebuild_indexes(table);
    CommandCounterIncrement();
}

}  // namespace

void EmptiedTables::empty(const RelationLocks &locks, std::int64_t limit) {
    for (const RelationLock &lock : locks) {
        if (lock.mode < ShareUpdateExclusiveLock) continue;
        if (std::find(tables_.begin(), tables_.end(), lock.relation) != tables_.end()) continue;
        bool const emptied = call([&] {
            if (!holds_rows(get_rel_relkind(lock.relation))) return false;
            Relation const relation = table_open(lock.relation, AccessShareLock);
            auto const size =
                static_cast<std::int64_t>(RelationGetNumberOfBlocks(relation)) * BLCKSZ;
            table_close(relation, AccessShareLock);
            if (size <= limit) return false;
            make_empty(lock.relation);
            return true;
        });
        if (emptied) tables_.push_back(lock.relation);
    }
}

}  // namespace migrate::pg
