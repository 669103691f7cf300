#include "pg/locks.hpp"

extern "C" {
#include "storage/lmgr.h"
#include "storage/lock.h"
#include "storage/proc.h"
}

namespace migrate::pg {

namespace {

constexpr std::uint16_t kClass = ('M' << 8) | 'G';

LOCKTAG tag_of(LockName name) {
    LOCKTAG tag;
    SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, 0, static_cast<std::uint32_t>(name), kClass);
    return tag;
}

bool same(const LOCKTAG &a, const LOCKTAG &b) {
    return memcmp(&a, &b, sizeof(LOCKTAG)) == 0;
}

}  // namespace

bool try_lock(LockName name) {
    LOCKTAG const tag = tag_of(name);
    return call(
        [&] { return LockAcquire(&tag, ExclusiveLock, false, true) != LOCKACQUIRE_NOT_AVAIL; });
}

bool holds(LockName name) {
    LOCKTAG const tag = tag_of(name);
    return call([&] { return compat::lock_held(&tag, ExclusiveLock); });
}

void unlock(LockName name) {
    LOCKTAG const tag = tag_of(name);
    call([&] { LockRelease(&tag, ExclusiveLock, false); });
}

void lock_until_exit(LockName name) {
    LOCKTAG const tag = tag_of(name);
    call([&] { (void)LockAcquire(&tag, ExclusiveLock, true, false); });
}

void lock_in_transaction(LockName name) {
    LOCKTAG const tag = tag_of(name);
    call([&] { (void)LockAcquire(&tag, ExclusiveLock, false, false); });
}

int lock_holder(LockName name) {
    LOCKTAG const tag = tag_of(name);
    return call([&] {
        LockData *const data = GetLockStatusData();
        for (int i = 0; i < data->nelements; i++)
            if (data->locks[i].holdMask != 0 && same(data->locks[i].locktag, tag))
                return data->locks[i].pid;
        return 0;
    });
}

bool someone_waits_for_us(LockName name) {
    int const holder = lock_holder(name);
    LOCKTAG transaction;
    VirtualTransactionId id;
    GET_VXID_FROM_PGPROC(id, *MyProc);
    SET_LOCKTAG_VIRTUALTRANSACTION(transaction, id);
    return call([&] {
        LockData *const data = GetLockStatusData();
        for (int i = 0; i < data->nelements; i++) {
            LockInstanceData const &waiter = data->locks[i];
            if (waiter.waitLockMode == NoLock || waiter.pid == MyProcPid) continue;
            if (same(waiter.locktag, transaction)) return true;
            if (waiter.pid != holder) continue;
            for (int j = 0; j < data->nelements; j++)
                if (data->locks[j].pid == MyProcPid && data->locks[j].holdMask != 0 &&
                    same(data->locks[j].locktag, waiter.locktag))
                    return true;
        }
        return false;
    });
}

}  // namespace migrate::pg
