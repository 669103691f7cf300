#include "pg/throttle.hpp"

extern "C" {
#include "access/xact.h"
#include "access/xlog.h"
#include "replication/walsender.h"
#include "replication/walsender_private.h"
#include "storage/lock.h"
#include "storage/proc.h"
#include "storage/spin.h"
}

namespace migrate::pg {

namespace {

// Any process of this database: few and cheap to look at, so without their locks.
std::vector<int> wraparound_vacuums() {
    std::vector<int> pids;
    for (std::uint32_t i = 0; i < ProcGlobal->allProcCount; i++) {
        PGPROC const &process = ProcGlobal->allProcs[i];
        if (process.pid != 0 && process.databaseId == MyDatabaseId &&
            (process.statusFlags & PROC_VACUUM_FOR_WRAPAROUND) != 0)
            pids.push_back(process.pid);
    }
    return pids;
}

}  // namespace

int row_waiters() {
    TransactionId const id = GetCurrentTransactionIdIfAny();
    if (!TransactionIdIsValid(id)) return 0;
    LOCKTAG tag;
    SET_LOCKTAG_TRANSACTION(tag, id);
    return std::max(0, call([&] { return LockWaiterCount(&tag); }) - 1);  // one is our own
}

std::uint64_t wal_position() {
    return call([] { return GetXLogInsertRecPtr(); });
}

std::optional<Standby> slowest_standby() {
    std::optional<Standby> slowest;
    for (int i = 0; WalSndCtl != nullptr && i < max_wal_senders; i++) {
        WalSnd *const sender = &WalSndCtl->walsnds[i];
        SpinLockAcquire(&sender->mutex);
        bool const streams = sender->pid != 0 && sender->state == WALSNDSTATE_STREAMING;
        Standby standby{sender->pid, sender->apply, std::max<TimeOffset>(sender->applyLag, 0)};
        // Who only receives (pg_receivewal) applies nothing.
        if (standby.applied == 0) standby.applied = sender->flush;
        if (standby.applied == 0) standby.applied = sender->write;
        SpinLockRelease(&sender->mutex);
        if (streams && standby.applied != 0 && (!slowest || standby.applied < slowest->applied))
            slowest = standby;
    }
    return slowest;
}

bool has_wraparound_vacuum(Oid table) {
    std::vector<int> const pids = wraparound_vacuums();
    if (pids.empty()) return false;
    LockData *const data = call([] { return GetLockStatusData(); });
    for (int i = 0; i < data->nelements; i++) {
        LockInstanceData const &lock = data->locks[i];
        if (lock.locktag.locktag_type == LOCKTAG_RELATION &&
            lock.locktag.locktag_field1 == MyDatabaseId && lock.locktag.locktag_field2 == table &&
            (lock.holdMask & LOCKBIT_ON(ShareUpdateExclusiveLock)) != 0 &&
            std::find(pids.begin(), pids.end(), lock.pid) != pids.end())
            return true;
    }
    return false;
}

}  // namespace migrate::pg
