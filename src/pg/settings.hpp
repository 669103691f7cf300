// Settings (GUC): the extension's own, a nest level for a step, and the caller's for a worker.
#pragma once

#include "pg/guard.hpp"

namespace migrate::pg {

// Defines the settings migrate.*; once per process, from _PG_init.
void define_settings();

// The role names of migrate.trust_loaders.
std::vector<std::string> trusted_loaders();

int step_lock_timeout();  // migrate.lock_timeout, milliseconds; 0: none
int lock_retries();
bool queues_in_transaction_block();
int notify_interval();   // milliseconds; 0: no notices
int backfill_target();   // milliseconds
int backfill_pause();    // milliseconds
int backfill_max_lag();  // milliseconds; 0: any

// Whether runs record the schema that they leave (migrate.track_drift).
bool tracks_drift();

// The revision whose script is running in this session; empty when none is.
std::string running_revision();

struct Setting {
    std::string name;
    std::string value;
};

// What the session has set differently from what a new connection of the same user would have.
std::vector<Setting> session_settings();

std::string setting(const char *name);

// For the rest of the session; also those that users cannot set.
void set_session(const char *name, const std::string &value);

// Like SET LOCAL.
void set_local(const char *name, const std::string &value);

// In a worker: exactly these settings, everything else at its default, and act as this session
// user and role, whatever has been set since the start of the process.
void adopt(const std::vector<Setting> &settings, const std::string &session_user,
           const std::string &role);

// Changes of settings from here on, SET in scripts included, are undone by close() or at the end
// of the transaction.
class SettingsLevel {
 public:
    SettingsLevel();
    void close();
    // For the level only; also those that users cannot set.
    void set(const char *name, const std::string &value);

 private:
    int level_;
};

}  // namespace migrate::pg
