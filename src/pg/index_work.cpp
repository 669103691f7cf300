#include "pg/index_work.hpp"

#include "pg/query.hpp"

extern "C" {
#include "access/genam.h"
#include "access/htup_details.h"
#include "access/relation.h"
#include "access/table.h"
#include "catalog/index.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_index.h"
#include "catalog/pg_inherits.h"
#include "commands/defrem.h"
#include "nodes/parsenodes.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/relcache.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
}

namespace migrate::pg {

namespace {

bool is_valid_index(Oid index) {
    HeapTuple const tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(index));
    if (!HeapTupleIsValid(tuple)) return false;
    auto const *form = reinterpret_cast<Form_pg_index>(GETSTRUCT(tuple));
    bool const valid = form->indisvalid && form->indisready;
    ReleaseSysCache(tuple);
    return valid;
}

// Not what an interrupted DROP INDEX CONCURRENTLY has left: that can only be dropped.
bool is_live_index(Oid index) {
    HeapTuple const tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(index));
    if (!HeapTupleIsValid(tuple)) return false;
    bool const live = reinterpret_cast<Form_pg_index>(GETSTRUCT(tuple))->indislive;
    ReleaseSysCache(tuple);
    return live;
}

List *index_oids(Oid table) {
    List *oids = NIL;
    Relation const catalog = table_open(IndexRelationId, AccessShareLock);
    ScanKeyData key[1];
    ScanKeyInit(&key[0], Anum_pg_index_indrelid, BTEqualStrategyNumber, F_OIDEQ,
                ObjectIdGetDatum(table));
    SysScanDesc const scan =
        systable_beginscan(catalog, IndexIndrelidIndexId, true, nullptr, 1, key);
    HeapTuple tuple;
    while (HeapTupleIsValid(tuple = systable_getnext(scan)))
        oids = lappend_oid(oids, reinterpret_cast<Form_pg_index>(GETSTRUCT(tuple))->indexrelid);
    systable_endscan(scan);
    table_close(catalog, AccessShareLock);
    return oids;
}

Oid existing(RangeVar *name) {
    return RangeVarGetRelid(name, NoLock, true);
}

IndexWork of_index(Oid index) {
    IndexWork work{};
    work.index = index;
    work.named = true;
    if (!OidIsValid(index)) return work;
    work.table = IndexGetRelation(index, true);
    work.index_valid = is_valid_index(index);
    return work;
}

IndexWork of_build(const IndexStmt *statement) {
    IndexWork work{};
    work.table = existing(statement->relation);
    work.named = statement->idxname != nullptr;
    work.if_not_exists = statement->if_not_exists;
    if (!work.named || !OidIsValid(work.table)) return work;
    Oid const found = get_relname_relid(statement->idxname, get_rel_namespace(work.table));
    if (OidIsValid(found) && get_rel_relkind(found) == RELKIND_INDEX &&
        IndexGetRelation(found, true) == work.table) {
        work.index = found;
        work.index_valid = is_valid_index(found);
    }
    return work;
}

IndexWork of_reindex(const ReindexStmt *statement) {
    if (statement->kind == REINDEX_OBJECT_INDEX) return of_index(existing(statement->relation));
    IndexWork work{};
    if (statement->relation != nullptr)
        work.table = existing(statement->relation);
    else if (statement->kind == REINDEX_OBJECT_SCHEMA)
        work.schema = get_namespace_oid(statement->name, true);
    else
        work.everywhere = true;
    return work;
}

// Key columns of the statement beside those of the index, in their order.
bool columns_fit(List *elements, const FormData_pg_index *index, int first) {
    ListCell *cell;
    int at = first;
    foreach (cell, elements) {
        auto const *element = static_cast<IndexElem *>(lfirst(cell));
        AttrNumber const column = index->indkey.values[at++];
        if (element->name == nullptr) continue;  // an expression may turn out to be a column
        if (column <= 0) return false;
        const char *name = get_attname(index->indrelid, column, true);
        if (name == nullptr || strcmp(name, element->name) != 0) return false;
    }
    return true;
}

}  // namespace

IndexWork find_index_work(::Node *node) {
    switch (nodeTag(node)) {
        case T_IndexStmt:
            return of_build(castNode(IndexStmt, node));
        case T_DropStmt: {
            auto *names = castNode(DropStmt, node)->objects;
            return of_index(
                existing(makeRangeVarFromNameList(static_cast<List *>(linitial(names)))));
        }
        case T_ReindexStmt:
            return of_reindex(castNode(ReindexStmt, node));
        default:
            return {};
    }
}

bool index_fits(::Node *node, Oid oid) {
    if (!IsA(node, IndexStmt)) return false;
    auto const *statement = castNode(IndexStmt, node);
    HeapTuple const tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(oid));
    if (!HeapTupleIsValid(tuple)) return false;
    auto const *index = reinterpret_cast<Form_pg_index>(GETSTRUCT(tuple));
    int const keys = list_length(statement->indexParams);
    bool fits = index->indisunique == statement->unique && index->indnkeyatts == keys &&
                index->indnatts == keys + list_length(statement->indexIncludingParams) &&
                heap_attisnull(tuple, Anum_pg_index_indpred, nullptr) ==
                    (statement->whereClause == nullptr) &&
                columns_fit(statement->indexParams, index, 0) &&
                columns_fit(statement->indexIncludingParams, index, keys);
    ReleaseSysCache(tuple);
    if (!fits) return false;
    HeapTuple const relation = SearchSysCache1(RELOID, ObjectIdGetDatum(oid));
    if (!HeapTupleIsValid(relation)) return false;
    Oid const method = reinterpret_cast<Form_pg_class>(GETSTRUCT(relation))->relam;
    ReleaseSysCache(relation);
    return method == get_index_am_oid(statement->accessMethod, true);
}

std::vector<TableIndex> table_indexes(Oid table, bool settled) {
    std::vector<TableIndex> found;
    if (!OidIsValid(table)) return found;
    Relation const relation = call([&] {
        InvalidateCatalogSnapshot();  // the builder may wait for it
        return try_relation_open(table, settled ? ShareUpdateExclusiveLock : AccessShareLock);
    });
    if (relation == nullptr) return found;
    // The table's own list leaves out those that an interrupted DROP INDEX CONCURRENTLY has left.
    List *const indexes = call([&] { return index_oids(table); });
    ListCell *cell;
    foreach (cell, indexes) {
        Oid const index = lfirst_oid(cell);
        bool const valid = call([&] { return is_valid_index(index); });
        bool const live = call([&] { return is_live_index(index); });
        const char *const name = call([&] { return get_rel_name(index); });
        if (name != nullptr) found.push_back({index, name, valid, live});
    }
    call([&] { relation_close(relation, settled ? NoLock : AccessShareLock); });
    return found;
}

std::vector<TableIndex> reindex_copies(const IndexWork &work, bool settled) {
    static constexpr const char *kQuery = R"(
        WITH RECURSIVE tables AS (
            SELECT oid FROM pg_class
            WHERE relkind IN ('r', 'm', 'p') AND (oid = $1::oid OR relnamespace = $2::oid OR $3::bool)
            UNION
            SELECT p.oid FROM tables t JOIN pg_inherits i ON i.inhparent = t.oid
                JOIN pg_class p ON p.oid = i.inhrelid AND p.relispartition)
        SELECT x.indrelid, x.indexrelid, c.relname
        FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid
        WHERE NOT (x.indisvalid AND x.indisready) AND c.relname ~ '_cc(new|old)[0-9]*$'
          AND x.indrelid IN (SELECT oid FROM tables UNION ALL
                             SELECT r.reltoastrelid FROM tables t JOIN pg_class r ON r.oid = t.oid)
        ORDER BY x.indexrelid)";
    auto number = [](Oid oid) { return std::to_string(oid); };
    TextRows const rows = query(kQuery, {number(work.table), number(work.schema),
                                         std::string(work.everywhere ? "true" : "false")});
    std::vector<TableIndex> found;
    for (const TextRow &row : rows) {
        auto oid = [](const std::string &text) { return static_cast<Oid>(std::stoul(text)); };
        Oid const table = oid(*row[0]);
        Oid const index = oid(*row[1]);
        bool const left = !settled || call([&] {
            InvalidateCatalogSnapshot();
            LockRelationOid(table, ShareUpdateExclusiveLock);
            return SearchSysCacheExists1(INDEXRELID, ObjectIdGetDatum(index)) &&
                   !is_valid_index(index);
        });
        if (left) found.push_back({index, *row[2], false, true});
    }
    return found;
}

std::string drop_index(Oid index, bool concurrently) {
    return call([&] {
        const char *schema = get_namespace_name(get_rel_namespace(index));
        return static_cast<const char *>(
            psprintf("DROP INDEX %s%s", concurrently ? "CONCURRENTLY " : "",
                     quote_qualified_identifier(schema, get_rel_name(index))));
    });
}

std::string rebuild_index(Oid index) {
    return "REINDEX INDEX CONCURRENTLY " + qualified_name(index);
}

void refuse_invalid_index(Oid index) {
    call([&] {
        ereport(ERROR,
                (errcode(ERRCODE_DUPLICATE_TABLE),
                 errmsg("index \"%s\" already exists, but is invalid", get_rel_name(index)),
                 errdetail("It has not the columns that this statement would give it, so it is "
                           "neither kept nor rebuilt."),
                 errhint("Drop it, or rebuild it with REINDEX INDEX CONCURRENTLY.")));
    });
    throw std::logic_error("unreachable");
}

DetachWork find_detach_work(::Node *node) {
    DetachWork work{};
    if (!IsA(node, AlterTableStmt)) return work;
    auto const *statement = castNode(AlterTableStmt, node);
    auto const *command = static_cast<AlterTableCmd *>(linitial(statement->cmds));
    work.parent = existing(statement->relation);
    work.partition = existing(reinterpret_cast<PartitionCmd *>(command->def)->name);
    work.finalize = command->subtype == AT_DetachPartitionFinalize;
    if (!OidIsValid(work.parent) || !OidIsValid(work.partition)) return work;
    Relation const inherits = table_open(InheritsRelationId, AccessShareLock);
    ScanKeyData key[1];
    ScanKeyInit(&key[0], Anum_pg_inherits_inhrelid, BTEqualStrategyNumber, F_OIDEQ,
                ObjectIdGetDatum(work.partition));
    SysScanDesc const scan =
        systable_beginscan(inherits, InheritsRelidSeqnoIndexId, true, nullptr, 1, key);
    HeapTuple tuple;
    while (HeapTupleIsValid(tuple = systable_getnext(scan))) {
        auto const *row = reinterpret_cast<Form_pg_inherits>(GETSTRUCT(tuple));
        if (row->inhparent != work.parent) continue;
        work.attached = true;
        work.pending = row->inhdetachpending;
    }
    systable_endscan(scan);
    table_close(inherits, AccessShareLock);
    return work;
}

std::string finalize_detach(const DetachWork &work) {
    return fmt::format("ALTER TABLE {} DETACH PARTITION {} FINALIZE", qualified_name(work.parent),
                       qualified_name(work.partition));
}

}  // namespace migrate::pg
