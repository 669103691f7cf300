#include "pg/session_lock.hpp"

namespace migrate::pg {

namespace {

LOCKTAG tag_of(SessionLockKind kind, std::uint32_t first, std::uint32_t second) {
    LOCKTAG tag;
    SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, first, second, static_cast<std::uint16_t>(kind));
    return tag;
}

}  // namespace

bool SessionLock::try_take(SessionLockKind kind, std::uint32_t first, std::uint32_t second) {
    release();
    tag_ = tag_of(kind, first, second);
    held_ = call([&] {
        // Granted a second time where this session has it already, as from a trigger of its own.
        if (compat::lock_held(&tag_, ExclusiveLock)) return false;
        return LockAcquire(&tag_, ExclusiveLock, true, true) != LOCKACQUIRE_NOT_AVAIL;
    });
    return held_;
}

void SessionLock::release() {
    // What the changes call can have let go of it with pg_advisory_unlock_all().
    if (held_ && compat::lock_held(&tag_, ExclusiveLock)) LockRelease(&tag_, ExclusiveLock, true);
    held_ = false;
}

int session_lock_holder(SessionLockKind kind, std::uint32_t first, std::uint32_t second) {
    LOCKTAG const tag = tag_of(kind, first, second);
    LockData *const data = call([] { return GetLockStatusData(); });
    for (int i = 0; i < data->nelements; i++)
        if (data->locks[i].holdMask != 0 && memcmp(&data->locks[i].locktag, &tag, sizeof tag) == 0)
            return data->locks[i].pid;
    return 0;
}

}  // namespace migrate::pg
