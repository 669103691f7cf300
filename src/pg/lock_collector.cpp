#include "pg/lock_collector.hpp"

extern "C" {
#include "access/genam.h"
#include "access/relation.h"
#include "access/table.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/partition.h"
#include "catalog/pg_class.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_trigger.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"
}

namespace migrate::pg {

namespace {

bool names_column(HeapTuple tuple, TupleDesc desc, AttrNumber array, AttrNumber column) {
    bool missing = false;
    Datum const value = heap_getattr(tuple, array, desc, &missing);
    if (missing) return false;
    ArrayType *const columns = DatumGetArrayTypeP(value);
    auto const *first = reinterpret_cast<int16 *>(ARR_DATA_PTR(columns));
    return std::find(first, first + ARR_DIMS(columns)[0], column) != first + ARR_DIMS(columns)[0];
}

}  // namespace

bool LockCollector::may_lock(Oid relation, AclMode needed) {
    return compat::owns_relation(relation, GetUserId()) ||
           (needed != 0 && pg_class_aclcheck(relation, GetUserId(), needed) == ACLCHECK_OK);
}

Oid LockCollector::find(RangeVar *name) {
    return name == nullptr ? InvalidOid : RangeVarGetRelid(name, NoLock, true);
}

List *LockCollector::indexes_of(Oid relation) {
    Relation const opened = try_relation_open(relation, AccessShareLock);
    if (opened == nullptr) return NIL;
    List *const indexes = RelationGetIndexList(opened);
    relation_close(opened, AccessShareLock);
    return indexes;
}

void LockCollector::add(Oid relation, LOCKMODE mode, AclMode needed) {
    if (!OidIsValid(relation) || !may_lock(relation, needed)) return;
    auto *wanted = static_cast<WantedLock *>(palloc(sizeof(WantedLock)));
    *wanted = {relation, mode};
    found = lappend(found, wanted);
}

void LockCollector::add_with_children(Oid relation, LOCKMODE mode, bool children) {
    add(relation, mode);
    if (!OidIsValid(relation) || !children || !has_subclass(relation)) return;
    ListCell *cell;
    foreach (cell, find_all_inheritors(relation, NoLock, nullptr))
        if (lfirst_oid(cell) != relation) add(lfirst_oid(cell), mode);
}

void LockCollector::foreign_keys(Oid table, const char *constraint_name, const char *column_name) {
    if (!OidIsValid(table)) return;
    AttrNumber const column =
        column_name == nullptr ? InvalidAttrNumber : get_attnum(table, column_name);
    Relation const catalog = table_open(ConstraintRelationId, AccessShareLock);
    auto const is_wanted = [&](HeapTuple tuple, AttrNumber columns) {
        auto const *form = reinterpret_cast<Form_pg_constraint>(GETSTRUCT(tuple));
        if (form->contype != CONSTRAINT_FOREIGN) return false;
        if (constraint_name != nullptr && strcmp(NameStr(form->conname), constraint_name) != 0)
            return false;
        return column_name == nullptr ||
               names_column(tuple, RelationGetDescr(catalog), columns, column);
    };
    ScanKeyData key;
    ScanKeyInit(&key, Anum_pg_constraint_conrelid, BTEqualStrategyNumber, F_OIDEQ,
                ObjectIdGetDatum(table));
    SysScanDesc scan =
        systable_beginscan(catalog, ConstraintRelidTypidNameIndexId, true, nullptr, 1, &key);
    while (HeapTuple const tuple = systable_getnext(scan))
        if (is_wanted(tuple, Anum_pg_constraint_conkey))
            add(reinterpret_cast<Form_pg_constraint>(GETSTRUCT(tuple))->confrelid,
                AccessExclusiveLock, ACL_REFERENCES);
    systable_endscan(scan);
    if (constraint_name == nullptr) {
        // There is no index on what is referenced, but its triggers say who does.
        Relation const triggers = table_open(TriggerRelationId, AccessShareLock);
        ScanKeyInit(&key, Anum_pg_trigger_tgrelid, BTEqualStrategyNumber, F_OIDEQ,
                    ObjectIdGetDatum(table));
        scan = systable_beginscan(triggers, TriggerRelidNameIndexId, true, nullptr, 1, &key);
        while (HeapTuple const trigger = systable_getnext(scan)) {
            auto const *form = reinterpret_cast<Form_pg_trigger>(GETSTRUCT(trigger));
            if (!OidIsValid(form->tgconstraint) || !OidIsValid(form->tgconstrrelid)) continue;
            HeapTuple const tuple =
                SearchSysCache1(CONSTROID, ObjectIdGetDatum(form->tgconstraint));
            if (!HeapTupleIsValid(tuple)) continue;
            auto const *constraint = reinterpret_cast<Form_pg_constraint>(GETSTRUCT(tuple));
            if (constraint->confrelid == table && is_wanted(tuple, Anum_pg_constraint_confkey))
                add(constraint->conrelid, AccessExclusiveLock, ACL_REFERENCES);
            ReleaseSysCache(tuple);
        }
        systable_endscan(scan);
        table_close(triggers, AccessShareLock);
    }
    table_close(catalog, AccessShareLock);
}

void LockCollector::partition(Oid parent, RangeVar *child, LOCKMODE parent_mode) {
    add(parent, parent_mode);
    add(find(child), AccessExclusiveLock);
    if (OidIsValid(parent) && get_rel_relkind(parent) == RELKIND_PARTITIONED_TABLE)
        add(get_default_partition_oid(parent), AccessExclusiveLock);
}

}  // namespace migrate::pg
