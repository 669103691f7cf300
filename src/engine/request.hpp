// What a session tells the worker that it starts.
#pragma once

#include "core/wire.hpp"
#include "engine/prepared.hpp"
#include "pg/session.hpp"
#include "pg/settings.hpp"

namespace migrate::engine {

// A caller's settings among the fields of such a text.
void put_settings(std::vector<std::string> &fields, const std::vector<pg::Setting> &settings);
std::vector<pg::Setting> read_settings(core::Fields &fields);

// A run to be executed, with everything that makes it the caller's own.
struct RunRequest {
    Command command;
    bool announce = false;  // tell each step in a NOTICE
    pg::Caller caller;
    std::vector<pg::Setting> settings;

    std::string pack() const;
    static RunRequest unpack(const std::string &packed);
};

// The same for the record of a run that failed inside the caller's transaction.
struct FailedRun {
    Run run;
    std::vector<RunStep> steps;

    std::string pack() const;
    static FailedRun unpack(const std::string &packed);
};

}  // namespace migrate::engine
