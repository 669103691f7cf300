#include "engine/backfill_helpers.hpp"

#include "engine/backfill.hpp"
#include "engine/backfill_walk.hpp"
#include "engine/request.hpp"
#include "pg/progress.hpp"
#include "pg/session.hpp"
#include "pg/settings.hpp"

namespace migrate::engine {

namespace {

struct HelperRequest {
    BackfillTask task;
    int round = 0;
    std::uint32_t progress = 0;
    std::string revision;
    std::string session_user, role;
    std::vector<pg::Setting> settings;

    std::string pack() const {
        std::vector<std::string> fields{
            task.pack(), std::to_string(round), std::to_string(progress),
            revision,    session_user,          role};
        put_settings(fields, settings);
        return core::pack(fields);
    }

    static HelperRequest unpack(const std::string &packed) {
        core::Fields fields(packed);
        HelperRequest request;
        request.task = BackfillTask::unpack(fields.text());
        request.round = static_cast<int>(fields.number());
        request.progress = static_cast<std::uint32_t>(fields.number());
        request.revision = fields.text();
        request.session_user = fields.text();
        request.role = fields.text();
        request.settings = read_settings(fields);
        return request;
    }
};

void commit() {
    pg::commit_transaction();
    pg::begin_transaction();
}

void roll_back() {
    pg::abort_transaction();
    pg::begin_transaction();
}

}  // namespace

void BackfillHelpers::start(const BackfillTask &task, int round, int count) {
    pg::Caller const caller = pg::caller();
    HelperRequest const request{task,
                                round,
                                pg::progress_handle(),
                                pg::running_revision(),
                                caller.session_user,
                                caller.role,
                                pg::session_settings()};
    std::string const payload = request.pack();
    for (int i = 0; i < count; i++) {
        try {
            workers_.push_back(
                std::make_unique<pg::Worker>("migrate_backfill_helper_main", payload, true));
        } catch (const pg::PgError &) {
            if (pg::current_error_text().sqlstate != "53400") throw;
            pg::notice(fmt::format("only {} of {} processes work on it", i + 1, count + 1),
                       "No more background worker slots are free.",
                       "You might need to increase \"max_worker_processes\".");
            return;
        }
        workers_.back()->outlive_transaction();
    }
}

void BackfillHelpers::check() {
    for (auto &worker : workers_) worker->listen();
}

void BackfillHelpers::wait() {
    for (auto &worker : workers_) worker->wait();
    workers_.clear();
}

void backfill_helper_main(Datum argument) {
    pg::WorkerProcess process(argument);
    HelperRequest const request = HelperRequest::unpack(process.payload());
    pg::begin_transaction();
    pg::adopt(request.settings, request.session_user, request.role);
    pg::set_session("migrate.revision", request.revision);
    pg::set_session("application_name", "migrate");
    pg::report_activity(
        fmt::format("{} of {}", request.task.purge ? "purge" : "backfill", request.task.name));
    commit();
    pg::join_progress(request.progress);
    BackfillWalk walk(request.task, {commit, roll_back}, [](std::int64_t rows) {
        pg::report_processed(rows);
        pg::WorkerProcess::stop_if_requested();
    });
    walk.work(request.round);
    pg::commit_transaction();
}

}  // namespace migrate::engine
