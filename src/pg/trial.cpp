#include "pg/trial.hpp"

extern "C" {
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/catalog.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/pg_index.h"
#include "commands/event_trigger.h"
#include "commands/tablecmds.h"
#include "miscadmin.h"
#include "parser/parse_utilcmd.h"
#include "storage/lmgr.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
}

namespace migrate::pg {

namespace {

constexpr int kMostHolds = 64;  // of one lock, by one statement

bool holds(Oid relation, int mode) {
    LOCKTAG tag;
    SET_LOCKTAG_RELATION(tag, MyDatabaseId, relation);
    return compat::lock_held(&tag, mode);
}

// Not ready: rows that come are not put into it. To be checked: no plan of this transaction has it.
void mark_unbuilt(Oid index, Oid table) {
    Relation const catalog = table_open(IndexRelationId, RowExclusiveLock);
    HeapTuple const tuple = SearchSysCacheCopy1(INDEXRELID, ObjectIdGetDatum(index));
    if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for index %u", index);
    auto *form = reinterpret_cast<Form_pg_index>(GETSTRUCT(tuple));
    form->indisready = false;
    form->indcheckxmin = true;
    CatalogTupleUpdate(catalog, &tuple->t_self, tuple);
    table_close(catalog, RowExclusiveLock);
    CacheInvalidateRelcacheByRelid(table);
    CommandCounterIncrement();
}

Oid find_table(const IndexStmt *statement) {
    Oid const table = RangeVarGetRelidExtended(statement->relation, ShareUpdateExclusiveLock, 0,
                                               RangeVarCallbackOwnsRelation, nullptr);
    if (get_rel_relkind(table) == RELKIND_PARTITIONED_TABLE)
        ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                        errmsg("cannot create index on partitioned table \"%s\" concurrently",
                               statement->relation->relname)));
    return table;
}

}  // namespace

void create_unbuilt_index(IndexStmt *original, const char *source) {
    // As ProcessUtilitySlow() does it.
    bool const complete = call([] { return EventTriggerBeginCompleteQuery(); });
    try {
        call([&] {
            auto *statement = static_cast<IndexStmt *>(copyObjectImpl(original));
            auto *node = reinterpret_cast<::Node *>(statement);
            EventTriggerDDLCommandStart(node);
            Oid const table = find_table(statement);
            bool const had = holds(table, ShareLock);
            statement->concurrent = false;
            statement = transformIndexStmt(table, statement, source);
            EventTriggerAlterTableStart(node);
            ObjectAddress const address = compat::define_index(table, statement);
            EventTriggerCollectSimpleCommand(address, InvalidObjectAddress, node);
            EventTriggerAlterTableEnd();
            CommandCounterIncrement();
            if (OidIsValid(address.objectId)) mark_unbuilt(address.objectId, table);
            for (int i = 0; i < kMostHolds && !had && holds(table, ShareLock); i++)
                UnlockRelationOid(table, ShareLock);
            if (complete) {
                EventTriggerSQLDrop(node);
                EventTriggerDDLCommandEnd(node);
            }
        });
    } catch (...) {
        if (complete) EventTriggerEndCompleteQuery();
        throw;
    }
    if (complete) call([] { EventTriggerEndCompleteQuery(); });
}

GentleLock::GentleLock(Oid relation)
    : relation_(relation), had_(!OidIsValid(relation) || holds(relation, AccessExclusiveLock)) {}

void GentleLock::weaken() const {
    if (had_) return;
    call([&] {
        LockRelationOid(relation_, ShareUpdateExclusiveLock);
        for (int i = 0; i < kMostHolds && holds(relation_, AccessExclusiveLock); i++)
            UnlockRelationOid(relation_, AccessExclusiveLock);
    });
}

}  // namespace migrate::pg
