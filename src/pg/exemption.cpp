#include "pg/exemption.hpp"

extern "C" {
#include "access/xact.h"
#include "nodes/plannodes.h"
#include "storage/lwlock.h"
#include "storage/proc.h"
#include "utils/portal.h"
#include "utils/syscache.h"
}

namespace migrate::pg {

namespace {

// The planner records every function of the statement that is not PostgreSQL's own.
bool calls_only(const PlannedStmt *plan, Oid function) {
    std::uint32_t const ours = GetSysCacheHashValue1(PROCOID, ObjectIdGetDatum(function));
    ListCell *cell;
    foreach (cell, plan->invalItems) {
        auto *item = static_cast<PlanInvalItem *>(lfirst(cell));
        if (item->cacheId == PROCOID && item->hashValue != ours) return false;
    }
    return true;
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

bool may_be_exempt(FunctionCallInfo fcinfo) {
    return call([&] {
        if (IsInTransactionBlock(true) || XactIsoLevel != XACT_READ_COMMITTED) return false;
        if (ActivePortal == nullptr || list_length(ActivePortal->stmts) != 1) return false;
        auto *plan = static_cast<PlannedStmt *>(linitial(ActivePortal->stmts));
        return plan->commandType == CMD_SELECT && plan->utilityStmt == nullptr &&
               !plan->hasModifyingCTE && plan->rowMarks == NIL && plan->relationOids == NIL &&
               calls_only(plan, fcinfo->flinfo->fn_oid);
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
