#include "pg/constraint_form.hpp"

extern "C" {
#include "access/table.h"
#include "nodes/parsenodes.h"
#include "nodes/value.h"
#include "optimizer/optimizer.h"
#include "parser/parse_coerce.h"
#include "parser/parse_collate.h"
#include "parser/parse_expr.h"
#include "parser/parse_node.h"
#include "parser/parse_relation.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
}

namespace migrate::pg {

namespace {

Constraint *added_constraint(const Utility &statement) {
    auto *alter = castNode(AlterTableStmt, statement.node());
    return castNode(Constraint, castNode(AlterTableCmd, linitial(alter->cmds))->def);
}

// After cookConstraint() of heap.c.
::Node *analyzed(const Utility &statement, Oid table) {
    Relation const relation = table_open(table, AccessShareLock);
    ParseState *const state = make_parsestate(nullptr);
    state->p_sourcetext = statement.source();
    ParseNamespaceItem *const item =
        addRangeTableEntryForRelation(state, relation, AccessShareLock, nullptr, false, true);
    addNSItemToQuery(state, item, true, true, true);
    auto *raw = static_cast<::Node *>(copyObjectImpl(added_constraint(statement)->raw_expr));
    ::Node *expression = transformExpr(state, raw, EXPR_KIND_CHECK_CONSTRAINT);
    expression = coerce_to_boolean(state, expression, "CHECK");
    assign_expr_collations(state, expression);
    table_close(relation, NoLock);
    return expression;
}

}  // namespace

bool same_check(const Utility &statement, Oid table, const std::string &conbin) {
    return statement.look([&] {
        return equal(analyzed(statement, table), stringToNode(const_cast<char *>(conbin.c_str())));
    });
}

std::string check_column(const Utility &statement, Oid table) {
    return statement.look([&] {
        AttrNumber column = InvalidAttrNumber;
        ListCell *cell;
        foreach (cell, pull_var_clause(analyzed(statement, table), 0)) {
            auto *var = lfirst_node(Var, cell);
            if (var->varattno <= 0 || (column != InvalidAttrNumber && column != var->varattno))
                return "";
            column = var->varattno;
        }
        if (column == InvalidAttrNumber) return "";
        return static_cast<const char *>(get_attname(table, column, false));
    });
}

ForeignKeyForm foreign_key_form(const Utility &statement) {
    Constraint const *key = added_constraint(statement);
    ForeignKeyForm form{key->fk_upd_action, key->fk_del_action, key->fk_matchtype,
                        key->deferrable,    key->initdeferred,  {}};
    ListCell *cell;
    foreach (cell, compat::set_columns(key)) form.set_columns.emplace_back(strVal(lfirst(cell)));
    return form;
}

}  // namespace migrate::pg
