#include "pg/index_form.hpp"

extern "C" {
#include "access/amapi.h"
#include "access/attmap.h"
#include "access/genam.h"
#include "access/relation.h"
#include "access/table.h"
#include "catalog/index.h"
#include "catalog/namespace.h"
#include "catalog/pg_index.h"
#include "commands/defrem.h"
#include "nodes/execnodes.h"
#include "nodes/nodeFuncs.h"
#include "nodes/parsenodes.h"
#include "parser/parse_utilcmd.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/ruleutils.h"
#include "utils/syscache.h"
}

namespace migrate::pg {

namespace {

// All of this may raise, and holds plain data only.

IndexStmt *analyzed(const Utility &statement, Oid table) {
    Relation const relation = table_open(table, AccessShareLock);
    auto *copy = static_cast<IndexStmt *>(copyObjectImpl(statement.node()));
    IndexStmt *const result = transformIndexStmt(table, copy, statement.source());
    table_close(relation, NoLock);
    return result;
}

// An element as the catalogs keep it: a column, or an expression without its outermost COLLATE.
struct Key {
    AttrNumber column;  // 0: an expression
    ::Node *expression;
    Oid type, collation;
};

Key key_of(const IndexElem *element, Oid table) {
    Key key{};
    if (element->name != nullptr) {
        key.column = get_attnum(table, element->name);
        if (key.column == InvalidAttrNumber)
            ereport(ERROR, (errcode(ERRCODE_UNDEFINED_COLUMN),
                            errmsg("column \"%s\" does not exist", element->name)));
    } else {
        key.expression = element->expr;
        key.type = exprType(key.expression);
        key.collation = exprCollation(key.expression);
        while (IsA(key.expression, CollateExpr))
            key.expression =
                reinterpret_cast<::Node *>(reinterpret_cast<CollateExpr *>(key.expression)->arg);
        if (IsA(key.expression, Var)) key.column = castNode(Var, key.expression)->varattno;
    }
    if (key.column != 0) {
        int32 modifier;
        Oid collation;
        get_atttypetypmodcoll(table, key.column, &key.type, &modifier, &collation);
        if (element->name != nullptr) key.collation = collation;
    }
    if (element->collation != NIL) key.collation = get_collation_oid(element->collation, false);
    return key;
}

int16 options_of(const IndexElem *element, Relation index) {
    if (!index->rd_indam->amcanorder) return 0;
    bool const descending = element->ordering == SORTBY_DESC;
    bool const first = element->nulls_ordering == SORTBY_NULLS_DEFAULT
                           ? descending
                           : element->nulls_ordering == SORTBY_NULLS_FIRST;
    return static_cast<int16>((descending ? INDOPTION_DESC : 0) |
                              (first ? INDOPTION_NULLS_FIRST : 0));
}

// A tree that a column of pg_index holds; null where it is empty.
::Node *stored_tree(Relation index, int column) {
    bool is_null;
    Datum const tree = SysCacheGetAttr(INDEXRELID, index->rd_indextuple,
                                       static_cast<AttrNumber>(column), &is_null);
    return is_null ? nullptr : static_cast<::Node *>(stringToNode(TextDatumGetCString(tree)));
}

bool same_keys(const IndexStmt *statement, Oid table, Relation index) {
    auto const *form = index->rd_index;
    if (form->indnkeyatts != list_length(statement->indexParams) ||
        form->indnatts != form->indnkeyatts + list_length(statement->indexIncludingParams))
        return false;
    List *const stored = reinterpret_cast<List *>(stored_tree(index, Anum_pg_index_indexprs));
    bool is_null;
    auto const *classes = reinterpret_cast<oidvector *>(DatumGetPointer(
        SysCacheGetAttr(INDEXRELID, index->rd_indextuple, Anum_pg_index_indclass, &is_null)));
    int expression = 0;
    for (int i = 0; i < form->indnatts; i++) {
        bool const included = i >= form->indnkeyatts;
        auto *element = static_cast<IndexElem *>(
            included ? list_nth(statement->indexIncludingParams, i - form->indnkeyatts)
                     : list_nth(statement->indexParams, i));
        Key const key = key_of(element, table);
        if (key.column != form->indkey.values[i]) return false;
        if (key.column == 0 && !equal(key.expression, list_nth(stored, expression++))) return false;
        if (included) continue;
        Oid const operators = ResolveOpClass(element->opclass, key.type, statement->accessMethod,
                                             index->rd_rel->relam);
        if (operators != classes->values[i]) return false;
        if (OidIsValid(index->rd_indcollation[i]) && key.collation != index->rd_indcollation[i])
            return false;
        if (options_of(element, index) != index->rd_indoption[i]) return false;
    }
    return true;
}

bool same(const IndexStmt *statement, Oid table, Relation index) {
    auto const *form = index->rd_index;
    if (form->indrelid != table || form->indisunique != statement->unique || form->indisexclusion ||
        index->rd_rel->relam != get_index_am_oid(statement->accessMethod, false))
        return false;
    if (compat::nulls_not_distinct(statement) != compat::nulls_not_distinct(form)) return false;
    if (!equal(statement->whereClause, stored_tree(index, Anum_pg_index_indpred))) return false;
    return same_keys(statement, table, index);
}

}  // namespace

IndexForm index_form(const Utility &statement, Oid table) {
    IndexForm form;
    IndexStmt *const index = statement.look([&] { return analyzed(statement, table); });
    List *const context = call([&] { return deparse_context_for(get_rel_name(table), table); });
    auto const text = [&](::Node *expression) {
        return call([&] { return deparse_expression(expression, context, false, false); });
    };
    form.nulls_not_distinct = compat::nulls_not_distinct(index);
    if (index->whereClause != nullptr) form.predicate = text(index->whereClause);
    for (List *const elements : {index->indexParams, index->indexIncludingParams}) {
        ListCell *cell;
        foreach (cell, elements) {
            auto *element = lfirst_node(IndexElem, cell);
            const char *const name =
                element->name != nullptr ? element->name : element->indexcolname;
            form.columns += (form.columns.empty() ? "" : "_") + std::string(name ? name : "expr");
            if (elements != index->indexParams) continue;
            form.labels.emplace_back(element->name != nullptr
                                         ? call([&] { return quote_identifier(element->name); })
                                         : text(element->expr));
            form.keys.push_back(element->name != nullptr ? form.labels.back()
                                                         : "(" + form.labels.back() + ")");
        }
    }
    return form;
}

bool same_index(const Utility &statement, Oid table, Oid index) {
    return statement.look([&] {
        IndexStmt *const wanted = analyzed(statement, table);
        Relation const relation = index_open(index, AccessShareLock);
        bool const result = same(wanted, table, relation);
        index_close(relation, NoLock);
        return result;
    });
}

// As ALTER INDEX ... ATTACH PARTITION judges it, and in the same order.
bool fits_partitioned(Oid parent_index, Oid index) {
    return call([&] {
        Relation const parent = index_open(parent_index, AccessShareLock);
        Relation const child = index_open(index, AccessShareLock);
        Relation const parent_table = table_open(parent->rd_index->indrelid, AccessShareLock);
        Relation const table = table_open(child->rd_index->indrelid, AccessShareLock);
        AttrMap *const map =
            compat::attribute_map(RelationGetDescr(table), RelationGetDescr(parent_table));
        bool result =
            CompareIndexInfo(BuildIndexInfo(child), BuildIndexInfo(parent), child->rd_indcollation,
                             parent->rd_indcollation, child->rd_opfamily, parent->rd_opfamily, map);
        for (int i = 0; result && i < child->rd_index->indnkeyatts; i++)
            result = child->rd_indoption[i] == parent->rd_indoption[i];
        table_close(table, NoLock);
        table_close(parent_table, NoLock);
        index_close(child, NoLock);
        index_close(parent, NoLock);
        return result;
    });
}

}  // namespace migrate::pg
