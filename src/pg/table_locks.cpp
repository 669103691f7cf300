#include "pg/table_locks.hpp"

#include "pg/query.hpp"
#include "pg/session.hpp"
#include "pg/settings.hpp"

extern "C" {
#include "catalog/catalog.h"
#include "storage/lmgr.h"
#include "storage/lock.h"
#include "storage/proc.h"
#include "storage/procarray.h"
#include "utils/lsyscache.h"
#include "utils/timeout.h"
}

namespace migrate::pg {

static_assert(kShareLock == ShareLock && kRowExclusiveLock == RowExclusiveLock &&
              kStrongestLock == AccessExclusiveLock);

namespace {

LOCKTAG tag_of(Oid relation) {
    LOCKTAG tag;
    bool const shared = IsSharedRelation(relation);
    SET_LOCKTAG_RELATION(tag, shared ? InvalidOid : MyDatabaseId, relation);
    return tag;
}

bool held(const RelationLock &lock) {
    LOCKTAG const tag = tag_of(lock.relation);
    for (int mode = lock.mode; mode <= MaxLockMode; mode++) {
        bool const covers = !(lock.mode == ShareUpdateExclusiveLock && mode == ShareLock);
        if (covers && compat::lock_held(&tag, mode)) return true;
    }
    return false;
}

// Asking first spares the attempt: one that fails half way has told the standbys already.
bool is_free(const RelationLock &lock) {
    LOCKTAG const tag = tag_of(lock.relation);
    int count = 0;
    call([&] { pfree(GetLockConflicts(&tag, lock.mode, &count)); });
    return count == 0;
}

std::vector<RelationLock const *> missing(const RelationLocks &locks) {
    std::vector<RelationLock const *> result;
    for (const RelationLock &lock : locks)
        if (!held(lock)) result.push_back(&lock);
    return result;
}

// How many wait in our queue can be seen only while we are in it, so a timer looks.
volatile sig_atomic_t waiters_seen = 0;

void look_at_queue() {
    waiters_seen = compat::waiters_of_own_lock();
}

TimeoutId look_timer() {
    static TimeoutId const timer =
        call([] { return RegisterTimeout(USER_TIMEOUT, look_at_queue); });
    return timer;
}

// The last moment at which it is sure that the wait has not ended.
int look_after(int milliseconds) {
    return std::max(milliseconds - std::max(milliseconds / 20, 5), 1);
}

std::string conflicting_modes(int mode) {
    std::string modes;
    for (int other = AccessShareLock; other <= MaxLockMode; other++)
        if (DoLockModesConflict(mode, other))
            modes += fmt::format("{}{}", modes.empty() ? "" : ",", lock_mode_name(other));
    return modes;
}

// What is told of a session, as one text. Somebody who may not see more sees the pid and the user.
constexpr const char *kSession = R"(
    'pid ' || a.pid
    || coalesce(', user ' || a.usename, '')
    || coalesce(', ' || nullif(a.application_name, ''), '')
    || coalesce(', client ' || host(a.client_addr), '')
    || coalesce(', ' || CASE WHEN a.backend_type = 'client backend' THEN a.state
                             ELSE a.backend_type END, '')
    || coalesce(', transaction for ' || round(extract(epoch FROM clock_timestamp() - a.xact_start)) || ' s', '')
    || coalesce(', statement for ' || round(extract(epoch FROM clock_timestamp() - a.query_start)) || ' s', ''))";

constexpr std::size_t kMostLines = 10;

// A concurrent index build does not wait for a VACUUM, nor for what works under the same mark as
// our own waiting callers (pg/exemption.hpp).
bool is_in_nobodys_way(int pid) {
    PGPROC const *const process = call([&] { return BackendPidGetProc(pid); });
    return process != nullptr && (process->statusFlags & (PROC_IN_VACUUM | PROC_IN_SAFE_IC)) != 0;
}

std::vector<std::string> first_column(const TextRows &rows) {
    std::vector<std::string> lines;
    for (const TextRow &row : rows) lines.push_back(row[0].value_or(""));
    return lines;
}

}  // namespace

std::optional<std::size_t> try_locks(const RelationLocks &locks) {
    std::vector<RelationLock const *> const wanted = missing(locks);
    auto const number = [&](RelationLock const *lock) {
        return static_cast<std::size_t>(lock - locks.data());
    };
    for (RelationLock const *lock : wanted)
        if (!is_free(*lock)) return number(lock);
    for (std::size_t i = 0; i < wanted.size(); i++) {
        bool const taken =
            call([&] { return ConditionalLockRelationOid(wanted[i]->relation, wanted[i]->mode); });
        if (taken) continue;
        for (std::size_t j = 0; j < i; j++)
            call([&] { UnlockRelationOid(wanted[j]->relation, wanted[j]->mode); });
        return number(wanted[i]);
    }
    return std::nullopt;
}

QueueResult queue_for_lock(const RelationLock &lock, int milliseconds) {
    TimeoutId const timer = look_timer();
    SubTransaction work;
    waiters_seen = 0;
    try {
        SettingsLevel settings;
        settings.set("lock_timeout", std::to_string(milliseconds));
        call([&] {
            if (milliseconds > 0) enable_timeout_after(timer, look_after(milliseconds));
            LockRelationOid(lock.relation, lock.mode);
            disable_timeout(timer, false);
        });
        settings.close();
    } catch (const PgError &) {
        std::string const state = current_error_text().sqlstate;
        disable_timeout(timer, false);
        work.roll_back();
        if (state != "55P03" && state != "40P01") throw;
        return {false, std::max(static_cast<int>(waiters_seen) - 1, 0)};
    }
    work.commit();
    return {true, 0};
}

void let_go(const RelationLock &lock) {
    call([&] { UnlockRelationOid(lock.relation, lock.mode); });
}

std::vector<std::string> lock_holders(const RelationLock &lock) {
    static const std::string sql = std::string(R"(
        SELECT CASE WHEN l.pid IS NULL
                    THEN 'prepared transaction ' || quote_literal(p.gid) || ', owner ' || p.owner || ', for '
                         || round(extract(epoch FROM clock_timestamp() - p.prepared)) || ' s'
                    ELSE )") + kSession +
                                   R"( END
               || ', holds ' || string_agg(DISTINCT l.mode, ', ')
        FROM pg_locks l
        LEFT JOIN pg_stat_activity a ON a.pid = l.pid
        LEFT JOIN pg_locks x ON l.pid IS NULL AND x.pid IS NULL AND x.locktype = 'transactionid'
                                AND x.virtualtransaction = l.virtualtransaction
        LEFT JOIN pg_prepared_xacts p ON p.transaction = x.transactionid
        WHERE l.locktype = 'relation' AND l.relation = $1::oid AND l.granted
              AND l.database IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
              AND l.mode = ANY (string_to_array($2, ','))
              AND l.pid IS DISTINCT FROM pg_backend_pid()
        GROUP BY l.pid, a.pid, a.usename, a.application_name, a.client_addr, a.backend_type, a.state,
                 a.xact_start, a.query_start, p.gid, p.owner, p.prepared
        ORDER BY a.xact_start)" + fmt::format(" LIMIT {}", kMostLines);
    look_afresh();
    return first_column(query(sql, {std::to_string(lock.relation), conflicting_modes(lock.mode)}));
}

std::vector<std::string> old_snapshots(int milliseconds) {
    static const std::string sql = std::string("SELECT ") + kSession + R"(, a.pid
        FROM pg_stat_activity a
        WHERE a.datname = current_database() AND a.backend_xmin IS NOT NULL
              AND a.pid <> pg_backend_pid()
              AND a.xact_start < clock_timestamp() - $1::int * interval '1 ms'
        ORDER BY a.xact_start)";
    look_afresh();
    std::vector<std::string> lines;
    for (const TextRow &row : query(sql, {std::to_string(milliseconds)}))
        if (lines.size() < kMostLines && !is_in_nobodys_way(std::stoi(*row[1])))
            lines.push_back(row[0].value_or(""));
    return lines;
}

std::string lock_mode_name(int mode) {
    return GetLockmodeName(DEFAULT_LOCKMETHOD, mode);
}

std::string describe(const RelationLock &lock) {
    return fmt::format("{} on {}", lock_mode_name(lock.mode), qualified_name(lock.relation));
}

void fail_lock(const RelationLock &lock, const std::string &detail, const std::string &hint) {
    std::string const name = qualified_name(lock.relation);
    call([&] {
        ereport(ERROR, (errcode(ERRCODE_LOCK_NOT_AVAILABLE),
                        errmsg("could not obtain lock on relation \"%s\"", name.c_str()),
                        errdetail_internal("%s", detail.c_str()), errhint("%s", hint.c_str())));
    });
    throw std::logic_error("unreachable");
}

}  // namespace migrate::pg
