#include "engine/status.hpp"

#include "pg/query.hpp"
#include "pg/session.hpp"
#include "pg/settings.hpp"

namespace migrate::engine {

namespace {

// What the server itself tells of a process: its index build, whom it waits for, who waits for it.
constexpr const char *kServerSees = R"(
    SELECT i.phase,
           CASE WHEN i.lockers_total > 0 THEN i.lockers_done
                WHEN i.tuples_total > 0 THEN i.tuples_done ELSE i.blocks_done END,
           CASE WHEN i.lockers_total > 0 THEN i.lockers_total
                WHEN i.tuples_total > 0 THEN i.tuples_total ELSE i.blocks_total END,
           CASE WHEN i.lockers_total > 0 THEN 'transactions'
                WHEN i.tuples_total > 0 THEN 'rows' ELSE 'blocks' END,
           (SELECT string_agg('pid ' || b.pid || coalesce(', user ' || b.usename, '')
                              || coalesce(', ' || nullif(b.application_name, ''), '')
                              || coalesce(', ' || b.state, '')
                              || coalesce(', transaction for '
                                          || round(extract(epoch FROM clock_timestamp() - b.xact_start))
                                          || ' s', ''), E'\n' ORDER BY b.xact_start)
            FROM pg_stat_activity b
            WHERE b.pid = i.current_locker_pid OR b.pid = ANY (pg_blocking_pids($1::int))),
           (SELECT count(DISTINCT l.pid) FROM pg_locks l
            WHERE NOT l.granted AND $1::int = ANY (pg_blocking_pids(l.pid)))
    FROM (SELECT $1::int AS pid) p LEFT JOIN pg_stat_progress_create_index i USING (pid))";

std::int64_t number(const std::optional<std::string> &text) {
    return text ? std::stoll(*text) : 0;
}

void add_server_view(Status &status) {
    pg::Progress &progress = status.progress;
    pg::TextRow const row = pg::query(kServerSees, {std::to_string(progress.pid)}).at(0);
    if (row[0]) {
        progress.phase =
            row[0]->starts_with("building index") ? *row[0] : "building index: " + *row[0];
        progress.done = number(row[1]);
        progress.total = number(row[2]);
        progress.unit = *row[3];
        progress.first_done = 0;
    }
    if (row[4]) {
        if (!row[0] && progress.phase == "running") progress.phase = "waiting for a lock";
        progress.detail = "In the way:\n" + *row[4];
    }
    status.behind = static_cast<int>(number(row[5]));
}

void add_pace(Status &status) {
    pg::Progress const &progress = status.progress;
    double const seconds =
        static_cast<double>(pg::between(progress.statement_at, pg::now()).microseconds) / 1e6;
    if (progress.total > 0)
        status.percent = std::min(
            100.0 * static_cast<double>(progress.done) / static_cast<double>(progress.total),
            100.0);
    if (progress.processed > 0 && seconds > 0)
        status.rows_per_second =
            static_cast<std::int64_t>(static_cast<double>(progress.processed) / seconds);
    std::int64_t const done = progress.done - progress.first_done;
    // The phases of an index build go at different paces.
    if (progress.processed > 0 && done > 0 && progress.total > progress.done)
        status.remaining =
            pg::Duration{static_cast<std::int64_t>(
                             seconds * static_cast<double>(progress.total - progress.done) /
                             static_cast<double>(done)) *
                         1'000'000};
}

std::string duration(pg::Duration time) {
    std::int64_t const seconds = time.microseconds / 1'000'000;
    return fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

}  // namespace

std::vector<Status> read_status(std::optional<std::int64_t> pid) {
    std::vector<Status> all;
    pg::look_afresh();
    for (pg::Progress &progress : pg::read_progress()) {
        if (pid && progress.pid != *pid) continue;
        Status status;
        status.progress = std::move(progress);
        add_server_view(status);
        add_pace(status);
        all.push_back(std::move(status));
    }
    return all;
}

std::string describe(const Status &status) {
    pg::Progress const &progress = status.progress;
    std::string text;
    if (!progress.revision.empty()) {
        text = fmt::format("revision {}", progress.revision);
        if (progress.steps > 1) text += fmt::format(" ({} of {})", progress.step, progress.steps);
        if (progress.statement > 0)
            text += fmt::format(", statement {} of {}", progress.statement, progress.statements);
        text += ": ";
    } else if (!progress.target.empty()) {
        text = fmt::format("{} {}: ", progress.command, progress.target);
    }
    text += progress.phase.empty() ? "starting" : progress.phase;
    if (progress.paused && progress.phase != "paused") text += " (to be paused)";
    if (status.percent) {
        text += fmt::format(", {:.0f} %", *status.percent);
        if (progress.processed == 0)
            text += fmt::format(" ({} of {} {})", progress.done, progress.total, progress.unit);
    }
    if (progress.processed > 0) text += fmt::format(", {} rows", progress.processed);
    if (status.rows_per_second) text += fmt::format(", {} a second", *status.rows_per_second);
    if (status.remaining) text += fmt::format(", {} left", duration(*status.remaining));
    if (status.behind > 0)
        text += fmt::format(", {} {} for it", status.behind,
                            status.behind == 1 ? "session waits" : "sessions wait");
    return text;
}

Teller::Teller() : last_(pg::now().microseconds) {}

void Teller::tell(std::int64_t pid) {
    std::int64_t const pace = pg::notify_interval() * std::int64_t{1000};
    std::int64_t const now = pg::now().microseconds;
    if (pace == 0 || now - last_ < pace) return;
    last_ = now;
    for (const Status &status : read_status(pid))
        pg::notice(describe(status), status.progress.detail);
}

}  // namespace migrate::engine
