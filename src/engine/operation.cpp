#include "engine/operation.hpp"

#include "engine/step.hpp"
#include "pg/locks.hpp"
#include "pg/procedure.hpp"
#include "pg/session.hpp"
#include "pg/settings.hpp"

namespace migrate::engine {

namespace {

ScriptPosition position() {
    ScriptPosition result;
    result.revision = pg::running_revision();
    if (result.by_hand()) return result;
    pg::Progress const progress = pg::own_progress();
    result.direction = progress.direction;
    result.statement = progress.statement;
    return result;
}

Run begin(const char *command, const std::string &target) {
    Run run = begin_run(command, target, pg::caller(), "session");
    run.status = "running";
    pg::lock_in_transaction(pg::LockName::number);
    insert_run(run);
    pg::commit_and_begin();
    return run;
}

void end(Run &run, const char *status) {
    run.status = status;
    run.ended_at = pg::now();
    update_run(run);
    pg::commit_and_begin();
}

// In a handler: the record of what went wrong, which the transaction of the error must not take
// along.
void fail(Run &run) {
    run.error = pg::current_error_text();
    pg::roll_back_and_begin();
    end(run, "failed");
}

void run_by_hand(const char *command, const std::string &target,
                 const std::function<void(const Operation &)> &work) {
    Run run = begin(command, target);
    pg::ProgressReport const progress(command, target, run.id);
    try {
        work({run.id, {}});
        end(run, "done");
    } catch (const pg::PgError &error) {
        pg::PgError const kept = pg::keep(error);
        fail(run);
        throw kept;
    } catch (const std::exception &) {
        fail(run);
        throw;
    }
}

}  // namespace

void operate(const pg::Arguments &args, const char *command, const std::string &target,
             const std::function<void(const Operation &)> &work) {
    std::string const name = fmt::format("migrate.{}()", command);
    pg::require_changeable(name.c_str());
    ScriptPosition const place = position();
    pg::commit_procedure(args.raw(), name.c_str());
    if (place.by_hand()) return run_by_hand(command, target, work);
    work({pg::own_progress().run, place});
}

}  // namespace migrate::engine
