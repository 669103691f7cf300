#include "engine/ledger.hpp"

#include "core/messages.hpp"
#include "engine/row.hpp"
#include "pg/background.hpp"
#include "pg/session.hpp"

namespace migrate::engine {

using pg::Access;
using pg::Row;
using pg::Table;
using pg::Value;

namespace {

Unfinished unfinished_of(const Row &row) {
    Unfinished result;
    result.revision = text(row, 1);
    result.direction = text(row, 2);
    result.done = static_cast<int>(number(row, 3));
    if (!pg::is_null(row[3])) result.in_flight = static_cast<int>(number(row, 4));
    result.run = number(row, 5);
    result.checksum = std::get<pg::Bytes>(row[5]);
    if (!pg::is_null(row[6])) result.found = std::get<pg::Texts>(row[6]);
    return result;
}

// Kept only for as long as somebody may have to go on with the run: they may hold secrets.
pg::Texts setting_texts(const Run &run) {
    pg::Texts texts;
    if (run.ended_at) return texts;
    for (const pg::Setting &setting : run.settings)
        texts.push_back(setting.name + "=" + setting.value);
    return texts;
}

std::vector<pg::Setting> settings_of(const pg::Texts &texts) {
    std::vector<pg::Setting> settings;
    for (const std::string &entry : texts) {
        std::size_t const equals = entry.find('=');
        settings.push_back({entry.substr(0, equals), entry.substr(equals + 1)});
    }
    return settings;
}

std::int64_t process(const Row &row) {
    return pg::is_null(row[9]) ? 0 : number(row, 10);
}

bool is_waiting(const std::string &status, std::int64_t pid) {
    return status == "queued" && !pg::is_worker(pid);
}

// Whether the process of a run is still there.
bool is_there(const std::string &host, std::int64_t pid) {
    return host == "worker" ? pg::is_worker(pid) : pg::is_alive(pid);
}

Value found(const Unfinished &row) {
    return row.found ? Value(*row.found) : Value();
}

Value in_flight(const Unfinished &row) {
    return row.in_flight ? Value(std::int64_t{*row.in_flight}) : Value();
}

}  // namespace

const char *to_string(core::Direction direction) {
    return direction == core::Direction::up ? "upgrade" : "downgrade";
}

core::Direction to_direction(const std::string &name) {
    return name == to_string(core::Direction::up) ? core::Direction::up : core::Direction::down;
}

void insert_applied(const AppliedRow &row) {
    Table("applied", Access::write)
        .insert({row.revision, row.applied_at, row.applied_by, row.method,
                 row.run ? Value(*row.run) : Value(), row.checksum});
}

void remove_applied(const std::string &revision) {
    Table("applied", Access::write).remove({{1, revision}});
}

std::string finishing_hint(const Unfinished &row) {
    return fmt::format(
        "Finish it with migrate.{}(), or take back by hand what it did and call "
        "migrate.resolve({}, 'undo').",
        row.direction, core::sql_literal(row.revision));
}

std::vector<Unfinished> read_unfinished(View view) {
    std::vector<Unfinished> rows;
    Table("unfinished", Access::read).scan(view, {1, 2, 3, 4, 5, 6, 7}, [&](Row &row) {
        rows.push_back(unfinished_of(row));
    });
    return rows;
}

std::optional<Unfinished> find_unfinished(View view, const std::string &revision) {
    auto rows = Table("unfinished", Access::read).find(view, {{1, revision}});
    if (rows.empty()) return std::nullopt;
    return unfinished_of(rows.front());
}

void write_unfinished(const Unfinished &row) {
    pg::commit_durably();
    Table table("unfinished", Access::write);
    if (!table.update({{1, row.revision}}, {{2, row.direction},
                                            {3, std::int64_t{row.done}},
                                            {4, in_flight(row)},
                                            {5, row.run},
                                            {6, row.checksum},
                                            {7, found(row)}}))
        table.insert({row.revision, row.direction, std::int64_t{row.done}, in_flight(row), row.run,
                      row.checksum, found(row)});
}

void remove_unfinished(const std::string &revision) {
    Table("unfinished", Access::write).remove({{1, revision}});
}

void insert_run(Run &run) {
    Table table("run", Access::write);
    run.id = table.largest_key(View::latest) + 1;
    table.insert({run.id,
                  run.command,
                  run.target,
                  run.status,
                  run.host,
                  run.requested_by,
                  run.role,
                  run.application,
                  run.client,
                  run.pid == 0 ? Value() : Value(run.pid),
                  run.from_heads,
                  run.to_heads,
                  run.started_at,
                  run.ended_at ? Value(*run.ended_at) : Value(),
                  text_or_null(run.error.sqlstate),
                  text_or_null(run.error.message),
                  text_or_null(run.error.detail),
                  text_or_null(run.error.hint),
                  text_or_null(run.error.context),
                  setting_texts(run),
                  run.queued_steps ? Value(*run.queued_steps) : Value()});
}

void update_run(const Run &run) {
    Table("run", Access::write)
        .update({{1, run.id}}, {{4, run.status},
                                {11, run.from_heads},
                                {12, run.to_heads},
                                {14, run.ended_at ? Value(*run.ended_at) : Value()},
                                {15, text_or_null(run.error.sqlstate)},
                                {16, text_or_null(run.error.message)},
                                {17, text_or_null(run.error.detail)},
                                {18, text_or_null(run.error.hint)},
                                {19, text_or_null(run.error.context)},
                                {20, setting_texts(run)}});
}

std::optional<Run> find_run(std::int64_t id) {
    auto rows = Table("run", Access::read).find(View::latest, {{1, id}});
    if (rows.empty()) return std::nullopt;
    Row const &row = rows.front();
    Run run;
    run.id = id;
    run.command = text(row, 2);
    run.target = text(row, 3);
    run.status = text(row, 4);
    run.host = text(row, 5);
    run.requested_by = text(row, 6);
    run.role = text(row, 7);
    run.application = text(row, 8);
    run.client = text(row, 9);
    run.pid = process(row);
    run.started_at = std::get<pg::Instant>(row[12]);
    run.error.sqlstate = text(row, 15);
    run.error.message = text(row, 16);
    run.error.detail = text(row, 17);
    run.error.hint = text(row, 18);
    run.error.context = text(row, 19);
    run.settings = settings_of(std::get<pg::Texts>(row[19]));
    if (!pg::is_null(row[20])) run.queued_steps = std::get<pg::Texts>(row[20]);
    return run;
}

bool is_there(const Run &run) {
    return is_there(run.host, run.pid);
}

bool claim_run(Run &run) {
    std::optional<Run> const found = find_run(run.id);
    if (!found || !is_waiting(found->status, found->pid)) return false;
    run = *found;
    run.pid = pg::process_id();
    Table("run", Access::write).update({{1, run.id}}, {{10, run.pid}});
    return true;
}

std::vector<std::int64_t> find_waiting_runs() {
    std::vector<std::int64_t> found;
    Table("run", Access::read).scan(View::latest, {1, 4, 10, 21}, [&](Row &row) {
        if (!pg::is_null(row[20]) && is_waiting(text(row, 4), process(row)))
            found.push_back(number(row, 1));
    });
    std::sort(found.begin(), found.end());
    return found;
}

void end_stale_runs(std::int64_t except) {
    std::vector<std::int64_t> stale;
    Table table("run", Access::write);
    table.scan(View::latest, {1, 4, 5, 10, 21}, [&](Row &row) {
        std::string const status = text(row, 4);
        bool const running = status == "running";
        if (number(row, 1) == except || !(running || status == "queued")) return;
        if (!running && !pg::is_null(row[20])) return;  // its time will come
        bool const alone = running && text(row, 5) != "session";
        if (alone || !is_there(text(row, 5), process(row))) stale.push_back(number(row, 1));
    });
    for (std::int64_t id : stale)
        table.update({{1, id}},
                     {{4, std::string("interrupted")}, {14, pg::now()}, {20, pg::Texts()}});
}

void insert_run_step(std::int64_t run, const RunStep &step) {
    Table("run_step", Access::write)
        .insert({run, std::int64_t{step.step}, step.revision,
                 std::string(to_string(step.direction)), step.message, step.status,
                 std::int64_t{step.statements}, step.started_at, step.duration});
}

std::vector<RunStep> read_run_steps(std::int64_t run) {
    std::vector<RunStep> steps;
    for (const Row &row : Table("run_step", Access::read).find(View::latest, {{1, run}})) {
        RunStep step;
        step.step = static_cast<int>(number(row, 2));
        step.revision = text(row, 3);
        step.direction = to_direction(text(row, 4));
        step.message = text(row, 5);
        step.status = text(row, 6);
        step.statements = static_cast<int>(number(row, 7));
        step.started_at = std::get<pg::Instant>(row[7]);
        step.duration = std::get<pg::Duration>(row[8]);
        steps.push_back(std::move(step));
    }
    return steps;
}

}  // namespace migrate::engine
