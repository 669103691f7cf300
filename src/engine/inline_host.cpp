#include "engine/host.hpp"
#include "engine/request.hpp"
#include "engine/step.hpp"
#include "pg/background.hpp"
#include "pg/locks.hpp"
#include "pg/session.hpp"

namespace migrate::engine {

namespace {

// The caller's transaction is about to be rolled back, and the record of its failure must not be:
// a worker writes it. Waits for a moment so that the next statement sees it; never fails.
void record_failure(Run run, std::vector<RunStep> steps, const pg::ErrorText &error) noexcept {
    try {
        run.error = error;
        run.ended_at = pg::now();
        for (RunStep &step : steps) step.status = "failed";  // undone with the last one
        pg::Worker worker("migrate_recorder_main",
                          FailedRun{std::move(run), std::move(steps)}.pack(), false);
        worker.number_within(2000);
    } catch (...) {
        // Nothing may hide the error that is being reported.
    }
}

// One transaction with thousands of relations needs more locks than the server has room for.
void explain(const pg::PgError &error, const Command &command) {
    pg::ErrorText const text = pg::current_error_text();
    if (text.sqlstate == "53200" &&
        text.hint.find("max_locks_per_transaction") != std::string::npos)
        pg::add_hint(
            error, command.direction == core::Direction::up
                       ? "Or use CALL migrate.upgrade_online(), which commits after every revision."
                       : "Or use CALL migrate.downgrade_online(), which commits after every "
                         "revision.");
}

void run_step(const PreparedStep &step) {
    pg::SettingsLevel settings;
    settings.set("migrate.revision", step.revision);
    run_statements(step, 0, step.statements().size());
    run_verify(step);
    settings.close();
}

// All at the end: the run gets its number only now, because a number that is taken in an open
// transaction would make other runs wait for it.
void record(Run &run, const PreparedPlan &plan, const std::vector<RunStep> &done) {
    run.ended_at = pg::now();
    pg::lock_in_transaction(pg::LockName::number);
    insert_run(run);
    for (std::size_t i = 0; i < done.size(); i++) {
        record_step(plan.steps[i], run, pg::after(done[i].started_at, done[i].duration));
        insert_run_step(run.id, done[i]);
    }
}

}  // namespace

std::vector<RunStep> run_inline(const Catalog &catalog, const PreparedPlan &plan,
                                const Command &command) {
    Run run = begin_run(command, pg::caller(), "inline");
    run.status = "done";
    run.from_heads = plan.from_heads;
    core::HeadTracker heads(catalog.graph(), catalog.applied());
    std::vector<RunStep> done;
    done.reserve(plan.steps.size());
    pg::SubTransaction work;
    try {
        for (const PreparedStep &step : plan.steps) {
            done.push_back(begin_step(step, done.size() + 1));
            done.back().status = "done";
            run_step(step);
            done.back().duration = pg::between(done.back().started_at, pg::now());
            heads.apply({step.node, step.direction});
        }
        record_heads(heads, catalog.graph());
        run.to_heads = catalog.graph().ids(heads.heads());
        record(run, plan, done);
        work.commit();
    } catch (const pg::PgError &error) {
        work.roll_back();
        explain(error, command);
        record_failure(run, done, pg::current_error_text());
        throw;
    } catch (...) {
        work.roll_back();
        record_failure(run, done, pg::current_error_text());
        throw;
    }
    return done;
}

}  // namespace migrate::engine
