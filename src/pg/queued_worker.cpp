#include "pg/queued_worker.hpp"

#include "pg/background.hpp"
#include "pg/session.hpp"

extern "C" {
#include "postmaster/bgworker.h"
#include "storage/lmgr.h"
#include "storage/lock.h"
#include "storage/proc.h"
}

namespace migrate::pg {

namespace {

// Travels in the server's own record of the worker, which outlives the session that made it.
struct Start {
    Oid database;
    Oid user;
    std::int64_t run;
    VirtualTransactionId transaction;
};
static_assert(sizeof(Start) <= BGW_EXTRALEN);

}  // namespace

Oid authenticated_user() {
    return GetAuthenticatedUserId();
}

void start_queued_worker(std::int64_t run, Oid user, bool after_commit) {
    call([&] {
        BackgroundWorker worker;
        describe_worker(worker, "migrate_queued_main");
        Start start{MyDatabaseId, user, run, {}};
        SetInvalidVirtualTransactionId(start.transaction);
        if (after_commit) GET_VXID_FROM_PGPROC(start.transaction, *MyProc);
        memcpy(worker.bgw_extra, &start, sizeof start);
        if (!RegisterDynamicBackgroundWorker(&worker, nullptr)) fail_no_worker();
    });
}

QueuedProcess::QueuedProcess() : run_(0) {
    Start start{};
    memcpy(&start, MyBgworkerEntry->bgw_extra, sizeof start);
    run_ = start.run;
    connect_worker(start.database, start.user);
    if (!VirtualTransactionIdIsValid(start.transaction)) return;
    begin_transaction();
    call([&] { VirtualXactLock(start.transaction, true); });
    commit_transaction();
}

}  // namespace migrate::pg
