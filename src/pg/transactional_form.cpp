#include "pg/transactional_form.hpp"

extern "C" {
#include "catalog/namespace.h"
#include "nodes/makefuncs.h"
#include "nodes/parsenodes.h"
#include "nodes/value.h"
#include "utils/lsyscache.h"
}

namespace migrate::pg {

namespace {

void remove_option(List *&options, const char *name) {
    ListCell *cell;
    foreach (cell, options)
        if (strcmp(static_cast<DefElem *>(lfirst(cell))->defname, name) == 0)
            options = foreach_delete_current(options, cell);
}

void set_option(List *&options, const char *name, bool value) {
    remove_option(options, name);
    options = lappend(
        options,
        makeDefElem(pstrdup(name),
                    reinterpret_cast<::Node *>(makeString(pstrdup(value ? "true" : "false"))), -1));
}

void detach_at_once(AlterTableStmt *statement) {
    ListCell *cell;
    foreach (cell, statement->cmds) {
        auto *command = static_cast<AlterTableCmd *>(lfirst(cell));
        if (command->subtype == AT_DetachPartition)
            reinterpret_cast<PartitionCmd *>(command->def)->concurrent = false;
    }
}

[[noreturn]] void refuse() {
    ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                    errmsg("this statement is about more than the schema of this database"),
                    errhint("Leave it out.")));
}

}  // namespace

bool make_transactional(::Node *statement) {
    switch (nodeTag(statement)) {
        case T_IndexStmt:
            castNode(IndexStmt, statement)->concurrent = false;
            return true;
        case T_DropStmt:
            castNode(DropStmt, statement)->concurrent = false;
            return true;
        case T_AlterTableStmt:
            detach_at_once(castNode(AlterTableStmt, statement));
            return true;
        case T_CreateSubscriptionStmt: {
            auto *create = castNode(CreateSubscriptionStmt, statement);
            for (const char *name : {"create_slot", "copy_data", "enabled"})
                remove_option(create->options, name);
            set_option(create->options, "connect", false);
            return true;
        }
        case T_AlterSubscriptionStmt: {
            auto *alter = castNode(AlterSubscriptionStmt, statement);
            if (alter->kind == ALTER_SUBSCRIPTION_REFRESH) return false;
            if (alter->kind == ALTER_SUBSCRIPTION_SET_PUBLICATION ||
                alter->kind == ALTER_SUBSCRIPTION_ADD_PUBLICATION ||
                alter->kind == ALTER_SUBSCRIPTION_DROP_PUBLICATION)
                set_option(alter->options, "refresh", false);
            return true;
        }
        case T_ReindexStmt:
        case T_VacuumStmt:
            return false;
        case T_ClusterStmt: {
            // It marks the index; a partitioned table cannot be done in a transaction.
            RangeVar *const relation = castNode(ClusterStmt, statement)->relation;
            if (relation == nullptr) return false;
            Oid const oid = RangeVarGetRelid(relation, NoLock, true);
            return !OidIsValid(oid) || get_rel_relkind(oid) != RELKIND_PARTITIONED_TABLE;
        }
        case T_CreatedbStmt:
        case T_DropdbStmt:
        case T_AlterSystemStmt:
        case T_CreateTableSpaceStmt:
        case T_DropTableSpaceStmt:
            refuse();
        default:
            return true;
    }
}

}  // namespace migrate::pg
