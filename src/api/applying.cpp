// upgrade, downgrade, their _online forms, wait, plan, upgrade_sql, downgrade_sql
#include "api/entry.hpp"
#include "engine/host.hpp"
#include "engine/offline.hpp"
#include "engine/queue.hpp"
#include "engine/step.hpp"
#include "pg/exemption.hpp"
#include "pg/procedure.hpp"
#include "pg/query.hpp"
#include "pg/session.hpp"
#include "pg/table_locks.hpp"

using namespace migrate;
using core::Direction;

namespace {

Datum run(const pg::Arguments &args, Direction direction) {
    engine::Command const command{direction, args.text(0, "target")};
    bool const wait = args.boolean(1, "wait");
    pg::ResultSet rows(args.raw());
    engine::Waiting const waiting = !wait ? engine::Waiting::none
                                    : pg::may_be_exempt(args.raw())
                                        ? engine::Waiting::statement_exempt
                                        : engine::Waiting::statement;
    for (const engine::RunStep &step : engine::execute(command, waiting))
        rows.add({std::int64_t{step.step}, step.revision,
                  std::string(engine::to_string(step.direction)), step.message, step.status,
                  step.status == "queued" ? pg::Value() : pg::Value(step.duration)});
    return Datum(0);
}

Datum run_online(const pg::Arguments &args, Direction direction) {
    engine::Command const command{direction, args.text(0, "target")};
    // From here on no snapshot and no transaction of the caller is left.
    pg::commit_procedure(args.raw(), direction == Direction::up ? "migrate.upgrade_online()"
                                                                : "migrate.downgrade_online()");
    engine::execute(command, engine::Waiting::procedure);
    return Datum(0);
}

engine::Command planned_command(const pg::Arguments &args) {
    std::string const name = args.text(0, "command");
    std::string target = args.text(1, "target");
    if (name == "upgrade") return {Direction::up, std::move(target)};
    if (name == "downgrade") return {Direction::down, std::move(target)};
    throw core::Error(core::Code::invalid_target, fmt::format("unknown command \"{}\"", name), {},
                      "The commands are upgrade and downgrade.");
}

Datum write_sql(const pg::Arguments &args, Direction direction) {
    return pg::text_result(engine::write_sql({direction, args.text(0, "target")}));
}

}  // namespace

MIGRATE_FUNCTION(upgrade) {
    return run(args, Direction::up);
}
MIGRATE_FUNCTION(downgrade) {
    return run(args, Direction::down);
}
MIGRATE_FUNCTION(upgrade_online) {
    return run_online(args, Direction::up);
}
MIGRATE_FUNCTION(downgrade_online) {
    return run_online(args, Direction::down);
}
MIGRATE_FUNCTION(upgrade_sql) {
    return write_sql(args, Direction::up);
}
MIGRATE_FUNCTION(downgrade_sql) {
    return write_sql(args, Direction::down);
}

MIGRATE_FUNCTION(wait) {
    std::int64_t const run = args.bigint(0, "run");
    pg::commit_procedure(args.raw(), "migrate.wait()");
    engine::wait_for_run(run);
    return Datum(0);
}

MIGRATE_FUNCTION(cancel) {
    std::int64_t const run = args.bigint(0, "run");
    pg::require_changeable("migrate.cancel()");
    return BoolGetDatum(engine::cancel_run(run));
}

MIGRATE_FUNCTION(plan) {
    engine::Command const command = planned_command(args);
    engine::Catalog const catalog(engine::View::statement);
    core::Graph const &graph = catalog.graph();
    core::Plan const plan = engine::make_plan(catalog, command);
    std::vector<bool> const transactional =
        engine::transactional_steps(catalog, plan, engine::View::statement);
    core::HeadTracker heads(graph, catalog.applied());
    pg::ResultSet rows(args.raw());
    for (std::size_t i = 0; i < plan.steps.size(); i++) {
        core::Step const step = plan.steps[i];
        heads.apply(step);
        engine::Details const &details = catalog.details(step.node);
        bool const up = step.direction == Direction::up;
        rows.add({static_cast<std::int64_t>(i + 1), graph.id(step.node),
                  std::string(engine::to_string(step.direction)), graph[step.node].message,
                  bool{transactional[i]},
                  std::int64_t{up ? details.up_statements : details.down_statements.value_or(0)},
                  graph.ids(heads.heads())});
    }
    return Datum(0);
}

MIGRATE_FUNCTION(locks) {
    engine::Command const command = planned_command(args);
    engine::Catalog const catalog(engine::View::statement);
    engine::PreparedPlan const plan =
        engine::prepare(catalog, engine::make_plan(catalog, command), engine::View::statement);
    pg::ResultSet rows(args.raw());
    std::int64_t number = 0;
    for (const engine::PreparedStep &step : plan.steps) {
        number++;
        pg::RelationLocks locks;
        engine::add_locks(step, 0, step.statements().size(), locks);
        for (const pg::RelationLock &lock : locks)
            rows.add({number, step.revision, std::string(engine::to_string(step.direction)),
                      pg::qualified_name(lock.relation), pg::lock_mode_name(lock.mode)});
    }
    return Datum(0);
}

MIGRATE_FUNCTION(pending) {
    std::string const target = args.text(0, "target");
    engine::Catalog const catalog(engine::View::statement);
    core::Plan const plan = engine::make_plan(catalog, {Direction::up, target});
    std::vector<bool> const transactional =
        engine::transactional_steps(catalog, plan, engine::View::statement);
    pg::ResultSet rows(args.raw());
    for (std::size_t i = 0; i < plan.steps.size(); i++) {
        core::Node const node = plan.steps[i].node;
        rows.add({static_cast<std::int64_t>(i + 1), catalog.graph().id(node),
                  catalog.graph()[node].message, bool{transactional[i]}});
    }
    return Datum(0);
}
