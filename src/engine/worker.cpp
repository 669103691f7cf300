// The worker's side of the worker host: a whole run, each revision in transactions of its own.
#include "core/messages.hpp"
#include "engine/backfill_store.hpp"
#include "engine/host.hpp"
#include "engine/journal.hpp"
#include "engine/polite.hpp"
#include "engine/queue.hpp"
#include "engine/request.hpp"
#include "engine/schema_record.hpp"
#include "engine/step.hpp"
#include "pg/background.hpp"
#include "pg/fault.hpp"
#include "pg/frame.hpp"
#include "pg/launcher.hpp"
#include "pg/locks.hpp"
#include "pg/progress.hpp"
#include "pg/queued_worker.hpp"
#include "pg/session.hpp"

namespace migrate::engine {

namespace {

using pg::in_transaction;

constexpr const char *kStopped = "the run was stopped";

class WorkerRun {
 public:
    // Of a caller who waits.
    WorkerRun(pg::WorkerProcess &process, RunRequest request)
        : process_(&process), request_(std::move(request)) {}
    // Of the queue.
    explicit WorkerRun(Run run) : request_(request_of(run)), run_(std::move(run)) {}

    void execute() {
        pg::ProgressReport const progress(to_string(request_.command.direction),
                                          request_.command.target);
        try {
            start();
            work();
            finish();
        } catch (const pg::PgError &error) {
            pg::PgError const kept = pg::keep(error);  // the abort frees the transaction's memory
            if (was_stopped()) pg::set_message(kept, kStopped);
            fail();
            throw kept;
        } catch (const std::exception &) {
            fail();
            throw;
        }
    }

 private:
    static RunRequest request_of(const Run &run) {
        RunRequest request;
        request.command = {to_direction(run.command), run.target};
        request.caller.session_user = run.requested_by;
        request.caller.role = run.role;
        request.settings = run.settings;
        // The owner of the tables can have written it there, to have his scripts run by a
        // superuser.
        if (!pg::may_act_as(pg::owner_of_tables(), pg::login()))
            std::erase_if(request.settings, [](const pg::Setting &setting) {
                return setting.name == "migrate.trust_loaders";
            });
        return request;
    }

    // The caller's identity and settings, and a durable row before anything else.
    void start() {
        restore_settings();
        if (run_.id == 0) {
            run_ = begin_run(to_string(request_.command.direction), request_.command.target,
                             request_.caller, "worker");
            run_.status = "queued";
            run_.settings = request_.settings;
            in_transaction([&] {
                pg::lock_in_transaction(pg::LockName::number);
                insert_run(run_);
            });
            process_->say_number(run_.id);
        }
        pg::report_run(run_.id);
        pg::report_phase("waiting for its turn");
        pg::report_activity("waiting for another run to end");
        pg::fault_point("a run is on record");
        in_transaction([] { pg::lock_until_exit(pg::LockName::run); });
    }

    core::Plan plan() const {
        return run_.queued_steps
                   ? queued_plan(*catalog_, request_.command.direction, *run_.queued_steps)
                   : make_plan(*catalog_, request_.command);
    }

    void work() {
        in_transaction([&] {
            end_stale_runs(run_.id);
            catalog_.emplace(View::latest);
            plan_ = prepare(*catalog_, plan(), View::latest);
            heads_.emplace(catalog_->graph(), catalog_->applied());
            run_.from_heads = run_.to_heads = plan_.from_heads;
            run_.status = "running";
            update_run(run_);
            if (!plan_.steps.empty() || is_record_behind(View::latest)) keeper_.emplace();
        });
        pg::fault_point("a run has its plan");
        pg::report_steps(static_cast<int>(plan_.steps.size()));
        tell_spliced(*catalog_, plan_);
        for (const PreparedStep &step : plan_.steps) run_step(step);
    }

    void run_step(const PreparedStep &step) {
        journal_.reset();
        current_ = begin_step(step, ++steps_);
        if (request_.announce)
            pg::notice(announcement(catalog_->graph(), {step.node, step.direction}));

        in_transaction([&] {
            pg::set_session("migrate.revision", step.revision);
            journal_.emplace(step, run_.id);
        });
        if (journal_->goes_on()) set_again(step);
        bool closed = false;
        std::vector<core::Group> const groups = core::cut_groups(step.statements());
        for (const core::Group &group : groups) {
            std::size_t const first = std::max(group.first, journal_->done());
            if (first >= group.last) continue;
            if (group.transactional || can_share(step.statements()[first]))
                closed = run_together(step, first, group.last, group.transactional);
            else
                journal_->run_alone(first);
        }
        pg::fault_point("before a step is closed");
        if (!closed) in_transaction([&] { close(step); });
        current_.reset();  // it is done, whatever comes now
        pg::fault_point("after a step is closed");
        restore_settings();
        pg::report_idle();
    }

    // A step that goes on needs the settings that it made before it stopped.
    void set_again(const PreparedStep &step) {
        in_transaction([&] {
            for (std::size_t i = 0; i < journal_->done(); i++)
                if (step.statements()[i].sets_session) run_statements(step, i, i + 1);
        });
    }

    // A new enum value stands alone only so that what comes later can use it.
    static bool can_share(const core::Statement &statement) {
        return statement.added_enum_value.has_value();
    }

    // Statements in one transaction; where they are the last ones, and what comes next `may_share`
    // it, with the verify section and the ledger. True then.
    bool run_together(const PreparedStep &step, std::size_t first, std::size_t last,
                      bool may_share) {
        bool const ends = may_share && last == step.statements().size();
        pg::report_activity(step.title);
        for (Attempts attempts;; attempts.rest()) {
            try {
                pg::begin_transaction();
                lock(step, first, last);
                pg::set_local("lock_timeout", statement_lock_timeout());
                run_statements(step, first, last);
                if (ends)
                    close(step);
                else
                    journal_->advance(last);
                pg::fault_point("a transaction has done its work");
                // Deferred constraints are checked here.
                pg::ContextFrame const frame(step.title);
                pg::commit_transaction();
                if (ends) current_.reset();
                pg::fault_point("a transaction has committed");
                return ends;
            } catch (const pg::PgError &) {
                if (!attempts.again()) throw;
                pg::abort_transaction();
                reopen(first);
            }
        }
    }

    static void lock(const PreparedStep &step, std::size_t first, std::size_t last) {
        pg::ContextFrame const frame(step.title);
        take_locks([&] {
            pg::RelationLocks locks;
            add_locks(step, first, last, locks);
            return locks;
        });
    }

    // The attempt is undone, and so is what it said of itself.
    void reopen(std::size_t done) {
        journal_->go_back(done);
        heads_.emplace(catalog_->graph(), catalog_->applied());
        for (std::size_t i = 0; i + 1 < steps_; i++)
            heads_->apply({plan_.steps[i].node, plan_.steps[i].direction});
        run_.to_heads = catalog_->graph().ids(heads_->heads());
        current_->status.clear();
    }

    void close(const PreparedStep &step) {
        run_verify(step);
        pg::Instant const end = pg::now();
        record_step(step, run_, end);
        heads_->apply({step.node, step.direction});
        record_heads(*heads_, catalog_->graph());
        remove_unfinished(step.revision);
        forget_jobs(step.revision);
        current_->status = "done";
        current_->duration = pg::between(current_->started_at, end);
        insert_run_step(run_.id, *current_);
        run_.to_heads = catalog_->graph().ids(heads_->heads());
        update_run(run_);
    }

    void finish() {
        keep_schema();
        run_.status = "done";
        run_.ended_at = pg::now();
        pg::fault_point("before the end of a run");
        in_transaction([&] { update_run(run_); });
        pg::fault_point("after the end of a run");
    }

    // In a handler: somebody ended this process, and the error is what became of the statement.
    static bool was_stopped() {
        return pg::WorkerProcess::stop_requested() && pg::current_error_text().sqlstate == "57014";
    }

    // The record of a failure, in a transaction of its own.
    void fail() {
        run_.error = pg::current_error_text();
        if (was_stopped()) run_.error.message = kStopped;
        pg::abort_transaction();
        if (run_.id == 0) return;
        run_.status = "failed";
        run_.ended_at = pg::now();
        in_transaction([&] {
            update_run(run_);
            if (current_) {
                current_->status = "failed";
                current_->duration = pg::between(current_->started_at, *run_.ended_at);
                insert_run_step(run_.id, *current_);
            }
        });
        pg::fault_point("a failure is recorded");
        if (journal_) journal_->settle();
        pg::fault_point("a failure is settled");
        try {
            keep_schema();
        } catch (...) {
            pg::abort_transaction();  // the failure of the run is what the caller has to hear of
        }
    }

    // Of the steps that are done, and of what a failed one has committed. Not in the transaction of
    // the last one, whose locks it would prolong.
    void keep_schema() {
        if (!keeper_) return;
        pg::report_activity("recording the schema");
        in_transaction([&] { keeper_->keep(); });
    }

    // SET in a script lasts until the end of its step.
    void restore_settings() {
        in_transaction([&] {
            pg::adopt(request_.settings, request_.caller.session_user, request_.caller.role);
            pg::set_session("migrate.revision", "");
            pg::set_session("application_name", "migrate");
        });
    }

    pg::WorkerProcess *const process_ = nullptr;  // null: nobody listens
    RunRequest const request_;
    Run run_;
    std::optional<Catalog> catalog_;
    PreparedPlan plan_;
    std::optional<core::HeadTracker> heads_;
    std::size_t steps_ = 0;
    std::optional<RunStep> current_;
    std::optional<Journal> journal_;  // the same
    std::optional<SchemaKeeper> keeper_;
};

}  // namespace

void worker_main(Datum argument) {
    pg::WorkerProcess process(argument);
    WorkerRun(process, RunRequest::unpack(process.payload())).execute();
}

void queued_main() {
    pg::QueuedProcess const process;
    Run run;
    run.id = process.run();
    bool mine = false;
    in_transaction([&] {
        pg::lock_in_transaction(pg::LockName::number);
        mine = claim_run(run);
    });
    std::optional<WorkerRun> work;
    if (mine) in_transaction([&] { work.emplace(std::move(run)); });
    if (work) work->execute();
}

void visitor_main(Datum argument) {
    if (pg::connect_visitor(argument)) in_transaction([] { start_waiting_runs(); });
}

void recorder_main(Datum argument) {
    pg::WorkerProcess process(argument);
    FailedRun failed = FailedRun::unpack(process.payload());
    in_transaction([&] {
        pg::lock_in_transaction(pg::LockName::number);
        insert_run(failed.run);
        for (const RunStep &step : failed.steps) insert_run_step(failed.run.id, step);
    });
    process.say_number(failed.run.id);
}

}  // namespace migrate::engine
