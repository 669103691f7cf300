#include "engine/host.hpp"
#include "engine/polite.hpp"
#include "engine/request.hpp"
#include "engine/schema_record.hpp"
#include "engine/step.hpp"
#include "pg/background.hpp"
#include "pg/locks.hpp"
#include "pg/progress.hpp"
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

class InlineRun {
 public:
    InlineRun(const Catalog &catalog, const PreparedPlan &plan, const Command &command, bool exempt)
        : catalog_(catalog), plan_(plan), command_(command), attempts_(exempt), exempt_(exempt) {}

    std::vector<RunStep> execute() {
        pg::ProgressReport const progress(to_string(command_.direction), command_.target);
        pg::report_steps(static_cast<int>(plan_.transactional));
        while (!attempt()) attempts_.rest();
        return std::move(done_);
    }

 private:
    // All of it in one subtransaction. False: it got no lock in time, and may try again.
    bool attempt() {
        run_ = begin_run(to_string(command_.direction), command_.target, pg::caller(), "inline");
        run_.status = "done";
        run_.from_heads = plan_.from_heads;
        done_.clear();
        pg::SubTransaction work;
        try {
            // Before anything strong is locked, and once for all attempts.
            if (!keeper_) keeper_.emplace();
            take_locks([this] { return all_locks(); }, exempt_);
            run_steps();
            work.commit();
            return true;
        } catch (const pg::PgError &error) {
            work.roll_back();
            if (attempts_.again()) return false;
            explain(error, command_);
            record_failure(run_, done_, pg::current_error_text());
            throw;
        } catch (...) {
            work.roll_back();
            record_failure(run_, done_, pg::current_error_text());
            throw;
        }
    }

    std::span<const PreparedStep> steps() const {
        return std::span(plan_.steps).first(plan_.transactional);
    }

    // Of all steps: they keep what they lock until the caller's commit, so none is locked before
    // all are free.
    pg::RelationLocks all_locks() const {
        pg::RelationLocks locks;
        for (const PreparedStep &step : steps())
            add_locks(step, 0, step.statements().size(), locks);
        return locks;
    }

    void run_steps() {
        core::HeadTracker heads(catalog_.graph(), catalog_.applied());
        std::string const lock_timeout = statement_lock_timeout();
        done_.reserve(plan_.transactional);
        for (const PreparedStep &step : steps()) {
            done_.push_back(begin_step(step, done_.size() + 1));
            done_.back().status = "done";
            run_step(step, lock_timeout);
            done_.back().duration = pg::between(done_.back().started_at, pg::now());
            heads.apply({step.node, step.direction});
        }
        record_heads(heads, catalog_.graph());
        run_.to_heads = catalog_.graph().ids(heads.heads());
        record();
        keeper_->keep();
    }

    void run_step(const PreparedStep &step, const std::string &lock_timeout) {
        pg::SettingsLevel settings;
        settings.set("migrate.revision", step.revision);
        settings.set("lock_timeout", lock_timeout);
        run_statements(step, 0, step.statements().size());
        run_verify(step);
        settings.close();
    }

    // All at the end: the run gets its number only now, because a number that is taken in an open
    // transaction would make other runs wait for it.
    void record() {
        run_.ended_at = pg::now();
        pg::lock_in_transaction(pg::LockName::number);
        insert_run(run_);
        for (std::size_t i = 0; i < done_.size(); i++) {
            record_step(plan_.steps[i], run_, pg::after(done_[i].started_at, done_[i].duration));
            insert_run_step(run_.id, done_[i]);
        }
    }

    const Catalog &catalog_;
    const PreparedPlan &plan_;
    const Command &command_;
    Attempts attempts_;
    bool const exempt_;
    std::optional<SchemaKeeper> keeper_;
    Run run_;
    std::vector<RunStep> done_;
};

}  // namespace

std::vector<RunStep> run_inline(const Catalog &catalog, const PreparedPlan &plan,
                                const Command &command, bool exempt) {
    return InlineRun(catalog, plan, command, exempt).execute();
}

}  // namespace migrate::engine
