#include "pg/effect.hpp"

extern "C" {
#include "catalog/heap.h"
#include "catalog/namespace.h"
#include "nodes/parsenodes.h"
}

namespace migrate::pg {

namespace {

Oid find(const RangeVar *name) {
    return call([&] { return RangeVarGetRelid(name, NoLock, true); });
}

void add(std::vector<Oid> &tables, const RangeVar *name) {
    if (Oid const table = find(name); OidIsValid(table)) tables.push_back(table);
}

// Tables that TRUNCATE ... CASCADE empties, too.
void add_referencing(std::vector<Oid> &tables) {
    for (std::size_t before = 0; before < tables.size();) {
        before = tables.size();
        const List *const more = call([&] {
            List *list = NIL;
            for (Oid const table : tables) list = lappend_oid(list, table);
            return heap_truncate_find_FKs(list);
        });
        ListCell *cell;
        foreach (cell, more) tables.push_back(lfirst_oid(cell));
    }
}

RangeVar *range_var(List *name) {
    return call([&] { return makeRangeVarFromNameList(name); });
}

// WITH x AS (UPDATE ...) SELECT ...
RowChange in_with(const WithClause *with) {
    RowChange change;
    ListCell *cell;
    if (with == nullptr) return change;
    foreach (cell, with->ctes) {
        RowChange const own = find_row_change(lfirst_node(CommonTableExpr, cell)->ctequery);
        if (own.verb.empty()) continue;
        change.verb = own.verb;
        change.tables.insert(change.tables.end(), own.tables.begin(), own.tables.end());
    }
    return change;
}

// ALTER COLUMN ... TYPE ... USING expression: the values are what that says.
RowChange converting(const AlterTableStmt *statement) {
    RowChange change;
    ListCell *cell;
    foreach (cell, statement->cmds) {
        auto const *command = lfirst_node(AlterTableCmd, cell);
        if (command->subtype != AT_AlterColumnType ||
            castNode(ColumnDef, command->def)->raw_default == nullptr)
            continue;
        change.verb = "ALTER TABLE ... USING";
        if (change.tables.empty()) add(change.tables, statement->relation);
    }
    return change;
}

}  // namespace

RowChange find_row_change(::Node *node) {
    RowChange change;
    switch (nodeTag(node)) {
        case T_InsertStmt:
            change = in_with(castNode(InsertStmt, node)->withClause);
            change.verb = "INSERT";
            add(change.tables, castNode(InsertStmt, node)->relation);
            break;
        case T_UpdateStmt:
            change = in_with(castNode(UpdateStmt, node)->withClause);
            change.verb = "UPDATE";
            add(change.tables, castNode(UpdateStmt, node)->relation);
            break;
        case T_DeleteStmt:
            change = in_with(castNode(DeleteStmt, node)->withClause);
            change.verb = "DELETE";
            add(change.tables, castNode(DeleteStmt, node)->relation);
            break;
        case T_SelectStmt:
            return in_with(castNode(SelectStmt, node)->withClause);
        case T_TruncateStmt: {
            change.verb = "TRUNCATE";
            ListCell *cell;
            foreach (cell, castNode(TruncateStmt, node)->relations)
                add(change.tables, lfirst_node(RangeVar, cell));
            if (castNode(TruncateStmt, node)->behavior == DROP_CASCADE)
                add_referencing(change.tables);
            break;
        }
        case T_CopyStmt:
            if (!castNode(CopyStmt, node)->is_from) break;
            change.verb = "COPY";
            add(change.tables, castNode(CopyStmt, node)->relation);
            break;
        case T_AlterTableStmt:
            return converting(castNode(AlterTableStmt, node));
        default:
            if (const RangeVar *const target = compat::merge_target(node)) {
                change.verb = "MERGE";
                add(change.tables, target);
            }
            break;
    }
    return change;
}

DroppedData find_dropped_data(::Node *node) {
    DroppedData dropped;
    ListCell *cell;
    if (IsA(node, DropStmt)) {
        auto const *drop = castNode(DropStmt, node);
        foreach (cell, drop->objects) {
            if (drop->removeType == OBJECT_TABLE)
                add(dropped.tables, range_var(lfirst_node(List, cell)));
            else if (drop->removeType == OBJECT_SCHEMA && drop->behavior == DROP_CASCADE)
                dropped.schemas.emplace_back(strVal(lfirst(cell)));
        }
    } else if (IsA(node, AlterTableStmt)) {
        auto const *alter = castNode(AlterTableStmt, node);
        if (alter->objtype != OBJECT_TABLE) return dropped;
        dropped.table = find(alter->relation);
        foreach (cell, alter->cmds) {
            auto const *command = lfirst_node(AlterTableCmd, cell);
            if (command->subtype == AT_DropColumn)
                dropped.columns.emplace_back(command->name);
            else
                dropped.more = true;
        }
        if (dropped.columns.empty() || !OidIsValid(dropped.table)) return {};
    }
    return dropped;
}

}  // namespace migrate::pg
