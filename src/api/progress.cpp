// working: what migrate.progress shows
#include "api/entry.hpp"
#include "engine/status.hpp"

using namespace migrate;

namespace {

pg::Value unless_empty(const std::string &text) {
    return text.empty() ? pg::Value() : pg::Value(text);
}

pg::Value unless_zero(std::int64_t number) {
    return number == 0 ? pg::Value() : pg::Value(number);
}

}  // namespace

MIGRATE_FUNCTION(working) {
    pg::ResultSet rows(args.raw());
    for (const engine::Status &status : engine::read_status()) {
        pg::Progress const &progress = status.progress;
        bool const counted = progress.total > 0;
        rows.add(
            {unless_zero(progress.run),
             progress.pid,
             progress.command,
             progress.target,
             unless_empty(progress.revision),
             unless_empty(progress.direction),
             unless_zero(progress.step),
             unless_zero(progress.steps),
             unless_zero(progress.statement),
             unless_zero(progress.statements),
             progress.phase,
             unless_empty(progress.detail),
             status.percent ? pg::Value(static_cast<std::int64_t>(*status.percent)) : pg::Value(),
             counted ? pg::Value(progress.done) : pg::Value(),
             counted ? pg::Value(progress.total) : pg::Value(),
             counted ? pg::Value(progress.unit) : pg::Value(),
             unless_zero(progress.processed),
             status.rows_per_second ? pg::Value(*status.rows_per_second) : pg::Value(),
             status.remaining ? pg::Value(*status.remaining) : pg::Value(),
             std::int64_t{status.behind},
             bool{progress.paused},
             progress.started_at,
             progress.statement_at,
             progress.phase_at});
    }
    return Datum(0);
}
