#include "pg/exemption.hpp"

extern "C" {
#include "access/xact.h"
#include "catalog/pg_proc.h"
#include "executor/spi.h"
#include "nodes/nodeFuncs.h"
#include "nodes/plannodes.h"
#include "storage/lwlock.h"
#include "storage/proc.h"
#include "utils/lsyscache.h"
#include "utils/portal.h"
#include "utils/syscache.h"
}

namespace migrate::pg {

namespace {

struct Allowed {
    Oid function;  // ours
};

bool is_foreign(Oid function, void *allowed) {
    return function != static_cast<Allowed *>(allowed)->function &&
           func_volatile(function) != PROVOLATILE_IMMUTABLE;
}

// Whether an expression calls what could read a table. The in and out functions of types do not.
bool calls_foreign(::Node *node, void *allowed) {
    if (node == nullptr) return false;
    if (IsA(node, SubPlan) || IsA(node, NextValueExpr)) return true;
    if (!IsA(node, CoerceViaIO) && check_functions_in_node(node, is_foreign, allowed)) return true;
    return compat::walk_expression(node, calls_foreign, allowed);
}

bool is_simple(Plan *plan, Allowed *allowed) {
    ::Node *own = nullptr;  // the expressions that only this kind of node has
    switch (nodeTag(plan)) {
        case T_FunctionScan:
            own = reinterpret_cast<::Node *>(reinterpret_cast<FunctionScan *>(plan)->functions);
            break;
        case T_Result:
            own = reinterpret_cast<Result *>(plan)->resconstantqual;
            break;
        case T_ProjectSet:
        case T_Sort:
        case T_Agg:
        case T_Limit:
        case T_Material:
            break;
        default:
            return false;
    }
    return plan->initPlan == NIL && plan->righttree == nullptr && !calls_foreign(own, allowed) &&
           !calls_foreign(reinterpret_cast<::Node *>(plan->targetlist), allowed) &&
           !calls_foreign(reinterpret_cast<::Node *>(plan->qual), allowed);
}

bool reads_nothing(const PlannedStmt *statement, Oid function) {
    // Functions are recorded too, but with their arguments they are looked at below.
    ListCell *cell;
    foreach (cell, statement->invalItems)
        if (static_cast<PlanInvalItem *>(lfirst(cell))->cacheId != PROCOID) return false;
    Allowed allowed{function};
    for (Plan *plan = statement->planTree; plan != nullptr; plan = plan->lefttree)
        if (!is_simple(plan, &allowed)) return false;
    return statement->relationOids == NIL && statement->subplans == NIL;
}

void mark(bool on) {
    LWLockAcquire(ProcArrayLock, LW_EXCLUSIVE);
    if (on)
        MyProc->statusFlags |= PROC_IN_SAFE_IC;
    else
        MyProc->statusFlags &= ~PROC_IN_SAFE_IC;
    ProcGlobal->statusFlags[MyProc->pgxactoff] = MyProc->statusFlags;
    LWLockRelease(ProcArrayLock);
}

}  // namespace

bool called_from_function() {
    // The one question about SPI's state that has an answer and no effect.
    return call([] { return SPI_unregister_relation("") != SPI_ERROR_UNCONNECTED; });
}

bool may_be_exempt(FunctionCallInfo fcinfo) {
    if (called_from_function()) return false;
    return call([&] {
        if (IsInTransactionBlock(true) || XactIsoLevel != XACT_READ_COMMITTED) return false;
        if (ActivePortal == nullptr || list_length(ActivePortal->stmts) != 1) return false;
        auto *plan = static_cast<PlannedStmt *>(linitial(ActivePortal->stmts));
        return plan->commandType == CMD_SELECT && plan->utilityStmt == nullptr &&
               !plan->hasModifyingCTE && plan->rowMarks == NIL &&
               reads_nothing(plan, fcinfo->flinfo->fn_oid);
    });
}

SnapshotExemption::SnapshotExemption(bool wanted)
    : set_(wanted && (MyProc->statusFlags & PROC_IN_SAFE_IC) == 0) {
    if (set_) call([] { mark(true); });
}

SnapshotExemption::~SnapshotExemption() {
    if (set_) mark(false);  // LWLocks do not raise
}

}  // namespace migrate::pg
