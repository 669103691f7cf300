#include "engine/step.hpp"

#include "pg/background.hpp"
#include "pg/frame.hpp"
#include "pg/progress.hpp"
#include "pg/session.hpp"

namespace migrate::engine {

using core::Direction;
using core::SectionName;

namespace {

// A frame that tells errors the place of a statement in the file.
class StatementFrame {
 public:
    StatementFrame(const PreparedStep &step, SectionName name, std::size_t index)
        : place_(place(step, name, index)),
          frame_(name == SectionName::verify ? step.title + ", verify" : step.title, place_) {}

    // An error of our own at this statement.
    [[noreturn]] void fail(const core::Error &error) const {
        throw core::LocatedError(error, pg::fold(place_.file, place_.begin, place_.end),
                                 pg::folded_position(place_.file, place_.begin, place_.begin),
                                 frame_.description());
    }

 private:
    static pg::ScriptPlace place(const PreparedStep &step, SectionName name, std::size_t index) {
        core::Statements const &statements = step.script.section(name).statements();
        std::size_t const section = step.script.layout(name).begin;
        return {step.script.text(),
                section,
                section + statements[index].begin,
                section + statements[index].end,
                index + 1,
                statements.size()};
    }
    pg::ScriptPlace const place_;
    pg::ScriptFrame const frame_;
};

constexpr const char *kVerifyHint =
    "The revision is undone, except for statements that ran outside of a transaction.";

}  // namespace

Run begin_run(const char *command, const std::string &target, const pg::Caller &caller,
              const char *host) {
    Run run;
    run.command = command;
    run.target = target;
    run.host = host;
    run.requested_by = caller.session_user;
    run.role = caller.role;
    run.application = caller.application;
    run.client = caller.client;
    run.pid = pg::process_id();
    run.started_at = pg::now();
    return run;
}

RunStep begin_step(const PreparedStep &step, std::size_t number) {
    RunStep row;
    row.step = static_cast<int>(number);
    row.revision = step.revision;
    row.direction = step.direction;
    row.message = step.message;
    row.statements = static_cast<int>(step.statements().size());
    row.started_at = pg::now();
    pg::report_step(row.step, row.revision, to_string(row.direction), row.statements);
    return row;
}

void add_locks(const PreparedStep &step, std::size_t first, std::size_t last,
               pg::RelationLocks &locks) {
    for (std::size_t i = first; i < last; i++) step.script.section(step.name()).add_locks(i, locks);
}

void run_statements(const PreparedStep &step, std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; i++) {
        pg::WorkerProcess::stop_if_requested();
        pg::report_statement(static_cast<int>(i + 1));
        StatementFrame const frame(step, step.name(), i);
        step.script.section(step.name()).run(i);
    }
}

pg::Section::Trial try_statement(const PreparedStep &step, std::size_t index) {
    pg::report_statement(static_cast<int>(index + 1));
    StatementFrame const frame(step, step.name(), index);
    return step.script.section(step.name()).try_out(index);
}

void run_alone(const PreparedStep &step, std::size_t index) {
    pg::WorkerProcess::stop_if_requested();
    pg::report_statement(static_cast<int>(index + 1));
    StatementFrame const frame(step, step.name(), index);
    step.script.section(step.name()).run_top_level(index);
}

void fail_at(const PreparedStep &step, std::size_t index, const core::Error &error) {
    StatementFrame(step, step.name(), index).fail(error);
}

void run_verify(const PreparedStep &step) {
    if (step.direction != Direction::up || !step.script.has(SectionName::verify)) return;
    pg::Section const &section = step.script.section(SectionName::verify);
    for (std::size_t i = 0; i < section.statements().size(); i++) {
        std::optional<core::Error> failure;
        StatementFrame const frame(step, SectionName::verify, i);
        try {
            if (section.run(i, true)) continue;
            failure.emplace(core::Code::verify_failed,
                            fmt::format("verify of revision \"{}\" failed", step.revision),
                            "The query returned a value that is not true.", kVerifyHint);
        } catch (const pg::PgError &caught) {
            pg::ErrorText const error = pg::current_error_text();
            // Not a verdict about the schema.
            if (error.sqlstate == "57014" || error.sqlstate.starts_with("40") ||
                error.sqlstate.starts_with("57P") || error.sqlstate == "55P03")
                throw;
            std::string const prefix =
                fmt::format("verify of revision \"{}\" failed: ", step.revision);
            pg::make_own(caught, core::Code::verify_failed, prefix.c_str(), kVerifyHint);
            throw;
        }
        frame.fail(*failure);
    }
}

void record_step(const PreparedStep &step, const Run &run, pg::Instant at) {
    if (step.direction == Direction::down) return remove_applied(step.revision);
    insert_applied({step.revision, at, run.requested_by, "upgrade", run.id, step.checksum});
}

void record_heads(const core::HeadTracker &heads, const core::Graph &graph) {
    Summary summary;
    summary.total = static_cast<std::int64_t>(heads.applied().size());
    summary.heads = graph.ids(heads.heads());
    write_ledger_summary(summary);
}

std::string announcement(const core::Graph &graph, core::Step step) {
    std::string const &id = graph.id(step.node);
    auto const &follows = graph[step.node].parents;
    std::string const parents =
        follows.empty() ? "base" : fmt::format("{}", fmt::join(follows, ", "));
    bool const up = step.direction == Direction::up;
    return fmt::format("running {} {} -> {}, {}", to_string(step.direction), up ? parents : id,
                       up ? id : parents, graph[step.node].message);
}

}  // namespace migrate::engine
