#include "pg/lock_plan.hpp"

#include "pg/lock_collector.hpp"

extern "C" {
#include "catalog/heap.h"
#include "catalog/index.h"
#include "catalog/namespace.h"
#include "catalog/partition.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "commands/defrem.h"
#include "commands/tablecmds.h"
#include "nodes/parsenodes.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"
}

namespace migrate::pg {

namespace {

// What the statements mean for relations.
class Collector : private LockCollector {
 public:
    void visit(::Node *node);
    using LockCollector::found;

 private:
    void alter_table(AlterTableStmt *statement);
    void alter_command(Oid table, AlterTableCmd *command);
    void constraint(Constraint *definition);
    void columns(List *elements);
    void drop(DropStmt *statement);
    void drop_relation(Oid relation, ObjectType type, bool cascade);
    void create_table(CreateStmt *statement);
    void rename(RenameStmt *statement);
    void reindex(ReindexStmt *statement);
    void truncate(TruncateStmt *statement);
    void comment(ObjectType type, ::Node *object);
    void relations(List *names, LOCKMODE mode);
};

void Collector::constraint(Constraint *definition) {
    if (definition->contype == CONSTR_FOREIGN)
        add(find(definition->pktable), ShareRowExclusiveLock, ACL_REFERENCES);
}

void Collector::columns(List *elements) {
    ListCell *cell;
    foreach (cell, elements) {
        auto *element = static_cast<::Node *>(lfirst(cell));
        if (IsA(element, Constraint)) constraint(castNode(Constraint, element));
        if (!IsA(element, ColumnDef)) continue;
        ListCell *own;
        foreach (own, castNode(ColumnDef, element)->constraints)
            constraint(lfirst_node(Constraint, own));
    }
}

void Collector::alter_command(Oid table, AlterTableCmd *command) {
    switch (command->subtype) {
        case AT_AddConstraint:
            constraint(castNode(Constraint, command->def));
            break;
        case AT_AddColumn:
            columns(list_make1(command->def));
            break;
        case AT_DropConstraint:
            foreign_keys(table, command->name, nullptr);
            if (command->behavior == DROP_CASCADE) foreign_keys(table, nullptr, nullptr);
            break;
        case AT_DropColumn:
        case AT_AlterColumnType:  // foreign keys of the column are made again
            foreign_keys(table, nullptr, command->name);
            break;
        case AT_AttachPartition:
        case AT_DetachPartition:
            partition(table, reinterpret_cast<PartitionCmd *>(command->def)->name,
                      command->subtype == AT_AttachPartition ? ShareUpdateExclusiveLock
                                                             : AccessExclusiveLock);
            break;
        case AT_AddInherit:
            add(find(reinterpret_cast<RangeVar *>(command->def)), ShareUpdateExclusiveLock);
            break;
        default:
            break;
    }
}

void Collector::alter_table(AlterTableStmt *statement) {
    Oid const table = find(statement->relation);
    if (!OidIsValid(table)) return;
    LOCKMODE const mode = AlterTableGetLockLevel(statement->cmds);
    bool children = statement->relation->inh;
    ListCell *cell;
    foreach (cell, statement->cmds) {
        auto *command = lfirst_node(AlterTableCmd, cell);
        alter_command(table, command);
        // These concern the parent and one child.
        if (command->subtype == AT_AttachPartition || command->subtype == AT_DetachPartition)
            children = false;
    }
    add_with_children(table, mode, children);
}

void Collector::create_table(CreateStmt *statement) {
    columns(statement->tableElts);
    columns(statement->constraints);
    ListCell *cell;
    foreach (cell, statement->inhRelations) {
        Oid const parent = find(lfirst_node(RangeVar, cell));
        if (statement->partbound != nullptr)
            partition(parent, nullptr, AccessExclusiveLock);
        else
            add(parent, ShareUpdateExclusiveLock);
    }
}

void Collector::drop_relation(Oid relation, ObjectType type, bool cascade) {
    if (!OidIsValid(relation)) return;
    if (type == OBJECT_INDEX) add(IndexGetRelation(relation, true), AccessExclusiveLock);
    if (type == OBJECT_TABLE) {
        foreign_keys(relation, nullptr, nullptr);
        if (get_rel_relispartition(relation))
            partition(get_partition_parent(relation, true), nullptr, AccessExclusiveLock);
    }
    // Partitions go with their parent, and with CASCADE whatever inherits.
    bool const children = cascade || get_rel_relkind(relation) == RELKIND_PARTITIONED_TABLE;
    add_with_children(relation, AccessExclusiveLock, type == OBJECT_TABLE && children);
}

void Collector::drop(DropStmt *statement) {
    if (statement->concurrent) return;
    ListCell *cell;
    foreach (cell, statement->objects) {
        switch (statement->removeType) {
            case OBJECT_TABLE:
            case OBJECT_INDEX:
            case OBJECT_VIEW:
            case OBJECT_MATVIEW:
            case OBJECT_SEQUENCE:
            case OBJECT_FOREIGN_TABLE:
                drop_relation(find(makeRangeVarFromNameList(lfirst_node(List, cell))),
                              statement->removeType, statement->behavior == DROP_CASCADE);
                break;
            case OBJECT_TRIGGER:
            case OBJECT_RULE:
            case OBJECT_POLICY: {
                List *const name = list_truncate(list_copy(lfirst_node(List, cell)),
                                                 list_length(lfirst_node(List, cell)) - 1);
                if (name != NIL) add(find(makeRangeVarFromNameList(name)), AccessExclusiveLock);
                break;
            }
            default:
                break;
        }
    }
}

void Collector::rename(RenameStmt *statement) {
    if (statement->relation == nullptr) return;
    Oid const relation = find(statement->relation);
    if (statement->renameType == OBJECT_INDEX ||
        (OidIsValid(relation) && statement->renameType == OBJECT_TABLE &&
         get_rel_relkind(relation) == RELKIND_INDEX))
        return add(relation, ShareUpdateExclusiveLock);
    bool const children =
        statement->relation->inh &&
        (statement->renameType == OBJECT_COLUMN || statement->renameType == OBJECT_TABCONSTRAINT);
    add_with_children(relation, AccessExclusiveLock, children);
}

void Collector::reindex(ReindexStmt *statement) {
    if (statement->relation == nullptr) return;
    ListCell *cell;
    foreach (cell, statement->params) {
        auto *element = lfirst_node(DefElem, cell);
        if (strcmp(element->defname, "concurrently") == 0 && defGetBoolean(element)) return;
    }
    Oid const relation = find(statement->relation);
    if (!OidIsValid(relation)) return;
    if (statement->kind != REINDEX_OBJECT_INDEX) {
        add(relation, ShareLock);
        foreach (cell, indexes_of(relation)) add(lfirst_oid(cell), AccessExclusiveLock);
        return;
    }
    if (get_rel_relkind(relation) != RELKIND_INDEX) return;  // partitioned: one after another
    add(IndexGetRelation(relation, true), ShareLock);
    add(relation, AccessExclusiveLock);
}

void Collector::truncate(TruncateStmt *statement) {
    List *tables = NIL;
    ListCell *cell;
    foreach (cell, statement->relations) {
        auto *name = lfirst_node(RangeVar, cell);
        Oid const table = find(name);
        if (!OidIsValid(table)) continue;
        tables =
            list_concat_unique_oid(tables, name->inh ? find_all_inheritors(table, NoLock, nullptr)
                                                     : list_make1_oid(table));
    }
    if (statement->behavior == DROP_CASCADE)
        for (List *more = tables; more != NIL;) {
            more = heap_truncate_find_FKs(tables);
            tables = list_concat_unique_oid(tables, more);
        }
    foreach (cell, tables) add(lfirst_oid(cell), AccessExclusiveLock, ACL_TRUNCATE);
}

void Collector::comment(ObjectType type, ::Node *object) {
    if (object == nullptr || !IsA(object, List)) return;
    List *name = castNode(List, object);
    switch (type) {
        case OBJECT_COLUMN:
            name = list_truncate(list_copy(name), list_length(name) - 1);
            break;
        case OBJECT_TABLE:
        case OBJECT_VIEW:
        case OBJECT_MATVIEW:
        case OBJECT_INDEX:
        case OBJECT_SEQUENCE:
        case OBJECT_FOREIGN_TABLE:
            break;
        default:
            return;
    }
    if (name != NIL && list_length(name) <= 3)
        add(find(makeRangeVarFromNameList(name)), ShareUpdateExclusiveLock);
}

void Collector::relations(List *names, LOCKMODE mode) {
    ListCell *cell;
    foreach (cell, names)
        if (IsA(lfirst(cell), RangeVar)) {
            auto *name = lfirst_node(RangeVar, cell);
            add_with_children(find(name), mode, name->inh);
        }
}

void Collector::visit(::Node *node) {
    switch (nodeTag(node)) {
        case T_AlterTableStmt:
            return alter_table(castNode(AlterTableStmt, node));
        case T_CreateStmt:
            return create_table(castNode(CreateStmt, node));
        case T_CreateForeignTableStmt:
            return create_table(&reinterpret_cast<CreateForeignTableStmt *>(node)->base);
        case T_DropStmt:
            return drop(castNode(DropStmt, node));
        case T_RenameStmt:
            return rename(castNode(RenameStmt, node));
        case T_AlterObjectSchemaStmt:
            return add(find(castNode(AlterObjectSchemaStmt, node)->relation), AccessExclusiveLock);
        case T_TruncateStmt:
            return truncate(castNode(TruncateStmt, node));
        case T_IndexStmt: {
            auto *index = castNode(IndexStmt, node);
            if (!index->concurrent)
                add_with_children(find(index->relation), ShareLock, index->relation->inh);
            return;
        }
        case T_ReindexStmt:
            return reindex(castNode(ReindexStmt, node));
        case T_ClusterStmt:
            return add(find(castNode(ClusterStmt, node)->relation), AccessExclusiveLock);
        case T_RefreshMatViewStmt: {
            auto *refresh = castNode(RefreshMatViewStmt, node);
            return add(find(refresh->relation),
                       refresh->concurrent ? ExclusiveLock : AccessExclusiveLock);
        }
        case T_CreateTrigStmt: {
            auto *trigger = castNode(CreateTrigStmt, node);
            Oid const table = find(trigger->relation);
            add(table, ShareRowExclusiveLock, ACL_TRIGGER);
            if (OidIsValid(table) && get_rel_relkind(table) == RELKIND_PARTITIONED_TABLE)
                add_with_children(table, ShareRowExclusiveLock, trigger->row);
            return;
        }
        case T_RuleStmt:
            return add(find(castNode(RuleStmt, node)->relation), AccessExclusiveLock);
        case T_ViewStmt:
            if (castNode(ViewStmt, node)->replace)
                add(find(castNode(ViewStmt, node)->view), AccessExclusiveLock);
            return;
        case T_CreatePolicyStmt:
            return add(find(castNode(CreatePolicyStmt, node)->table), AccessExclusiveLock);
        case T_AlterPolicyStmt:
            return add(find(castNode(AlterPolicyStmt, node)->table), AccessExclusiveLock);
        case T_AlterSeqStmt:
            return add(find(castNode(AlterSeqStmt, node)->sequence), ShareRowExclusiveLock);
        case T_CommentStmt:
            return comment(castNode(CommentStmt, node)->objtype,
                           castNode(CommentStmt, node)->object);
        case T_SecLabelStmt:
            return comment(castNode(SecLabelStmt, node)->objtype,
                           castNode(SecLabelStmt, node)->object);
        case T_CreateStatsStmt:
            return relations(castNode(CreateStatsStmt, node)->relations, ShareUpdateExclusiveLock);
        case T_LockStmt:
            return relations(castNode(LockStmt, node)->relations, castNode(LockStmt, node)->mode);
        case T_VacuumStmt: {  // ANALYZE
            ListCell *cell;
            foreach (cell, castNode(VacuumStmt, node)->rels)
                add(find(lfirst_node(VacuumRelation, cell)->relation), ShareUpdateExclusiveLock);
            return;
        }
        case T_InsertStmt:
            return add(find(castNode(InsertStmt, node)->relation), RowExclusiveLock, ACL_INSERT);
        case T_UpdateStmt:
            return add(find(castNode(UpdateStmt, node)->relation), RowExclusiveLock, ACL_UPDATE);
        case T_DeleteStmt:
            return add(find(castNode(DeleteStmt, node)->relation), RowExclusiveLock, ACL_DELETE);
        default:
            return;
    }
}

// One mode that conflicts with all that either does: these two are not one above the other.
LOCKMODE both(LOCKMODE a, LOCKMODE b) {
    if (std::min(a, b) == ShareUpdateExclusiveLock && std::max(a, b) == ShareLock)
        return ShareRowExclusiveLock;
    return std::max(a, b);
}

void merge(RelationLocks &locks, Oid relation, LOCKMODE mode) {
    auto const at =
        std::lower_bound(locks.begin(), locks.end(), relation,
                         [](const RelationLock &lock, Oid other) { return lock.relation < other; });
    if (at != locks.end() && at->relation == relation)
        at->mode = both(at->mode, mode);
    else
        locks.insert(at, {relation, mode});
}

}  // namespace

void add_locks(::Node *statement, RelationLocks &locks) {
    List *const found = call([&] {
        Collector collector;
        collector.visit(statement);
        return collector.found;
    });
    ListCell *cell;
    foreach (cell, found) {
        auto const *wanted = static_cast<WantedLock *>(lfirst(cell));
        merge(locks, wanted->relation, wanted->mode);
    }
    call([&] { list_free_deep(found); });
}

void add_exclusive_lock(Oid relation, RelationLocks &locks) {
    bool const may = call([&] { return LockCollector::may_lock(relation, ACL_REFERENCES); });
    if (may) merge(locks, relation, AccessExclusiveLock);
}

}  // namespace migrate::pg
