#include "pg/execute.hpp"

extern "C" {
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "parser/analyze.h"
#include "pgstat.h"
#include "storage/proc.h"
#include "tcop/pquery.h"
#include "tcop/tcopprot.h"
#include "tcop/utility.h"
#include "utils/portal.h"
#include "utils/snapmgr.h"
#include "utils/timeout.h"
}

namespace migrate::pg {

namespace {

struct AssertionReceiver {
    DestReceiver receiver;
    bool boolean;
    bool failed;
};

bool assertion_row(TupleTableSlot *slot, DestReceiver *self) {
    auto *state = reinterpret_cast<AssertionReceiver *>(self);
    if (state->boolean) {
        bool is_null;
        Datum const value = slot_getattr(slot, 1, &is_null);
        if (is_null || !DatumGetBool(value)) state->failed = true;
    }
    return true;
}

void assertion_start(DestReceiver *self, int, TupleDesc desc) {
    reinterpret_cast<AssertionReceiver *>(self)->boolean =
        desc->natts > 0 && TupleDescAttr(desc, 0)->atttypid == BOOLOID;
}

void assertion_nothing(DestReceiver *) {}

}  // namespace

bool execute_nested(RawStmt *raw, const char *source, bool assertion) {
    AssertionReceiver state = {
        {assertion_row, assertion_start, assertion_nothing, assertion_nothing, DestNone},
        false,
        false};
    DestReceiver *const receiver = assertion ? &state.receiver : None_Receiver;
    MemoryContext const memory =
        AllocSetContextCreate(CurrentMemoryContext, "migrate statement", ALLOCSET_DEFAULT_SIZES);
    MemoryContext const outer = MemoryContextSwitchTo(memory);

    CHECK_FOR_INTERRUPTS();
    CommandCounterIncrement();
    bool const needs_snapshot = analyze_requires_snapshot(raw);
    if (needs_snapshot) PushActiveSnapshot(GetTransactionSnapshot());
    List *const queries = compat::analyze_and_rewrite(raw, source);
    List *const plans = pg_plan_queries(queries, source, CURSOR_OPT_PARALLEL_OK, nullptr);
    if (needs_snapshot) PopActiveSnapshot();
    ListCell *cell;
    foreach (cell, plans) {
        auto *plan = static_cast<PlannedStmt *>(lfirst(cell));
        CommandCounterIncrement();
        PushActiveSnapshot(GetTransactionSnapshot());
        if (plan->utilityStmt == nullptr) {
            QueryDesc *desc = CreateQueryDesc(plan, source, GetActiveSnapshot(), nullptr, receiver,
                                              nullptr, nullptr, 0);
            ExecutorStart(desc, 0);
            compat::executor_run(desc);
            ExecutorFinish(desc);
            ExecutorEnd(desc);
            FreeQueryDesc(desc);
        } else {
            ProcessUtility(plan, source, false, PROCESS_UTILITY_QUERY, nullptr, nullptr, receiver,
                           nullptr);
        }
        PopActiveSnapshot();
    }
    CommandCounterIncrement();
    MemoryContextSwitchTo(outer);
    MemoryContextDelete(memory);
    return !state.failed;
}

void execute_top_level(RawStmt *raw, const char *source, const char *own) {
    // Statements that commit inside (CREATE INDEX CONCURRENTLY, CALL) must not lose their tree.
    MemoryContext const memory =
        AllocSetContextCreate(CurrentMemoryContext, "migrate statement", ALLOCSET_DEFAULT_SIZES);
    debug_query_string = own;
    SetCurrentStatementStartTimestamp();
    pgstat_report_activity(STATE_RUNNING, own);
    StartTransactionCommand();
    if (StatementTimeout > 0) enable_timeout_after(STATEMENT_TIMEOUT, StatementTimeout);
    CHECK_FOR_INTERRUPTS();

    MemoryContext const outer = MemoryContextSwitchTo(memory);
    bool const needs_snapshot = analyze_requires_snapshot(raw);
    if (needs_snapshot) PushActiveSnapshot(GetTransactionSnapshot());
    CommandTag const tag = CreateCommandTag(raw->stmt);
    List *const queries = compat::analyze_and_rewrite(raw, source);
    List *const plans = pg_plan_queries(queries, source, CURSOR_OPT_PARALLEL_OK, nullptr);
    if (needs_snapshot) PopActiveSnapshot();

    Portal const portal = CreatePortal("", true, true);
    portal->visible = false;
    PortalDefineQuery(portal, nullptr, source, tag, plans, nullptr);
    PortalStart(portal, nullptr, 0, InvalidSnapshot);
    MemoryContextSwitchTo(outer);
    compat::portal_run_top_level(portal, None_Receiver);
    PortalDrop(portal, false);

    disable_timeout(STATEMENT_TIMEOUT, false);
    CommitTransactionCommand();
    pgstat_report_stat(false);
    pgstat_report_activity(STATE_IDLE, nullptr);
    debug_query_string = nullptr;
    MemoryContextDelete(memory);
}

void forget_top_level() {
    debug_query_string = nullptr;
    disable_timeout(STATEMENT_TIMEOUT, false);
}

}  // namespace migrate::pg
