#include "pg/statement_kind.hpp"

extern "C" {
#include "commands/defrem.h"
#include "nodes/parsenodes.h"
#include "nodes/value.h"
}

namespace migrate::pg {

namespace {

bool option(List *options, const char *name, bool otherwise) {
    ListCell *cell;
    foreach (cell, options) {
        auto *element = static_cast<DefElem *>(lfirst(cell));
        if (strcmp(element->defname, name) == 0) return defGetBoolean(element);
    }
    return otherwise;
}

bool has_option(List *options, const char *name) {
    ListCell *cell;
    foreach (cell, options)
        if (strcmp(static_cast<DefElem *>(lfirst(cell))->defname, name) == 0) return true;
    return false;
}

// A slot is made, dropped or asked for over a connection: never in a transaction block.
bool subscription_connects(const CreateSubscriptionStmt *statement) {
    bool const connect = option(statement->options, "connect", true);
    return option(statement->options, "create_slot", connect);
}

bool subscription_refreshes(const AlterSubscriptionStmt *statement) {
    switch (statement->kind) {
        case ALTER_SUBSCRIPTION_REFRESH:
            return true;
        case ALTER_SUBSCRIPTION_SET_PUBLICATION:
        case ALTER_SUBSCRIPTION_ADD_PUBLICATION:
        case ALTER_SUBSCRIPTION_DROP_PUBLICATION:
            return option(statement->options, "refresh", true);
        case ALTER_SUBSCRIPTION_OPTIONS:  // changes the slot on the other side
            return has_option(statement->options, "failover") ||
                   has_option(statement->options, "two_phase");
        default:
            return false;
    }
}

bool detaches_concurrently(const AlterTableStmt *statement) {
    ListCell *cell;
    foreach (cell, statement->cmds) {
        auto *command = static_cast<AlterTableCmd *>(lfirst(cell));
        if (command->subtype == AT_DetachPartition &&
            reinterpret_cast<PartitionCmd *>(command->def)->concurrent)
            return true;
        if (command->subtype == AT_DetachPartitionFinalize) return true;
    }
    return false;
}

bool moves_database(const AlterDatabaseStmt *statement) {
    return has_option(statement->options, "tablespace");
}

// Our own procedures that commit on their way and find by themselves where they stopped.
bool works_online(const CallStmt *statement) {
    static constexpr const char *names[] = {
        "backfill",   "purge",           "add_not_null", "add_check", "add_foreign_key",
        "add_unique", "add_primary_key", "create_index", "reindex",   "drop_index"};
    List *const name = statement->funccall->funcname;
    return list_length(name) == 2 && strcmp(strVal(linitial(name)), "migrate") == 0 &&
           std::any_of(std::begin(names), std::end(names), [&](const char *other) {
               return strcmp(strVal(lsecond(name)), other) == 0;
           });
}

// The callers of PreventInTransactionBlock in PostgreSQL 14 to 18. What depends on the catalogs
// (REINDEX of a partitioned table, a CALL that commits) is said with the directive no-transaction.
bool needs_top_level(::Node *node) {
    switch (nodeTag(node)) {
        case T_IndexStmt:
            return castNode(IndexStmt, node)->concurrent;
        case T_CallStmt:
            return works_online(castNode(CallStmt, node));
        case T_DropStmt:
            return castNode(DropStmt, node)->concurrent;
        case T_ReindexStmt: {
            auto *reindex = castNode(ReindexStmt, node);
            return reindex->relation == nullptr || option(reindex->params, "concurrently", false);
        }
        case T_AlterTableStmt:
            return detaches_concurrently(castNode(AlterTableStmt, node));
        case T_VacuumStmt:
            return castNode(VacuumStmt, node)->is_vacuumcmd;
        case T_ClusterStmt:
            return castNode(ClusterStmt, node)->relation == nullptr;
        case T_AlterDatabaseStmt:
            return moves_database(castNode(AlterDatabaseStmt, node));
        case T_CreateSubscriptionStmt:
            return subscription_connects(castNode(CreateSubscriptionStmt, node));
        case T_AlterSubscriptionStmt:
            return subscription_refreshes(castNode(AlterSubscriptionStmt, node));
        case T_DropSubscriptionStmt:
        case T_AlterSystemStmt:
        case T_CreatedbStmt:
        case T_DropdbStmt:
        case T_CreateTableSpaceStmt:
        case T_DropTableSpaceStmt:
            return true;
        default:
            return false;
    }
}

core::Repeat repetition(::Node *node, bool top_level) {
    switch (nodeTag(node)) {
        case T_IndexStmt:
            return top_level ? core::Repeat::build_index : core::Repeat::once;
        case T_DropStmt:
            return top_level ? core::Repeat::drop_index : core::Repeat::once;
        case T_ReindexStmt:
            return top_level ? core::Repeat::rebuild : core::Repeat::harmless;
        case T_VacuumStmt:
        case T_ClusterStmt:
        case T_AlterSystemStmt:
            return core::Repeat::harmless;
        case T_AlterTableStmt:
            return top_level ? core::Repeat::detach : core::Repeat::once;
        case T_CallStmt:
            return top_level ? core::Repeat::resume : core::Repeat::unknown;
        case T_DoStmt:
            return core::Repeat::unknown;
        default:
            return core::Repeat::once;
    }
}

void refuse(StatementKind &kind, ::Node *node) {
    switch (nodeTag(node)) {
        case T_TransactionStmt:
            kind.refusal = "a script cannot control transactions";
            kind.refusal_hint =
                "Leave BEGIN, COMMIT, ROLLBACK and SAVEPOINT out: every revision runs in a "
                "transaction, and statements that cannot do so run outside of one by themselves.";
            break;
        case T_CopyStmt: {
            auto *copy = castNode(CopyStmt, node);
            if (copy->filename != nullptr || copy->is_program) break;
            kind.refusal = copy->is_from ? "a script cannot run COPY ... FROM STDIN"
                                         : "a script cannot run COPY ... TO STDOUT";
            kind.refusal_hint = copy->is_from
                                    ? "Write the rows as INSERT ... VALUES."
                                    : "Write to a server-side file, or drop the statement.";
            break;
        }
        case T_VariableSetStmt: {
            auto *set = castNode(VariableSetStmt, node);
            if (set->kind != VAR_SET_MULTI || strcmp(set->name, "TRANSACTION") != 0) break;
            kind.refusal = "a script cannot set the characteristics of its transaction";
            kind.refusal_hint = "Set default_transaction_isolation before the run.";
            break;
        }
        case T_DiscardStmt:
            if (castNode(DiscardStmt, node)->target != DISCARD_ALL) break;
            kind.refusal = "a script cannot run DISCARD ALL";
            kind.refusal_hint = "Settings that a revision changes are put back at its end.";
            break;
        default:
            break;
    }
}

}  // namespace

StatementKind classify(::Node *node) {
    StatementKind kind;
    kind.top_level = needs_top_level(node);
    kind.repeat = repetition(node, kind.top_level);
    if (IsA(node, AlterEnumStmt) && castNode(AlterEnumStmt, node)->oldVal == nullptr)
        kind.enum_value = castNode(AlterEnumStmt, node)->newVal;
    kind.sets_session = IsA(node, VariableSetStmt) && !castNode(VariableSetStmt, node)->is_local;
    refuse(kind, node);
    return kind;
}

}  // namespace migrate::pg
