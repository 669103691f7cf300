#include "engine/host.hpp"

#include "engine/step.hpp"
#include "engine/turn.hpp"
#include "pg/exemption.hpp"
#include "pg/session.hpp"

namespace migrate::engine {

namespace {

const char *function_name(core::Direction direction) {
    return direction == core::Direction::up ? "migrate.upgrade()" : "migrate.downgrade()";
}

[[noreturn]] void refuse_statement(const Command &command, const PreparedPlan &plan,
                                   Waiting waiting) {
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
    if (waiting == Waiting::none)
        throw core::Error(core::Code::transaction_block,
                          fmt::format("{} without waiting needs to run outside of a transaction "
                                      "block",
                                      name),
                          "The run is another session's, which cannot see what this transaction "
                          "has not committed.",
                          "End the transaction first.");
    if (pg::in_transaction_block())
        throw core::Error(
            core::Code::transaction_block,
            fmt::format("{} needs to run outside of a transaction block", name), which,
            fmt::format("Turn on autocommit, end the transaction first, or use CALL "
                        "migrate.{}_online(), as a statement of its own that names nothing else.",
                        verb));
    throw core::Error(
        core::Code::transaction_block, fmt::format("{} needs to be a statement of its own", name),
        which,
        fmt::format("Use CALL migrate.{0}_online(), or SELECT * FROM migrate.{0}() without other "
                    "relations and functions, in the isolation level READ COMMITTED.",
                    verb));
}

std::vector<RunStep> planned_steps(const PreparedPlan &plan) {
    std::vector<RunStep> steps;
    for (const PreparedStep &prepared : plan.steps) {
        steps.push_back(begin_step(prepared, steps.size() + 1));
        steps.back().status = "queued";
    }
    return steps;
}

// A worker that nobody waits for: it takes its turn by itself. What is returned is the plan as of
// now.
std::vector<RunStep> start(const Command &command) {
    Catalog const catalog(View::latest);
    PreparedPlan const plan = prepare(catalog, make_plan(catalog, command), View::latest);
    if (plan.steps.empty()) return {};
    if (pg::in_transaction_block() || pg::called_from_function())
        refuse_statement(command, plan, Waiting::none);
    run_in_worker(command, Waiting::none);
    return planned_steps(plan);
}

}  // namespace

std::vector<RunStep> execute(const Command &command, Waiting waiting) {
    pg::require_writable(function_name(command.direction));
    if (nothing_to_do(command)) return {};
    if (waiting == Waiting::none) return start(command);
    bool const exempt = waiting == Waiting::statement_exempt;
    // One session at a time has a worker or makes a plan: waiting workers would use up the slots.
    take_turn(pg::LockName::turn, exempt);
    if (waiting == Waiting::procedure)
        return nothing_to_do(command) ? std::vector<RunStep>() : run_in_worker(command, waiting);

    take_turn(pg::LockName::run, exempt);
    {
        Catalog const catalog(View::latest);
        PreparedPlan const plan = prepare(catalog, make_plan(catalog, command), View::latest);
        if (plan.transactional && !plan.steps.empty()) {
            tell_spliced(catalog, plan);
            return run_inline(catalog, plan, command, exempt);
        }
        if (!plan.steps.empty() && !exempt) refuse_statement(command, plan, waiting);
        // The worker makes its own plan once it has the lock.
        pg::unlock(pg::LockName::run);
        if (plan.steps.empty()) return {};
    }
    return run_in_worker(command, waiting);
}

}  // namespace migrate::engine
