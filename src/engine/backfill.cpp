#include "engine/backfill.hpp"

#include "core/messages.hpp"
#include "engine/backfill_helpers.hpp"
#include "engine/backfill_ranges.hpp"
#include "engine/backfill_rest.hpp"
#include "engine/backfill_walk.hpp"
#include "engine/leaves.hpp"
#include "pg/change_list.hpp"
#include "pg/locks.hpp"
#include "pg/procedure.hpp"
#include "pg/progress.hpp"
#include "pg/session.hpp"
#include "pg/session_lock.hpp"
#include "pg/settings.hpp"

namespace migrate::engine {

namespace {

constexpr int kRounds = 1;                                           // after the first one
constexpr std::int64_t kShownEvery = 500'000;                        // microseconds
constexpr int kLook = 50;                                            // milliseconds
constexpr std::int64_t kSmallestRegion = 64, kLargestRegion = 8192;  // blocks

// The condition that holds for the rows that the assignments would change.
std::string differing(Oid relation, const std::vector<pg::Assignment> &assignments) {
    std::vector<std::string> parts;
    for (const pg::Assignment &assignment : assignments) {
        if (!assignment.expression)
            pg::fail("22023",
                     fmt::format("no condition can be derived from the assignment of \"{}\"",
                                 assignment.column),
                     "It is not of the form column = expression.",
                     "Give the condition that holds for the rows that are to be changed.");
        std::string const type = column_type(relation, assignment.column);
        std::string const value =
            type.empty() ? fmt::format("({}\n)", *assignment.expression)
                         : fmt::format("CAST(({}\n) AS {})", *assignment.expression, type);
        parts.push_back(
            fmt::format("({} IS DISTINCT FROM {})", pg::quote_name(assignment.column), value));
    }
    return fmt::format("{}", fmt::join(parts, " OR "));
}

void refuse_volatile(const BackfillTask &task, bool derived) {
    if (!pg::has_volatile_condition(fmt::format("SELECT FROM {} AS {} WHERE ({}\n)", task.name,
                                                task.alias, task.condition)))
        return;
    pg::fail("22023", "the condition calls a volatile function",
             derived ? "It was derived from the assignments, which call one."
                     : "The same rows would be judged differently each time.",
             "Give a condition that depends on the row alone.");
}

// An error of a condition that nobody has written needs to be explained.
void check(const BackfillTask &task, const std::vector<Leaf> &leaves, bool derived) {
    try {
        refuse_volatile(task, derived);
        if (!leaves.empty()) check_statement(task, leaves.front());
    } catch (const pg::PgError &error) {
        if (derived && pg::current_error_text().sqlstate == "42883")
            pg::add_hint(error,
                         "Or give the condition that holds for the rows that are to be "
                         "changed: it was derived from the assignments.");
        throw;
    }
}

std::int64_t target_of(const BackfillRequest &request) {
    std::int64_t const target =
        request.target ? request.target->microseconds : std::int64_t{pg::backfill_target()} * 1000;
    if (target < 1000) pg::fail("22023", "the target time of a batch must be at least 1 ms");
    return target;
}

BackfillTask prepare(const BackfillRequest &request) {
    require_table(request.relation);
    if (request.parallel < 1 || request.parallel > 64)
        pg::fail("22023", "argument \"parallel\" must be between 1 and 64");
    BackfillTask task;
    task.purge = request.purge;
    task.relation = request.relation;
    task.name = pg::qualified_name(request.relation);
    task.alias = pg::bare_name(request.relation);
    task.assignments = request.assignments;
    task.target = target_of(request);
    task.processes = is_temporary(request.relation) ? 1 : static_cast<int>(request.parallel);
    if (task.processes > 1 && pg::has_temporary_schema()) {
        task.processes = 1;
        pg::notice("parallel is not used: this session has temporary tables",
                   "Other processes do not see them, and the statement might name one.");
    }
    task.region = std::clamp(buffered_blocks() / (4 * std::max(2, task.processes)), kSmallestRegion,
                             kLargestRegion);
    if (!request.purge) {
        std::vector<pg::Assignment> const assignments = pg::parse_assignments(request.assignments);
        std::vector<std::string> columns;
        for (const pg::Assignment &assignment : assignments) columns.push_back(assignment.column);
        task.moves = moves_rows(request.relation, columns);
        if (!request.condition) task.condition = differing(request.relation, assignments);
    }
    if (request.condition) {
        pg::check_expression(*request.condition, "condition");
        task.condition = *request.condition;
    }
    check(task, find_leaves(request.relation, to_method(request.batch)), !request.condition);
    return task;
}

class BackfillRun {
 public:
    BackfillRun(const BackfillRequest &request, BackfillTask task, const Operation &operation)
        : request_(request), task_(std::move(task)), operation_(operation) {}

    void operator()() {
        lock_table();
        begin();
        if (job_.done) return;
        task_.job = job_.id;
        while (round_leaves_any()) {
            if (job_.round >= kRounds) {
                catch_up();
                break;
            }
            job_.round++;
            cut();
            update_job(job_);
            pg::commit_and_begin();
        }
        finish();
    }

 private:
    void lock_table() {
        if (lock_.try_take(pg::SessionLockKind::table, request_.relation, 0)) return;
        pg::fail(
            "55006", fmt::format("table \"{}\" is being changed in batches already", task_.name),
            fmt::format("Process {} is at it.",
                        pg::session_lock_holder(pg::SessionLockKind::table, request_.relation, 0)),
            "Wait for it, or cancel it.");
    }

    BackfillJob wanted() const {
        BackfillJob job;
        job.purge = request_.purge;
        job.relation = request_.relation;
        job.relation_name = task_.name;
        job.assignments = request_.assignments;
        job.condition = request_.condition.value_or("");
        job.run = operation_.run;
        job.position = operation_.position;
        job.started_at = pg::now();
        return job;
    }

    static bool same_place(const ScriptPosition &a, const ScriptPosition &b) {
        return a.revision == b.revision && a.direction == b.direction && a.statement == b.statement;
    }

    // Goes on with the job of the same work, or begins one. In a script, the place decides: one
    // that has come to its end there is not begun again.
    void begin() {
        job_ = wanted();
        int others = 0;
        for (const BackfillJob &job : read_jobs(pg::View::latest)) {
            if (!same_place(job.position, job_.position)) continue;
            if (job.done && job.position.by_hand()) continue;
            if (job.same_work(job_)) return resume(job);
            if (job.relation != job_.relation || job.done) continue;
            if (is_fruitless(job))
                remove_job(job.id);
            else
                others++;
        }
        if (others > 0)
            pg::notice(fmt::format("an unfinished job of table \"{}\" stays as it is", task_.name),
                       "It has other assignments or another condition.");
        pg::lock_in_transaction(pg::LockName::number);
        insert_job(job_);
        task_.job = job_.id;
        cut();
        pg::commit_and_begin();
    }

    // It was refused by its first batch.
    static bool is_fruitless(const BackfillJob &job) {
        std::vector<BackfillRange> const ranges = read_ranges(job.id);
        return std::none_of(ranges.begin(), ranges.end(),
                            [](const BackfillRange &range) { return range.batches > 0; });
    }

    void resume(const BackfillJob &job) {
        job_ = job;
        if (job_.done) return;
        job_.run = operation_.run;
        update_job(job_);
        pg::commit_and_begin();
    }

    void cut() {
        std::vector<BackfillRange> const before = read_ranges(job_.id);
        int number = before.empty() ? 0 : before.back().number;
        for (const Leaf &leaf : find_leaves(request_.relation, to_method(request_.batch))) {
            std::vector<BackfillRange> ranges = cut_ranges(task_, leaf, job_.round);
            for (BackfillRange &range : ranges) range.number = ++number;
            insert_ranges(ranges);
        }
    }

    // Works until all ranges of the round are done, and looks whether that was all.
    bool round_leaves_any() {
        BackfillHelpers helpers;
        start(helpers);
        BackfillWalk walk(task_, {pg::commit_and_begin, pg::roll_back_and_begin},
                          [&](std::int64_t rows) {
                              pg::report_processed(rows);
                              helpers.check();
                              show();
                          });
        while (!walk.work(job_.round)) {
            helpers.check();
            pg::pause(kLook);
        }
        helpers.wait();
        pg::report_phase("looking for rows that are left", task_.name);
        bool const any = any_left(task_);
        pg::commit_and_begin();
        return any;
    }

    void start(BackfillHelpers &helpers) {
        std::vector<BackfillRange> const ranges = read_ranges(job_.id);
        auto const open = std::count_if(ranges.begin(), ranges.end(), [&](const auto &range) {
            return range.round == job_.round && !range.done;
        });
        pg::commit_and_begin();
        int const count = static_cast<int>(std::min<std::int64_t>(open, task_.processes)) - 1;
        if (count > 0) helpers.start(task_, job_.round, count);
    }

    void show() {
        std::int64_t const now = pg::now().microseconds;
        if (now - shown_ < kShownEvery) return;
        shown_ = now;
        std::int64_t done = 0, total = 0;
        for (const BackfillRange &range : read_ranges(job_.id)) {
            if (range.round != job_.round) continue;
            done += range.blocks_done();
            total += range.to - range.from;
        }
        pg::report_amount(done, total, "blocks");
    }

    // Blocks do not catch a row that is never where it was when the statement began.
    void catch_up() {
        std::vector<Leaf> const leaves = find_leaves(request_.relation, to_method(request_.batch));
        pg::commit_and_begin();
        change_the_rest(task_, leaves, [this](std::int64_t rows) {
            pg::report_processed(rows);
            job_.rows += rows;
            update_job(job_);
        });
        bool const any = any_left(task_);
        pg::commit_and_begin();
        if (any) warn();
    }

    void warn() {
        pg::warning(
            fmt::format("table \"{}\" still has rows that satisfy the condition", task_.name),
            "Others keep writing such rows, or a trigger or a policy keeps them as they "
            "are.",
            "See to it that new rows come as they should be, by a default or a trigger, "
            "and call it again.");
    }

    // The ranges are summed up in the row of the job.
    void finish() {
        for (const BackfillRange &range : read_ranges(job_.id)) {
            job_.rows += range.rows;
            job_.batches += range.batches;
            job_.longest.microseconds =
                std::max(job_.longest.microseconds, range.longest.microseconds);
        }
        remove_ranges(job_.id);
        job_.done = true;
        job_.ended_at = pg::now();
        update_job(job_);
        pg::commit_and_begin();
    }

    const BackfillRequest &request_;
    BackfillTask task_;
    const Operation &operation_;
    pg::SessionLock lock_;
    BackfillJob job_;
    std::int64_t shown_ = 0;
};

}  // namespace

void backfill(const pg::Arguments &args, const BackfillRequest &request) {
    pg::SettingsLevel settings;
    settings.set("lock_timeout", statement_lock_timeout());
    BackfillTask const task = prepare(request);
    settings.close();
    operate(args, request.purge ? "purge" : "backfill", task.name,
            [&](const Operation &operation) { BackfillRun(request, task, operation)(); });
}

}  // namespace migrate::engine
