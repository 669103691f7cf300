#include "pg/procedure.hpp"

extern "C" {
#include "access/xact.h"
#include "executor/spi.h"
#include "nodes/parsenodes.h"
#include "utils/portal.h"
#include "utils/snapmgr.h"
}

namespace migrate::pg {

namespace {

// SPI knows how to end a transaction below a CALL that goes on.
void end_transaction(void (*end)()) {
    call([&] {
        MemoryContext const memory = CurrentMemoryContext;
        if (SPI_connect_ext(SPI_OPT_NONATOMIC) != SPI_OK_CONNECT) elog(ERROR, "SPI_connect failed");
        PG_TRY();
        { end(); }
        PG_CATCH();  // what is deferred to the commit has failed; the next transaction has begun
        {
            SPI_finish();
            MemoryContextSwitchTo(memory);
            PG_RE_THROW();
        }
        PG_END_TRY();
        // REPEATABLE READ as the default would keep the first snapshot, and with it a concurrent
        // index build, until the end.
        XactIsoLevel = XACT_READ_COMMITTED;
        SPI_finish();
        MemoryContextSwitchTo(memory);
    });
}

// What failed leaves its connections to SPI open, and whatever functions it was in leave theirs.
// All of them are atomic; one that may end transactions belongs to who called the procedure.
void end_failed_connections() {
    call([] {
        if (IsSubTransaction()) return;  // which SPI_rollback() refuses
        MemoryContext const memory = CurrentMemoryContext;
        while (!SPI_inside_nonatomic_context() && SPI_finish() == SPI_OK_FINISH) continue;
        MemoryContextSwitchTo(memory);
    });
}

}  // namespace

void commit_procedure(FunctionCallInfo fcinfo, const char *name) {
    if (fcinfo->context == nullptr || !IsA(fcinfo->context, CallContext) ||
        castNode(CallContext, fcinfo->context)->atomic)
        throw core::Error(core::Code::transaction_block,
                          fmt::format("{} needs to run outside of a transaction block", name), {},
                          "CALL it as a statement of its own, with autocommit on.");
    commit_and_begin();
}

void commit_and_begin() {
    end_transaction(SPI_commit);
}

// The snapshots of what has failed are still there, and SPI expects none but the portal's.
void roll_back_and_begin() {
    end_failed_connections();
    end_transaction([] {
        while (ActiveSnapshotSet() && GetActiveSnapshot() != ActivePortal->portalSnapshot)
            PopActiveSnapshot();
        SPI_rollback();
    });
}

}  // namespace migrate::pg
