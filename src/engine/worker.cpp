// The worker's side of the worker host: a whole run, each revision in transactions of its own.
#include "core/messages.hpp"
#include "engine/host.hpp"
#include "engine/polite.hpp"
#include "engine/queue.hpp"
#include "engine/repair.hpp"
#include "engine/request.hpp"
#include "engine/step.hpp"
#include "pg/background.hpp"
#include "pg/frame.hpp"
#include "pg/launcher.hpp"
#include "pg/locks.hpp"
#include "pg/progress.hpp"
#include "pg/queued_worker.hpp"

namespace migrate::engine {

namespace {

// The transactions of a worker: commit() ends one well, and whatever leaves the scope otherwise
// ends in the worker's one handler, which aborts.
template <class F>
void in_transaction(F &&body) {
    pg::begin_transaction();
    body();
    pg::commit_transaction();
}

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
        return request;
    }

    // The caller's identity and settings, and a durable row before anything else.
    void start() {
        restore_settings();
        if (run_.id == 0) {
            run_ = begin_run(request_.command, request_.caller, "worker");
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
        });
        pg::report_steps(static_cast<int>(plan_.steps.size()));
        tell_spliced(*catalog_, plan_);
        for (const PreparedStep &step : plan_.steps) run_step(step);
    }

    void run_step(const PreparedStep &step) {
        current_ = begin_step(step, ++steps_);
        step_ = &step;
        if (request_.announce)
            pg::notice(announcement(catalog_->graph(), {step.node, step.direction}));

        in_transaction([&] {
            pg::set_session("migrate.revision", step.revision);
            std::optional<Unfinished> const before = find_unfinished(View::latest, step.revision);
            repeated_ = before.has_value();
            journal_ = before.value_or(Unfinished{step.revision,
                                                  to_string(step.direction),
                                                  0,
                                                  std::nullopt,
                                                  run_.id,
                                                  step.checksum,
                                                  {}});
        });
        journal_.run = run_.id;
        if (repeated_) set_again(step);
        bool closed = false;
        std::vector<core::Group> const groups = core::cut_groups(step.statements());
        for (const core::Group &group : groups) {
            std::size_t const first =
                std::max(group.first, static_cast<std::size_t>(journal_.done));
            if (first >= group.last) continue;
            if (group.transactional)
                closed = run_together(step, first, group.last);
            else
                run_one(step, first);
        }
        if (!closed) in_transaction([&] { close(step); });
        restore_settings();
        pg::report_idle();
        current_.reset();
    }

    // A step that goes on needs the settings that it made before it stopped.
    void set_again(const PreparedStep &step) {
        in_transaction([&] {
            for (std::size_t i = 0; i < static_cast<std::size_t>(journal_.done); i++)
                if (step.statements()[i].sets_session) run_statements(step, i, i + 1);
        });
    }

    // Statements in one transaction, with the ledger where they are the last ones. True then.
    bool run_together(const PreparedStep &step, std::size_t first, std::size_t last) {
        bool const ends = last == step.statements().size();
        repeated_ = false;
        pg::report_activity(step.title);
        for (Attempts attempts;; attempts.rest()) {
            try {
                pg::begin_transaction();
                lock(step, first, last);
                pg::set_local("lock_timeout", statement_lock_timeout());
                run_statements(step, first, last);
                if (ends) {
                    close(step);
                } else {
                    journal_.done = static_cast<int>(last);
                    write_unfinished(journal_);
                }
                // Deferred constraints are checked here.
                pg::ContextFrame const frame(step.title);
                pg::commit_transaction();
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
        journal_.done = static_cast<int>(done);
        heads_.emplace(catalog_->graph(), catalog_->applied());
        for (std::size_t i = 0; i + 1 < steps_; i++)
            heads_->apply({plan_.steps[i].node, plan_.steps[i].direction});
        run_.to_heads = catalog_->graph().ids(heads_->heads());
        current_->status.clear();
    }

    // A statement outside of transactions, with a note before and after it. What an earlier attempt
    // has left is cleaned up first.
    void run_one(const PreparedStep &step, std::size_t index) {
        bool run = true;
        bool const again = repeated_;
        repeated_ = false;
        if (again) {
            run = may_run(step, index);
            drop_leftovers(step, index, journal_.invalid_before);
        }
        if (run) {
            in_transaction([&] {
                if (works_concurrently(step.statements()[index].repeat))
                    tell_obstacles(table_of(step, index));
                if (!again) journal_.invalid_before = invalid_indexes(step, index);
                journal_.in_flight = static_cast<int>(index + 1);
                write_unfinished(journal_);
            });
            patiently(step, index);
        }
        journal_.in_flight.reset();
        journal_.invalid_before.clear();
        journal_.done = static_cast<int>(index + 1);
        in_transaction([&] { write_unfinished(journal_); });
    }

    // A lock_timeout would end a concurrent index statement on snapshots of unrelated tables, and
    // leave an invalid index.
    void patiently(const PreparedStep &step, std::size_t index) {
        if (!works_concurrently(step.statements()[index].repeat)) return run_alone(step, index);
        std::string const before = pg::setting("lock_timeout");
        in_transaction([] { pg::set_session("lock_timeout", "0"); });
        run_alone(step, index);
        in_transaction([&] { pg::set_session("lock_timeout", before); });
    }

    // False: an earlier run came to its end although it could not say so.
    bool may_run(const PreparedStep &step, std::size_t index) {
        Verdict verdict{};
        in_transaction([&] { verdict = judge(step, index, journal_.in_flight.has_value()); });
        if (verdict != Verdict::unknown) return verdict == Verdict::run;
        fail_at(step, index,
                core::Error(core::Code::interrupted,
                            fmt::format("an earlier run of revision \"{}\" was interrupted in "
                                        "statement {}",
                                        step.revision, index + 1),
                            "It may have run or not, or in part.",
                            fmt::format("Look at what it did, then call migrate.resolve({}, "
                                        "'retry'), or with 'done' or 'undo'.",
                                        core::sql_literal(step.revision))));
    }

    void close(const PreparedStep &step) {
        run_verify(step);
        pg::Instant const end = pg::now();
        record_step(step, run_, end);
        heads_->apply({step.node, step.direction});
        record_heads(*heads_, catalog_->graph());
        remove_unfinished(step.revision);
        current_->status = "done";
        current_->duration = pg::between(current_->started_at, end);
        insert_run_step(run_.id, *current_);
        run_.to_heads = catalog_->graph().ids(heads_->heads());
        update_run(run_);
    }

    void finish() {
        run_.status = "done";
        run_.ended_at = pg::now();
        in_transaction([&] { update_run(run_); });
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
        if (current_ && journal_.in_flight && run_.error.sqlstate != "MG009") settle();
    }

    // The statement ended with an error, so nobody needs to ask how far it came, unless it may have
    // committed on its way. What it has left goes now if nobody is in the way, otherwise before the
    // next attempt.
    void settle() {
        std::size_t const index = static_cast<std::size_t>(*journal_.in_flight - 1);
        if (step_->statements()[index].repeat == core::Repeat::unknown) return;
        journal_.in_flight.reset();
        in_transaction([&] { write_unfinished(journal_); });
        try {
            in_transaction([&] {
                drop_leftovers_now(*step_, index, journal_.invalid_before);
                if (journal_.done == 0) remove_unfinished(journal_.revision);
            });
        } catch (const pg::PgError &) {
            pg::abort_transaction();
        }
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
    const PreparedStep *step_ = nullptr;  // the same
    Unfinished journal_;
    bool repeated_ = false;  // the next statement has been begun before
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
    if (mine) WorkerRun(std::move(run)).execute();
}

void visitor_main(Datum argument) {
    if (pg::connect_visitor(argument)) in_transaction([] { start_waiting_runs(false); });
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
