#include "engine/request.hpp"

namespace migrate::engine {

namespace {

void put(std::vector<std::string> &fields, const std::vector<std::string> &texts) {
    fields.push_back(std::to_string(texts.size()));
    fields.insert(fields.end(), texts.begin(), texts.end());
}

}  // namespace

void put_settings(std::vector<std::string> &fields, const std::vector<pg::Setting> &settings) {
    fields.push_back(std::to_string(settings.size()));
    for (const pg::Setting &setting : settings) {
        fields.push_back(setting.name);
        fields.push_back(setting.value);
    }
}

std::vector<pg::Setting> read_settings(core::Fields &fields) {
    std::vector<pg::Setting> settings(static_cast<std::size_t>(fields.number()));
    for (pg::Setting &setting : settings) {
        setting.name = fields.text();
        setting.value = fields.text();
    }
    return settings;
}

std::string RunRequest::pack() const {
    std::vector<std::string> fields{to_string(command.direction),
                                    command.target,
                                    announce ? "1" : "0",
                                    caller.session_user,
                                    caller.role,
                                    caller.application,
                                    caller.client};
    put_settings(fields, settings);
    return core::pack(fields);
}

RunRequest RunRequest::unpack(const std::string &packed) {
    core::Fields fields(packed);
    RunRequest request;
    request.command.direction = to_direction(fields.text());
    request.command.target = fields.text();
    request.announce = fields.number() != 0;
    request.caller.session_user = fields.text();
    request.caller.role = fields.text();
    request.caller.application = fields.text();
    request.caller.client = fields.text();
    request.settings = read_settings(fields);
    return request;
}

std::string FailedRun::pack() const {
    std::vector<std::string> fields{run.command,
                                    run.target,
                                    run.requested_by,
                                    run.role,
                                    run.application,
                                    run.client,
                                    std::to_string(run.pid),
                                    std::to_string(run.started_at.microseconds),
                                    std::to_string(run.ended_at->microseconds),
                                    run.error.sqlstate,
                                    run.error.message,
                                    run.error.detail,
                                    run.error.hint,
                                    run.error.context};
    put(fields, run.from_heads);
    fields.push_back(std::to_string(steps.size()));
    for (const RunStep &step : steps)
        fields.insert(fields.end(),
                      {std::to_string(step.step), step.revision, to_string(step.direction),
                       step.message, step.status, std::to_string(step.statements),
                       std::to_string(step.started_at.microseconds),
                       std::to_string(step.duration.microseconds)});
    return core::pack(fields);
}

FailedRun FailedRun::unpack(const std::string &packed) {
    core::Fields fields(packed);
    FailedRun failed;
    Run &run = failed.run;
    run.command = fields.text();
    run.target = fields.text();
    run.requested_by = fields.text();
    run.role = fields.text();
    run.application = fields.text();
    run.client = fields.text();
    run.pid = fields.number();
    run.started_at = {fields.number()};
    run.ended_at = pg::Instant{fields.number()};
    run.error.sqlstate = fields.text();
    run.error.message = fields.text();
    run.error.detail = fields.text();
    run.error.hint = fields.text();
    run.error.context = fields.text();
    run.from_heads = fields.texts();
    run.to_heads = run.from_heads;
    run.status = "failed";
    run.host = "inline";
    failed.steps.resize(static_cast<std::size_t>(fields.number()));
    for (RunStep &step : failed.steps) {
        step.step = static_cast<int>(fields.number());
        step.revision = fields.text();
        step.direction = to_direction(fields.text());
        step.message = fields.text();
        step.status = fields.text();
        step.statements = static_cast<int>(fields.number());
        step.started_at = {fields.number()};
        step.duration = {fields.number()};
    }
    return failed;
}

}  // namespace migrate::engine
