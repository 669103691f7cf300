// Settings (GUC): the extension's own, a nest level for a step, and the caller's for a worker.
#pragma once

#include "pg/guard.hpp"

namespace migrate::pg {

// Defines the settings migrate.*; once per process, from _PG_init.
void define_settings();

// The role names of migrate.trust_loaders.
std::vector<std::string> trusted_loaders();

struct Setting {
    std::string name;
    std::string value;
};

// What the session has set differently from what a new connection of the same user would have.
std::vector<Setting> session_settings();

// Makes the session's settings exactly these: everything else back to its default. Also the role.
void apply_settings(const std::vector<Setting> &settings);

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
