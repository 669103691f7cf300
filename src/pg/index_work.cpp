#include "pg/index_work.hpp"

extern "C" {
#include "access/relation.h"
#include "catalog/index.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_index.h"
#include "nodes/parsenodes.h"
#include "utils/builtins.h"
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

Oid existing(RangeVar *name) {
    return RangeVarGetRelid(name, NoLock, true);
}

IndexWork of_index(Oid index) {
    IndexWork work{InvalidOid, index, true, false};
    if (!OidIsValid(index)) return work;
    work.table = IndexGetRelation(index, true);
    work.index_valid = is_valid_index(index);
    return work;
}

IndexWork of_build(const IndexStmt *statement) {
    IndexWork work{existing(statement->relation), InvalidOid, statement->idxname != nullptr, false};
    if (!work.named || !OidIsValid(work.table)) return work;
    Oid const found = get_relname_relid(statement->idxname, get_rel_namespace(work.table));
    if (OidIsValid(found) && get_rel_relkind(found) == RELKIND_INDEX &&
        IndexGetRelation(found, true) == work.table) {
        work.index = found;
        work.index_valid = is_valid_index(found);
    }
    return work;
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
        case T_ReindexStmt: {
            auto *reindex = castNode(ReindexStmt, node);
            if (reindex->relation == nullptr) break;
            if (reindex->kind == REINDEX_OBJECT_INDEX) return of_index(existing(reindex->relation));
            return {existing(reindex->relation), InvalidOid, false, false};
        }
        default:
            break;
    }
    return {InvalidOid, InvalidOid, false, false};
}

std::vector<InvalidIndex> invalid_indexes(Oid table, bool settled) {
    std::vector<InvalidIndex> found;
    if (!OidIsValid(table)) return found;
    Relation const relation = call([&] {
        InvalidateCatalogSnapshot();  // the builder may wait for it
        return try_relation_open(table, settled ? ShareUpdateExclusiveLock : AccessShareLock);
    });
    if (relation == nullptr) return found;
    List *const indexes = call([&] { return RelationGetIndexList(relation); });
    ListCell *cell;
    foreach (cell, indexes) {
        Oid const index = lfirst_oid(cell);
        const char *const name =
            call([&] { return is_valid_index(index) ? nullptr : get_rel_name(index); });
        if (name != nullptr) found.push_back({index, name});
    }
    call([&] { relation_close(relation, settled ? NoLock : AccessShareLock); });
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

}  // namespace migrate::pg
