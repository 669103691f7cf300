// Every difference between PostgreSQL majors (14 to 18). Nowhere else does the version appear.
// Included by prelude.hpp, after postgres.h.
#pragma once

extern "C" {
#include "access/attmap.h"
#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/index.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_class.h"
#include "catalog/pg_index.h"
#include "catalog/pg_namespace.h"
#include "commands/defrem.h"
#include "executor/executor.h"
#include "nodes/nodeFuncs.h"
#include "nodes/parsenodes.h"
#include "storage/lock.h"
#include "storage/proc.h"
#include "tcop/pquery.h"
#include "tcop/tcopprot.h"
#include "utils/acl.h"
#include "utils/guc.h"
#include "utils/guc_tables.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif
}

// These minors shipped with an ABI break that the next one took back.
#if PG_VERSION_NUM == 150009 || PG_VERSION_NUM == 160005 || PG_VERSION_NUM == 170001
#error "this minor release of PostgreSQL has a broken ABI; build against a later one"
#endif
// Before 14.4 the mark that pg/exemption.hpp borrows also hid the snapshot from VACUUM.
#if PG_VERSION_NUM < 140004
#error "migrate needs PostgreSQL 14.4 or newer"
#endif

// Declared in libpq/libpq.h, which wants the headers of GSSAPI where the server was built with it.
extern "C" bool pq_check_connection(void);

namespace migrate::pg {

// The server's, and what decides which columns its catalogs have.
inline constexpr int kMajorVersion = PG_VERSION_NUM / 10000;

}  // namespace migrate::pg

namespace migrate::pg::compat {

inline List *analyze_and_rewrite(RawStmt *raw, const char *source) {
#if PG_VERSION_NUM >= 150000
    return pg_analyze_and_rewrite_fixedparams(raw, source, nullptr, 0, nullptr);
#else
    return pg_analyze_and_rewrite(raw, source, nullptr, 0, nullptr);
#endif
}

inline void set_new_file(Relation relation) {
#if PG_VERSION_NUM >= 160000
    RelationSetNewRelfilenumber(relation, relation->rd_rel->relpersistence);
#else
    RelationSetNewRelfilenode(relation, relation->rd_rel->relpersistence);
#endif
}

inline void rebuild_indexes(Oid table) {
    ReindexParams params = {0, InvalidOid};
#if PG_VERSION_NUM >= 170000
    reindex_relation(nullptr, table, REINDEX_REL_PROCESS_TOAST, &params);
#else
    reindex_relation(table, REINDEX_REL_PROCESS_TOAST, &params);
#endif
}

inline bool may_create_in_schema(Oid schema, Oid role) {
#if PG_VERSION_NUM >= 160000
    return object_aclcheck(NamespaceRelationId, schema, role, ACL_CREATE) == ACLCHECK_OK;
#else
    return pg_namespace_aclcheck(schema, role, ACL_CREATE) == ACLCHECK_OK;
#endif
}

inline void executor_run(QueryDesc *desc) {
#if PG_VERSION_NUM >= 180000
    ExecutorRun(desc, ForwardScanDirection, 0);
#else
    ExecutorRun(desc, ForwardScanDirection, 0, true);
#endif
}

inline void portal_run_top_level(Portal portal, DestReceiver *receiver) {
    QueryCompletion completion;
#if PG_VERSION_NUM >= 180000
    PortalRun(portal, FETCH_ALL, true, receiver, receiver, &completion);
#else
    PortalRun(portal, FETCH_ALL, true, true, receiver, receiver, &completion);
#endif
}

inline struct config_generic **settings(int *count) {
#if PG_VERSION_NUM >= 160000
    return get_guc_variables(count);
#else
    *count = GetNumConfigOptions();
    return get_guc_variables();
#endif
}

inline bool walk_expression(Node *node, bool (*visit)(Node *, void *), void *state) {
#if PG_VERSION_NUM >= 160000
    return expression_tree_walker(node, visit, state);
#else
    return expression_tree_walker(
        node, reinterpret_cast<bool (*)()>(reinterpret_cast<void *>(visit)), state);
#endif
}

inline Oid primary_key(Relation relation) {
#if PG_VERSION_NUM >= 180000
    return RelationGetPrimaryKeyIndex(relation, false);
#else
    return RelationGetPrimaryKeyIndex(relation);
#endif
}

inline bool lock_held(const LOCKTAG *tag, LOCKMODE mode) {
#if PG_VERSION_NUM >= 170000
    return LockHeldByMe(tag, mode, false);
#else
    return LockHeldByMe(tag, mode);
#endif
}

inline bool owns_relation(Oid relation, Oid role) {
#if PG_VERSION_NUM >= 160000
    return object_ownercheck(RelationRelationId, relation, role);
#else
    return pg_class_ownercheck(relation, role);
#endif
}

// How many processes wait for the lock that this process waits for, itself among them.
inline int waiters_of_own_lock() {
    LOCK const *const lock = MyProc->waitLock;
    if (lock == nullptr) return 0;
#if PG_VERSION_NUM >= 160000
    return static_cast<int>(dclist_count(&lock->waitProcs));
#else
    return lock->waitProcs.size;
#endif
}

// The columns of ON DELETE SET NULL (...).
inline List *set_columns([[maybe_unused]] const Constraint *foreign_key) {
#if PG_VERSION_NUM >= 150000
    return foreign_key->fk_del_set_cols;
#else
    return NIL;
#endif
}

inline bool nulls_not_distinct([[maybe_unused]] const IndexStmt *statement) {
#if PG_VERSION_NUM >= 150000
    return statement->nulls_not_distinct;
#else
    return false;
#endif
}

inline bool nulls_not_distinct([[maybe_unused]] const FormData_pg_index *index) {
#if PG_VERSION_NUM >= 150000
    return index->indnullsnotdistinct;
#else
    return false;
#endif
}

// ALTER TABLE ... ADD NOT NULL ... NOT VALID, and NOT VALID foreign keys of partitioned tables.
#if PG_VERSION_NUM >= 180000
inline constexpr bool kNotNullConstraints = true;
#else
inline constexpr bool kNotNullConstraints = false;
#endif

// The table that a MERGE changes; null for any other statement.
inline const RangeVar *merge_target([[maybe_unused]] const Node *node) {
#if PG_VERSION_NUM >= 150000
    if (IsA(node, MergeStmt)) return reinterpret_cast<const MergeStmt *>(node)->relation;
#endif
    return nullptr;
}

// CREATE INDEX without its build.
inline ObjectAddress define_index(Oid table, IndexStmt *statement) {
#if PG_VERSION_NUM >= 160000
    return DefineIndex(table, statement, InvalidOid, InvalidOid, InvalidOid, -1, false, true, true,
                       true, false);
#else
    return DefineIndex(table, statement, InvalidOid, InvalidOid, InvalidOid, false, true, true,
                       true, false);
#endif
}

inline AttrMap *attribute_map(TupleDesc in, TupleDesc out) {
#if PG_VERSION_NUM >= 160000
    return build_attrmap_by_name(in, out, false);
#else
    return build_attrmap_by_name(in, out);
#endif
}

// Of a row of pg_attribute; negative: the default.
inline int attribute_statistics(HeapTuple row, [[maybe_unused]] TupleDesc shape) {
#if PG_VERSION_NUM >= 170000
    bool null = false;
    Datum const value = heap_getattr(row, Anum_pg_attribute_attstattarget, shape, &null);
    return null ? -1 : DatumGetInt16(value);
#else
    return reinterpret_cast<Form_pg_attribute>(GETSTRUCT(row))->attstattarget;
#endif
}

inline void reserve_setting_prefix(const char *prefix) {
#if PG_VERSION_NUM >= 150000
    MarkGUCPrefixReserved(prefix);
#else
    EmitWarningsOnPlaceholders(prefix);
#endif
}

}  // namespace migrate::pg::compat
