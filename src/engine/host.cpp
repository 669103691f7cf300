#include "engine/host.hpp"

#include "engine/turn.hpp"
#include "pg/session.hpp"

namespace migrate::engine {

namespace {

const char *function_name(core::Direction direction) {
    return direction == core::Direction::up ? "migrate.upgrade()" : "migrate.downgrade()";
}

[[noreturn]] void refuse_statement(const Command &command, const PreparedPlan &plan,
                                   Waiting waiting) {
    auto const step = std::find_if(plan.steps.begin(), plan.steps.end(), [](const PreparedStep &s) {
        return std::any_of(s.statements().begin(), s.statements().end(),
                           [](const core::Statement &t) { return !t.transactional; });
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
        RunStep step;
        step.step = static_cast<int>(steps.size() + 1);
        step.revision = prepared.revision;
        step.direction = prepared.direction;
        step.message = prepared.message;
        step.status = "queued";
        steps.push_back(std::move(step));
    }
    return steps;
}

}  // namespace

std::vector<RunStep> execute(const Command &command, Waiting waiting) {
    pg::require_writable(function_name(command.direction));
    if (nothing_to_do(command)) return {};
    bool const exempt = waiting == Waiting::statement_exempt;
    // One session at a time has a worker or makes a plan: waiting workers would use up the slots.
    if (waiting != Waiting::none) take_turn(pg::LockName::turn, exempt);
    if (waiting == Waiting::procedure)
        return nothing_to_do(command) ? std::vector<RunStep>() : run_in_worker(command, waiting);

    take_turn(pg::LockName::run, exempt);
    std::vector<RunStep> planned;
    {
        Catalog const catalog(View::latest);
        PreparedPlan const plan = prepare(catalog, make_plan(catalog, command), View::latest);
        if (plan.steps.empty()) {
            pg::unlock(pg::LockName::run);
            return {};
        }
        if (plan.transactional && waiting != Waiting::none) {
            tell_spliced(catalog, plan);
            return run_inline(catalog, plan, command);
        }
        if (waiting == Waiting::statement ||
            (waiting == Waiting::none && pg::in_transaction_block()))
            refuse_statement(command, plan, waiting);
        planned = planned_steps(plan);
    }
    // The worker makes its own plan once it has the lock.
    pg::unlock(pg::LockName::run);
    std::vector<RunStep> done = run_in_worker(command, waiting);
    return waiting == Waiting::none ? planned : done;
}

}  // namespace migrate::engine
