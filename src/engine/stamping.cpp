#include "engine/stamping.hpp"

#include "core/messages.hpp"
#include "core/planner.hpp"
#include "core/stamp.hpp"
#include "engine/backfill_store.hpp"
#include "engine/ledger.hpp"
#include "engine/turn.hpp"
#include "pg/session.hpp"

namespace migrate::engine {

using core::Code;
using core::Error;

std::vector<std::string> stamp(const std::vector<std::string> &targets, bool purge,
                               SchemaKeeper keeper) {
    pg::require_writable("migrate.stamp()");
    take_turn(pg::LockName::turn);
    take_turn(pg::LockName::run);
    Catalog const catalog(View::latest);
    core::Graph const &graph = catalog.graph();
    core::StampPlan const plan = core::plan_stamp(graph, catalog.applied(), targets, purge);
    std::string const who = pg::caller().session_user;
    pg::Instant const now = pg::now();
    for (core::Node node : plan.removed) {
        remove_applied(graph.id(node));
        remove_unfinished(graph.id(node));
        forget_jobs(graph.id(node));
    }
    for (core::Node node : plan.added) {
        remove_unfinished(graph.id(node));
        forget_jobs(graph.id(node));
        insert_applied(
            {graph.id(node), now, who, "stamp", std::nullopt, catalog.details(node).checksum});
    }
    Summary summary;
    summary.total = static_cast<std::int64_t>(plan.applied.size());
    summary.heads = graph.ids(plan.heads);
    write_ledger_summary(summary);
    keeper.keep();
    return summary.heads;
}

void resolve_unfinished(const std::string &target, const std::string &how) {
    pg::require_writable("migrate.resolve()");
    take_turn(pg::LockName::turn);
    take_turn(pg::LockName::run);
    Catalog const catalog(View::latest);
    std::string const id = catalog.graph().id(core::resolve_one(catalog.graph(), target));
    std::optional<Unfinished> row = find_unfinished(View::latest, id);
    if (!row)
        throw Error(Code::invalid_target,
                    fmt::format("revision {} has no interrupted step", core::quoted(id)));
    if (how == "undo") {
        remove_unfinished(id);
        forget_jobs(id);
        return;
    }
    if (how != "retry" && how != "done")
        throw Error(Code::invalid_target,
                    fmt::format("unknown way to resolve: {}", core::quoted(how)), {},
                    "Use retry, done or undo.");
    if (how == "done" && row->in_flight) {
        row->done = *row->in_flight;
        row->found.reset();
    }
    row->in_flight.reset();
    write_unfinished(*row);
}

}  // namespace migrate::engine
