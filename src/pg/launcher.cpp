#include "pg/launcher.hpp"

#include "pg/background.hpp"
#include "pg/session.hpp"

extern "C" {
#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_database.h"
#include "commands/extension.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "utils/wait_event.h"
}

namespace migrate::pg {

namespace {

constexpr int kRestartSeconds = 5;

const char *visitor_entry = nullptr;

// The pages of autovacuum.c (get_database_list) have the pattern.
std::vector<Oid> databases() {
    std::vector<Oid> found;
    begin_transaction();
    Relation const catalog = call([] { return table_open(DatabaseRelationId, AccessShareLock); });
    SysScanDesc const scan =
        call([&] { return systable_beginscan(catalog, InvalidOid, false, nullptr, 0, nullptr); });
    while (HeapTuple const tuple = call([&] { return systable_getnext(scan); })) {
        auto const *form = reinterpret_cast<Form_pg_database>(GETSTRUCT(tuple));
        if (form->datallowconn && !form->datistemplate) found.push_back(form->oid);
    }
    call([&] {
        systable_endscan(scan);
        table_close(catalog, AccessShareLock);
    });
    commit_transaction();
    return found;
}

// One at a time: they would take up the slots of the runs that they start.
void visit(Oid database) {
    call([&] {
        BackgroundWorker worker;
        describe_worker(worker, visitor_entry);
        worker.bgw_main_arg = ObjectIdGetDatum(database);
        worker.bgw_notify_pid = MyProcPid;
        BackgroundWorkerHandle *handle = nullptr;
        if (RegisterDynamicBackgroundWorker(&worker, &handle))
            (void)WaitForBackgroundWorkerShutdown(handle);
        else
            ereport(LOG, (errmsg("migrate could not look into a database: no background worker "
                                 "slot is free"),
                          errhint("You might need to increase \"%s\".", "max_worker_processes")));
    });
}

}  // namespace

void register_launcher(const char *launcher, const char *visitor) {
    visitor_entry = visitor;
    if (!process_shared_preload_libraries_in_progress) return;
    call([&] {
        BackgroundWorker worker;
        describe_worker(worker, launcher);
        worker.bgw_start_time = BgWorkerStart_RecoveryFinished;
        worker.bgw_restart_time = kRestartSeconds;
        strlcpy(worker.bgw_name, "migrate launcher", BGW_MAXLEN);
        strlcpy(worker.bgw_type, "migrate launcher", BGW_MAXLEN);
        RegisterBackgroundWorker(&worker);
    });
}

void launcher_main() {
    call([] {
        BackgroundWorkerUnblockSignals();
        BackgroundWorkerInitializeConnection(nullptr, nullptr, 0);
    });
    for (Oid const database : databases()) visit(database);
    // One that has ended for good would not come back after a crash.
    for (;;)
        call([] {
            (void)WaitLatch(MyLatch, WL_LATCH_SET | WL_EXIT_ON_PM_DEATH, -1, PG_WAIT_EXTENSION);
            ResetLatch(MyLatch);
            CHECK_FOR_INTERRUPTS();
        });
}

bool connect_visitor(Datum database) {
    connect_worker(DatumGetObjectId(database), InvalidOid);
    begin_transaction();
    bool const installed = call([] { return OidIsValid(get_extension_oid("migrate", true)); });
    commit_transaction();
    return installed;
}

}  // namespace migrate::pg
