#include "pg/settings.hpp"

extern "C" {
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/guc_tables.h"
#include "utils/varlena.h"
}

namespace migrate::pg {

namespace {

char *trust_loaders = nullptr;
char *current_revision = nullptr;
int lock_timeout_ms = 2000;
int retries = 10;
int block_policy = 0;
int notify_ms = 10000;
int batch_target_ms = 200;
int batch_pause_ms = 0;
int batch_lag_ms = 10000;
bool drift_tracked = true;

constexpr int kQueue = 0;
constexpr int kError = 1;
constexpr config_enum_entry kBlockPolicies[] = {
    {"queue", kQueue, false}, {"error", kError, false}, {nullptr, 0, false}};

void define_milliseconds(const char *name, const char *what, const char *more, int *variable) {
    DefineCustomIntVariable(name, what, more, variable, *variable, 0, INT_MAX, PGC_USERSET,
                            GUC_UNIT_MS, nullptr, nullptr, nullptr);
}

// Not the worker's to take over: what belongs to the connection, or is carried in another way.
bool is_private(const char *name) {
    static constexpr const char *names[] = {"role",
                                            "session_authorization",
                                            "is_superuser",
                                            "client_encoding",
                                            "seed",
                                            "transaction_isolation",
                                            "transaction_read_only",
                                            "transaction_deferrable",
                                            "application_name"};
    return std::any_of(std::begin(names), std::end(names),
                       [&](const char *other) { return strcmp(name, other) == 0; });
}

}  // namespace

void define_settings() {
    call([] {
        DefineCustomStringVariable(
            "migrate.trust_loaders", "Roles whose scripts a superuser runs, separated by commas.",
            "A superuser refuses scripts that other ordinary roles have loaded.", &trust_loaders,
            "", PGC_SUSET, GUC_LIST_INPUT, nullptr, nullptr, nullptr);
        DefineCustomStringVariable(
            "migrate.revision", "The revision whose script is running.",
            "Empty when none is. For event triggers and for functions that scripts call.",
            &current_revision, "", PGC_INTERNAL, GUC_NOT_IN_SAMPLE, nullptr, nullptr, nullptr);
        define_milliseconds(
            "migrate.lock_timeout", "How long a step waits in the queue for all its table locks.",
            "It then lets go of what it has and tries again. 0: no limit.", &lock_timeout_ms);
        DefineCustomIntVariable("migrate.lock_retries",
                                "How often a step that got no lock, or a deadlock, is run again.",
                                nullptr, &retries, retries, 0, 10000, PGC_USERSET, 0, nullptr,
                                nullptr, nullptr);
        DefineCustomEnumVariable(
            "migrate.in_transaction_block",
            "What becomes of steps that cannot run in the caller's transaction block.",
            "queue: they run after its commit; error: they are refused (MG007).", &block_policy,
            kQueue, kBlockPolicies, PGC_USERSET, 0, nullptr, nullptr, nullptr);
        define_milliseconds("migrate.notify",
                            "Time between the notices that tell a waiting caller how far a run is.",
                            "0: none.", &notify_ms);
        define_milliseconds("migrate.backfill_target",
                            "How long a batch of a backfill should take.", nullptr,
                            &batch_target_ms);
        define_milliseconds("migrate.backfill_pause", "Time between the batches of a backfill.",
                            nullptr, &batch_pause_ms);
        define_milliseconds("migrate.backfill_max_lag",
                            "A backfill waits while a standby is further behind than this.",
                            "0: it does not look.", &batch_lag_ms);
        DefineCustomBoolVariable(
            "migrate.track_drift", "Runs record the schema that they leave.",
            "So that migrate.check() and migrate.drift() find what is changed outside of "
            "migrations.",
            &drift_tracked, true, PGC_USERSET, 0, nullptr, nullptr, nullptr);
        compat::reserve_setting_prefix("migrate");
    });
}

std::vector<std::string> trusted_loaders() {
    List *names = NIL;
    call([&] {
        if (trust_loaders != nullptr && trust_loaders[0] != '\0' &&
            !SplitIdentifierString(pstrdup(trust_loaders), ',', &names))
            ereport(ERROR,
                    (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                     errmsg("invalid list syntax in parameter \"%s\"", "migrate.trust_loaders")));
    });
    std::vector<std::string> result;
    ListCell *cell;
    foreach (cell, names) result.emplace_back(static_cast<char *>(lfirst(cell)));
    return result;
}

int step_lock_timeout() {
    return lock_timeout_ms;
}

int lock_retries() {
    return retries;
}

bool queues_in_transaction_block() {
    return block_policy == kQueue;
}

int notify_interval() {
    return notify_ms;
}

int backfill_target() {
    return batch_target_ms;
}

int backfill_pause() {
    return batch_pause_ms;
}

int backfill_max_lag() {
    return batch_lag_ms;
}

bool tracks_drift() {
    return drift_tracked;
}

std::string running_revision() {
    return current_revision != nullptr ? current_revision : "";
}

std::vector<Setting> session_settings() {
    std::vector<Setting> result;
    int count = 0;
    struct config_generic **const all = call([&] { return compat::settings(&count); });
    for (int i = 0; i < count; i++) {
        struct config_generic const *setting = all[i];
        bool const settable = setting->context == PGC_USERSET || setting->context == PGC_SUSET;
        bool const changed = setting->source == PGC_S_CLIENT || setting->source == PGC_S_SESSION;
        if (!settable || !changed || is_private(setting->name)) continue;
        const char *value = call([&] { return GetConfigOption(setting->name, true, false); });
        if (value != nullptr) result.push_back({setting->name, value});
    }
    return result;
}

std::string setting(const char *name) {
    return call([&] { return GetConfigOption(name, false, false); });
}

void set_session(const char *name, const std::string &value) {
    call([&] { SetConfigOption(name, value.c_str(), PGC_INTERNAL, PGC_S_SESSION); });
}

void set_local(const char *name, const std::string &value) {
    call([&] {
        set_config_option(name, value.c_str(), PGC_USERSET, PGC_S_SESSION, GUC_ACTION_LOCAL, true,
                          0, false);
    });
}

void adopt(const std::vector<Setting> &settings, const std::string &session_user,
           const std::string &role) {
    call([] {
        // As who logged in, whose rights the settings needed when the caller made them.
        const char *login = GetUserNameFromId(GetAuthenticatedUserId(), false);
        SetConfigOption("session_authorization", login, PGC_SUSET, PGC_S_SESSION);
        SetConfigOption("role", "none", PGC_USERSET, PGC_S_SESSION);
        ResetAllOptions();
    });
    for (const Setting &setting : settings)
        call([&] {
            SetConfigOption(setting.name.c_str(), setting.value.c_str(),
                            superuser() ? PGC_SUSET : PGC_USERSET, PGC_S_SESSION);
        });
    call([&] {
        SetConfigOption("session_authorization", session_user.c_str(), PGC_SUSET, PGC_S_SESSION);
        SetConfigOption("role", role == session_user ? "none" : role.c_str(), PGC_USERSET,
                        PGC_S_SESSION);
    });
}

SettingsLevel::SettingsLevel() : level_(call([] { return NewGUCNestLevel(); })) {}

void SettingsLevel::close() {
    call([&] { AtEOXact_GUC(false, level_); });
}

void SettingsLevel::set(const char *name, const std::string &value) {
    call([&] {
        set_config_option(name, value.c_str(), PGC_INTERNAL, PGC_S_SESSION, GUC_ACTION_SAVE, true,
                          0, false);
    });
}

}  // namespace migrate::pg
