#include "pg/progress.hpp"

extern "C" {
#include "catalog/pg_authid.h"
#include "storage/dsm.h"
#include "storage/latch.h"
#include "storage/lock.h"
#include "storage/proc.h"
#include "storage/procarray.h"
#include "storage/spin.h"
#include "utils/acl.h"
#include "utils/timestamp.h"
}

namespace migrate::pg {

namespace {

// The lock that says where: its fields are the handle of the segment and the pid. Taken for the
// session, so that an abort does not lose it, and let go by the server when the process ends.
constexpr std::uint16_t kClass = ('M' << 8) | 'P';
constexpr std::uint64_t kMagic = 0x4d49475250524f47;

// What lies in the segment: plain data, written by its process (and, some of it, by those who help
// or pause it), read by anyone.
struct Shared {
    std::uint64_t magic;
    slock_t mutex;
    Oid role;
    PGPROC *process;
    pg_atomic_uint32 paused;
    pg_atomic_uint64 processed;
    int pid;
    int step, steps, statement, statements;
    std::int64_t run, done, total, first_done, started_at, statement_at, phase_at;
    char command[32], target[256], revision[256], direction[16], phase[64], unit[16];
    char detail[2048];
};

dsm_segment *segment = nullptr;  // of this process, or that it joined
bool joined = false;

Shared *shared() {
    return segment == nullptr ? nullptr : static_cast<Shared *>(dsm_segment_address(segment));
}

LOCKTAG tag_of(dsm_handle handle, int pid) {
    LOCKTAG tag;
    SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, handle, static_cast<std::uint32_t>(pid), kClass);
    return tag;
}

// Cuts between two characters.
template <std::size_t N>
void copy(char (&to)[N], const std::string &from) {
    std::size_t length = std::min(from.size(), N - 1);
    if (length < from.size())
        while (length > 0 && (static_cast<unsigned char>(from[length]) & 0xC0) == 0x80) length--;
    memcpy(to, from.data(), length);
    to[length] = '\0';
}

template <class F>
void change(F &&f) {
    Shared *const place = shared();
    if (place == nullptr || joined) return;
    SpinLockAcquire(&place->mutex);
    f(*place);
    SpinLockRelease(&place->mutex);
}

Progress read(Shared *place) {
    auto copied = std::make_unique<Shared>();
    SpinLockAcquire(&place->mutex);
    memcpy(static_cast<void *>(copied.get()), place, sizeof(Shared));
    SpinLockRelease(&place->mutex);
    Progress result;
    result.run = copied->run;
    result.pid = copied->pid;
    result.command = copied->command;
    result.target = copied->target;
    result.revision = copied->revision;
    result.direction = copied->direction;
    result.step = copied->step;
    result.steps = copied->steps;
    result.statement = copied->statement;
    result.statements = copied->statements;
    result.phase = copied->phase;
    result.detail = copied->detail;
    result.done = copied->done;
    result.total = copied->total;
    result.unit = copied->unit;
    result.processed = static_cast<std::int64_t>(pg_atomic_read_u64(&place->processed));
    result.first_done = std::max<std::int64_t>(copied->first_done, 0);
    result.started_at = {copied->started_at};
    result.statement_at = {copied->statement_at};
    result.phase_at = {copied->phase_at};
    result.paused = pg_atomic_read_u32(&place->paused) != 0;
    return result;
}

// A process's segment, for the time of a look.
class Look {
 public:
    explicit Look(dsm_handle handle)
        : mapped_(dsm_find_mapping(handle)),
          attached_(mapped_ == nullptr ? attach(handle) : nullptr) {}
    ~Look() {
        if (attached_ != nullptr) dsm_detach(attached_);
    }
    Look(const Look &) = delete;
    Look &operator=(const Look &) = delete;

    // Null: it has gone, or is not one of ours.
    Shared *place() const {
        dsm_segment *const found = mapped_ != nullptr ? mapped_ : attached_;
        if (found == nullptr || dsm_segment_map_length(found) < sizeof(Shared)) return nullptr;
        auto *const result = static_cast<Shared *>(dsm_segment_address(found));
        return result->magic == kMagic ? result : nullptr;
    }

 private:
    static dsm_segment *attach(dsm_handle handle) {
        return call([&] { return dsm_attach(handle); });
    }
    dsm_segment *const mapped_;
    dsm_segment *const attached_;
};

// Calls `f` with every place of this database.
template <class F>
void each(F &&f) {
    ShortMemory const memory;
    LockData *const locks = call([] { return GetLockStatusData(); });
    for (int i = 0; i < locks->nelements; i++) {
        LOCKTAG const &tag = locks->locks[i].locktag;
        if (locks->locks[i].holdMask == 0 || tag.locktag_type != LOCKTAG_ADVISORY ||
            tag.locktag_field1 != MyDatabaseId || tag.locktag_field4 != kClass)
            continue;
        Look const look(tag.locktag_field2);
        if (Shared *const place = look.place(); place != nullptr) f(place);
    }
}

}  // namespace

ProgressReport::ProgressReport(const std::string &command, const std::string &target,
                               std::int64_t run)
    : own_(segment == nullptr) {
    if (!own_) return;
    call([] {
        segment = dsm_create(sizeof(Shared), DSM_CREATE_NULL_IF_MAXSEGMENTS);
        if (segment == nullptr) return;  // nobody can look then, and that is all
        dsm_pin_mapping(segment);
        auto *const place = static_cast<Shared *>(dsm_segment_address(segment));
        memset(static_cast<void *>(place), 0, sizeof(Shared));
        SpinLockInit(&place->mutex);
        pg_atomic_init_u32(&place->paused, 0);
        pg_atomic_init_u64(&place->processed, 0);
        place->pid = MyProcPid;
        place->role = GetUserId();
        place->process = MyProc;
        place->started_at = place->statement_at = place->phase_at = GetCurrentTimestamp();
        place->first_done = -1;
        place->magic = kMagic;
    });
    if (segment == nullptr) return;
    LOCKTAG const tag = tag_of(dsm_segment_handle(segment), MyProcPid);
    try {
        call([&] { (void)LockAcquire(&tag, ExclusiveLock, true, true); });
    } catch (...) {
        dsm_detach(segment);
        segment = nullptr;
        throw;
    }
    change([&](Shared &place) {
        copy(place.command, command);
        copy(place.target, target);
        place.run = run;
    });
}

ProgressReport::~ProgressReport() {
    if (!own_ || segment == nullptr) return;
    LOCKTAG const tag = tag_of(dsm_segment_handle(segment), MyProcPid);
    // A script can have let go of it with pg_advisory_unlock_all().
    if (compat::lock_held(&tag, ExclusiveLock)) LockRelease(&tag, ExclusiveLock, true);
    dsm_detach(segment);
    segment = nullptr;
}

void report_run(std::int64_t run) {
    change([&](Shared &place) { place.run = run; });
}

void report_steps(int steps) {
    change([&](Shared &place) { place.steps = steps; });
}

void report_step(int step, const std::string &revision, const char *direction, int statements) {
    change([&](Shared &place) {
        place.step = step;
        copy(place.revision, revision);
        copy(place.direction, direction);
        place.statement = 0;
        place.statements = statements;
        place.done = place.total = 0;
    });
}

void report_statement(int statement) {
    std::int64_t const at = GetCurrentTimestamp();
    change([&](Shared &place) {
        place.statement = statement;
        place.statement_at = at;
        place.done = place.total = 0;
        place.first_done = -1;
        copy(place.phase, "running");
        place.phase_at = at;
        place.detail[0] = '\0';
        pg_atomic_write_u64(&place.processed, 0);
    });
}

void report_phase(const std::string &phase, const std::string &detail) {
    std::int64_t const at = GetCurrentTimestamp();
    change([&](Shared &place) {
        if (phase != place.phase) place.phase_at = at;
        copy(place.phase, phase);
        copy(place.detail, detail);
    });
}

void report_amount(std::int64_t done, std::int64_t total, const char *unit) {
    change([&](Shared &place) {
        place.done = done;
        place.total = total;
        if (place.first_done < 0) place.first_done = done;
        copy(place.unit, unit);
    });
}

void report_processed(std::int64_t rows) {
    if (Shared *const place = shared(); place != nullptr)
        pg_atomic_fetch_add_u64(&place->processed, rows);
}

Progress own_progress() {
    Shared *const place = shared();
    return place == nullptr ? Progress() : read(place);
}

std::uint32_t progress_handle() {
    return segment == nullptr ? 0 : dsm_segment_handle(segment);
}

void join_progress(std::uint32_t handle) {
    if (handle == 0 || segment != nullptr) return;
    dsm_segment *const found = call([&] {
        dsm_segment *attached = dsm_attach(handle);
        if (attached != nullptr) dsm_pin_mapping(attached);
        return attached;
    });
    segment = found;
    joined = true;
}

std::vector<Progress> read_progress() {
    std::vector<Progress> all;
    each([&](Shared *place) {
        all.push_back(read(place));
        bool const may_see = call([&] {
            return has_privs_of_role(GetUserId(), place->role) ||
                   has_privs_of_role(GetUserId(), ROLE_PG_READ_ALL_STATS);
        });
        if (!may_see) all.back().detail.clear();
    });
    std::sort(all.begin(), all.end(), [](const Progress &a, const Progress &b) {
        return std::pair(a.started_at.microseconds, a.pid) <
               std::pair(b.started_at.microseconds, b.pid);
    });
    return all;
}

bool is_paused() {
    Shared *const place = shared();
    return place != nullptr && pg_atomic_read_u32(&place->paused) != 0;
}

bool set_paused(std::int64_t run, bool paused) {
    bool found = false;
    each([&](Shared *place) {
        if (read(place).run != run) return;
        call([&] {
            if (!has_privs_of_role(GetUserId(), place->role))
                ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
                                errmsg("permission denied to pause or resume run %lld",
                                       static_cast<long long>(run)),
                                errdetail("It belongs to a role that the current one is no member "
                                          "of.")));
        });
        pg_atomic_write_u32(&place->paused, paused ? 1 : 0);
        SetLatch(&place->process->procLatch);
        found = true;
    });
    return found;
}

}  // namespace migrate::pg
