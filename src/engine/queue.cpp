#include "engine/queue.hpp"

#include "engine/step.hpp"
#include "pg/at_commit.hpp"
#include "pg/locks.hpp"
#include "pg/progress.hpp"
#include "pg/query.hpp"
#include "pg/queued_worker.hpp"
#include "pg/session.hpp"

namespace migrate::engine {

namespace {

constexpr int kMoment = 25;  // milliseconds
constexpr int kMoments = 20;

// The row may have gone with a savepoint, or been cancelled.
void start_at_commit(std::int64_t id) {
    pg::before_commit([id, done = false](bool prepare) mutable {
        if (done || !pg::has_tables()) return;  // DROP EXTENSION takes the row along
        done = true;
        std::optional<Run> const run = find_run(id);
        if (!run || run->status != "queued" || run->pid != 0) return;
        if (prepare) pg::refuse_prepare();
        pg::start_queued_worker(id, pg::authenticated_user(), true);
    });
}

std::vector<RunStep> queued_steps(const PreparedPlan &plan, std::size_t first) {
    std::vector<RunStep> steps;
    for (std::size_t i = first; i < plan.steps.size(); i++) {
        steps.push_back(begin_step(plan.steps[i], i + 1));
        steps.back().status = "queued";
    }
    return steps;
}

// Whether the owner of the tables, who can write into the row what he likes, may act as the roles
// in it anyway. That it names the caller proves nothing: he would be the one who is got at.
bool is_trustworthy(const Run &run) {
    std::string const owner = pg::owner_of_tables();
    return pg::may_act_as(owner, run.requested_by) && pg::may_act_as(owner, run.role);
}

std::vector<Run> startable_runs() {
    std::vector<Run> runs;
    for (std::int64_t const id : find_waiting_runs())
        if (std::optional<Run> run = find_run(id); run && is_trustworthy(*run))
            runs.push_back(std::move(*run));
    return runs;
}

// Not only that there is a process of that number: what is done to it is done to that run.
bool is_at_work(const Run &run) {
    if (run.host != "session") return is_there(run);
    std::vector<pg::Progress> const all = pg::read_progress();
    return std::any_of(all.begin(), all.end(), [&](const pg::Progress &each) {
        return each.run == run.id && each.pid == run.pid;
    });
}

}  // namespace

std::vector<RunStep> queue(const Command &command, const PreparedPlan &plan, std::size_t first) {
    Run run = begin_run(to_string(command.direction), command.target, pg::caller(), "worker");
    run.status = "queued";
    run.pid = 0;
    run.settings = pg::session_settings();
    std::vector<RunStep> const steps = queued_steps(plan, first);
    run.queued_steps.emplace();
    for (const RunStep &step : steps) run.queued_steps->push_back(step.revision);
    pg::lock_in_transaction(pg::LockName::number);
    insert_run(run);
    start_at_commit(run.id);
    pg::notice(
        fmt::format("run {} is queued and starts after this transaction has committed", run.id), {},
        fmt::format("CALL migrate.wait({}) waits for it.", run.id));
    return steps;
}

bool start_waiting_run(const Run &run) {
    if (!is_trustworthy(run)) return false;
    pg::start_queued_worker(run.id, pg::role_oid(run.requested_by), false);
    return true;
}

void start_waiting_runs() {
    if (pg::holds_lock(pg::LockName::number)) return;  // the caller's own may be among them
    std::vector<Run> runs = startable_runs();
    // The worker of one that has just been committed takes a moment to come.
    for (int i = 0; i < kMoments && !runs.empty(); i++) {
        pg::pause(kMoment);
        runs = startable_runs();
    }
    for (const Run &run : runs)
        if (start_waiting_run(run))
            pg::notice(fmt::format("run {} was queued and had no worker; it starts now", run.id));
}

bool cancel_run(std::int64_t id) {
    pg::lock_in_transaction(pg::LockName::number);
    std::optional<Run> run = find_run(id);
    if (!run || (run->status != "queued" && run->status != "running") || run->host == "inline")
        return false;
    if (is_at_work(*run)) {
        // Somebody's own session is not ended for one procedure that it called.
        const char *const signal =
            run->host == "session" ? "pg_cancel_backend" : "pg_terminate_backend";
        return pg::query(fmt::format("SELECT {}($1::int)", signal), {std::to_string(run->pid)})
                   .at(0)
                   .at(0) == "t";
    }
    if (run->status != "queued") return false;
    pg::require_member_of(run->requested_by, fmt::format("cancel run {}", id));
    run->status = "failed";
    run->ended_at = pg::now();
    run->error.sqlstate = "57014";
    run->error.message = "the run was cancelled before it began";
    update_run(*run);
    return true;
}

}  // namespace migrate::engine
