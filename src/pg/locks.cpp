#include "pg/locks.hpp"

#include <set>

#include "pg/datum.hpp"

extern "C" {
#include "catalog/pg_extension.h"
#include "storage/ipc.h"
#include "storage/lmgr.h"
#include "storage/lock.h"
#include "storage/proc.h"
#include "utils/array.h"
#include "utils/fmgrprotos.h"
}

namespace migrate::pg {

namespace {

constexpr std::uint16_t kClass = ('M' << 8) | 'G';

struct Tags {
    LOCKTAG object;
    LOCKTAG advisory;
};

Tags tags_of(LockName name) {
    Tags tags;
    std::uint16_t const number = static_cast<std::uint16_t>(name);
    SET_LOCKTAG_OBJECT(tags.object, MyDatabaseId, ExtensionRelationId, 0, number);
    SET_LOCKTAG_ADVISORY(tags.advisory, MyDatabaseId, 0, number, kClass);
    return tags;
}

bool same(const LOCKTAG &a, const LOCKTAG &b) {
    return memcmp(&a, &b, sizeof(LOCKTAG)) == 0;
}

bool acquire(const LOCKTAG &tag, bool session, bool dont_wait) {
    return LockAcquire(&tag, ExclusiveLock, session, dont_wait) != LOCKACQUIRE_NOT_AVAIL;
}

// The server takes the advisory locks from a process that ends, but not its session locks of other
// kinds: left alone, nobody could ever take this one again. (An abort has taken it already; the
// advisory one goes on until the end.)
void release_at_exit(int, Datum name) {
    Tags const tags = tags_of(static_cast<LockName>(DatumGetUInt32(name)));
    if (compat::lock_held(&tags.object, ExclusiveLock))
        LockRelease(&tags.object, ExclusiveLock, true);
}

void acquire_both(LockName name) {
    Tags const tags = tags_of(name);
    call([&] {
        acquire(tags.object, false, false);
        acquire(tags.advisory, false, false);
    });
}

std::vector<int> holders() {
    LockData *const data = call([] { return GetLockStatusData(); });
    std::vector<int> pids;
    for (LockName const name :
         {LockName::author, LockName::turn, LockName::run, LockName::number}) {
        LOCKTAG const tag = tags_of(name).advisory;
        for (int i = 0; i < data->nelements; i++)
            if (data->locks[i].holdMask != 0 && same(data->locks[i].locktag, tag))
                pids.push_back(data->locks[i].pid);
    }
    return pids;
}

// Whom a process waits for in the lock manager.
std::vector<int> blockers(int pid) {
    ArrayType *const array = call([&] {
        return DatumGetArrayTypeP(DirectFunctionCall1(pg_blocking_pids, Int32GetDatum(pid)));
    });
    int const count = ARR_NDIM(array) == 0 ? 0 : ARR_DIMS(array)[0];
    auto const *const first = reinterpret_cast<int32 *>(ARR_DATA_PTR(array));
    return {first, first + count};
}

}  // namespace

bool try_lock(LockName name) {
    Tags const tags = tags_of(name);
    return call([&] {
        if (!acquire(tags.object, false, true)) return false;
        if (acquire(tags.advisory, false, true)) return true;
        LockRelease(&tags.object, ExclusiveLock, false);
        return false;
    });
}

bool holds_lock(LockName name) {
    LOCKTAG const tag = tags_of(name).advisory;
    return call([&] { return compat::lock_held(&tag, ExclusiveLock); });
}

bool holds_later_lock(LockName name) {
    for (LockName const later : {LockName::author, LockName::turn, LockName::run})
        if (later > name && holds_lock(later)) return true;
    return false;
}

void unlock(LockName name) {
    Tags const tags = tags_of(name);
    call([&] {
        LockRelease(&tags.advisory, ExclusiveLock, false);
        LockRelease(&tags.object, ExclusiveLock, false);
    });
}

void lock_until_exit(LockName name) {
    Tags const tags = tags_of(name);
    call([&] {
        acquire(tags.object, true, false);
        before_shmem_exit(release_at_exit, UInt32GetDatum(static_cast<std::uint32_t>(name)));
        acquire(tags.advisory, true, false);
    });
}

void lock_in_transaction(LockName name) {
    acquire_both(name);
}

bool holders_wait_for_us() {
    ShortMemory const memory;  // it is asked again and again
    std::vector<int> todo = holders();
    std::set<int> seen;
    while (!todo.empty()) {
        int const pid = todo.back();
        todo.pop_back();
        if (pid == MyProcPid || !seen.insert(pid).second) continue;
        for (int blocker : blockers(pid)) {
            if (blocker == MyProcPid) return true;
            todo.push_back(blocker);
        }
    }
    return false;
}

int lock_timeout() {
    return LockTimeout;
}

void fail_lock_timeout() {
    call([] {
        ereport(ERROR, (errcode(ERRCODE_LOCK_NOT_AVAILABLE),
                        errmsg("canceling statement due to lock timeout")));
    });
    throw std::logic_error("unreachable");
}

// Not by SET: what that does ends with a transaction, and here it is not ours when that is.
Patience::Patience() : before_(LockTimeout) {
    LockTimeout = 0;
}

Patience::~Patience() {
    LockTimeout = before_;
}

}  // namespace migrate::pg
