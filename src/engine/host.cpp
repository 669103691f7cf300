#include "engine/host.hpp"

#include "engine/queue.hpp"
#include "engine/schema_record.hpp"
#include "engine/step.hpp"
#include "engine/turn.hpp"
#include "pg/session.hpp"
#include "pg/settings.hpp"

namespace migrate::engine {

namespace {

const char *function_name(core::Direction direction) {
    return direction == core::Direction::up ? "migrate.upgrade()" : "migrate.downgrade()";
}

[[noreturn]] void refuse_statement(const Command &command, const PreparedPlan &plan) {
    auto const step = std::find_if(plan.steps.begin(), plan.steps.end(), [](const PreparedStep &s) {
        return !core::all_transactional(s.statements());
    });
    std::string const which =
        step == plan.steps.end()
            ? std::string("A step of the plan has to commit on its way.")
            : fmt::format("Revision \"{}\" has a statement that cannot run in a transaction block.",
                          step->revision);
    const char *const name = function_name(command.direction);
    const char *const verb = to_string(command.direction);
    if (pg::in_transaction_block())
        throw core::Error(
            core::Code::transaction_block,
            fmt::format("{} needs to run outside of a transaction block", name), which,
            fmt::format("Turn on autocommit, end the transaction first, use CALL "
                        "migrate.{}_online(), or SET migrate.in_transaction_block = queue.",
                        verb));
    throw core::Error(
        core::Code::transaction_block, fmt::format("{} needs to be a statement of its own", name),
        which,
        fmt::format("Use CALL migrate.{0}_online(), or SELECT * FROM migrate.{0}() without other "
                    "relations and functions, in the isolation level READ COMMITTED.",
                    verb));
}

// What can run in the caller's transaction does so, and the rest after it.
std::vector<RunStep> run_and_queue(const Catalog &catalog, const PreparedPlan &plan,
                                   const Command &command) {
    pg::require_own_identity(function_name(command.direction));
    std::vector<RunStep> steps;
    if (plan.transactional > 0) steps = run_inline(catalog, plan, command, false);
    for (RunStep &queued : queue(command, plan, plan.transactional))
        steps.push_back(std::move(queued));
    return steps;
}

// A run that nobody waits for takes its turn by itself. What it will do is what is pending now.
std::vector<RunStep> start(const Command &command) {
    pg::require_own_identity(function_name(command.direction));
    Catalog const catalog(View::latest);
    PreparedPlan const plan = prepare(catalog, make_plan(catalog, command), View::latest);
    if (plan.steps.empty()) return {};
    return queue(command, plan, 0);
}

// All is applied, and the schema on record.
bool is_settled(const Command &command) {
    return nothing_to_do(command) && !is_record_behind(View::latest);
}

}  // namespace

std::vector<RunStep> execute(const Command &command, Waiting waiting) {
    pg::require_writable(function_name(command.direction));
    if (is_settled(command)) return {};
    if (pg::has_own_identity()) start_waiting_runs();
    if (waiting == Waiting::none) return start(command);
    bool const exempt = waiting == Waiting::statement_exempt;
    // One session at a time has a worker or makes a plan: waiting workers would use up the slots.
    take_turn(pg::LockName::turn, exempt);
    if (waiting == Waiting::procedure)
        return is_settled(command) ? std::vector<RunStep>() : run_in_worker(command, waiting);

    take_turn(pg::LockName::run, exempt);
    {
        Catalog const catalog(View::latest);
        PreparedPlan const plan = prepare(catalog, make_plan(catalog, command), View::latest);
        if (!plan.steps.empty() && (plan.all_transactional() || !exempt)) {
            tell_spliced(catalog, plan);
            if (plan.all_transactional()) return run_inline(catalog, plan, command, exempt);
            if (!pg::queues_in_transaction_block()) refuse_statement(command, plan);
            return run_and_queue(catalog, plan, command);
        }
        if (plan.steps.empty() && is_record_behind(View::latest)) {
            SchemaKeeper::whole().keep();  // under the lock, which stays until the commit
            return {};
        }
        // The worker makes its own plan once it has the lock.
        pg::unlock(pg::LockName::run);
        if (plan.steps.empty()) return {};
    }
    return run_in_worker(command, waiting);
}

}  // namespace migrate::engine
