#include "engine/journal.hpp"

#include "core/messages.hpp"
#include "engine/polite.hpp"
#include "engine/repair.hpp"
#include "engine/step.hpp"
#include "pg/fault.hpp"
#include "pg/locks.hpp"
#include "pg/session.hpp"

namespace migrate::engine {

namespace {

[[noreturn]] void refuse(const PreparedStep &step, std::size_t index) {
    fail_at(step, index,
            core::Error(core::Code::interrupted,
                        fmt::format("an earlier run of revision \"{}\" was interrupted in "
                                    "statement {}",
                                    step.revision, index + 1),
                        "It may have run or not, or in part.",
                        fmt::format("Look at what it did, then call migrate.resolve({}, "
                                    "'retry'), or with 'done' or 'undo'.",
                                    core::sql_literal(step.revision))));
}

}  // namespace

Journal::Journal(const PreparedStep &step, std::int64_t run) : step_(step) {
    std::optional<Unfinished> const before = find_unfinished(View::latest, step.revision);
    goes_on_ = before.has_value();
    row_ = before.value_or(Unfinished{step.revision, to_string(step.direction), 0, std::nullopt,
                                      run, step.checksum, std::nullopt});
    row_.run = run;
}

void Journal::advance(std::size_t done) {
    row_.done = static_cast<int>(done);
    row_.in_flight.reset();
    row_.found.reset();
    write_unfinished(row_);
}

void Journal::note_begin(std::size_t index) {
    Unfinished row = row_;
    pg::in_transaction([&] {
        if (works_concurrently(step_.statements()[index].repeat))
            tell_obstacles(table_of(step_, index));
        if (!row.found) row.found = look(step_, index);
        row.in_flight = static_cast<int>(index + 1);
        write_unfinished(row);
        pg::fault_point("the note before a statement is written");
    });
    row_ = std::move(row);
    state_ = State::running;
}

void Journal::note_end() {
    Unfinished const before = row_;
    try {
        pg::in_transaction([&] {
            advance(static_cast<std::size_t>(row_.done) + 1);
            pg::fault_point("the note after a statement is written");
        });
    } catch (...) {
        row_ = before;  // settle() will say it
        throw;
    }
    state_ = State::none;
}

void Journal::run_alone(std::size_t index) {
    // A lock_timeout would end a concurrent index statement on snapshots of unrelated tables, and
    // leave an invalid index.
    std::optional<pg::Patience> patience;
    if (works_concurrently(step_.statements()[index].repeat)) patience.emplace();
    if (!row_.found || take_up(index)) {
        pg::fault_point("before the note before a statement");
        note_begin(index);
        pg::fault_point("after the note before a statement");
        run_statement(index);
        state_ = State::ended;
        pg::fault_point("before the note after a statement");
    }
    state_ = State::ended;
    note_end();
    pg::fault_point("after the note after a statement");
}

void Journal::run_statement(std::size_t index) {
    rebuild_kept(step_, index);
    engine::run_alone(step_, index);
}

// A statement that was begun before. False: it need not run again.
bool Journal::take_up(std::size_t index) {
    Verdict verdict{};
    pg::in_transaction([&] { verdict = judge(step_, index, *row_.found); });
    if (verdict == Verdict::unknown && row_.in_flight) refuse(step_, index);
    pg::fault_point("before a repair");
    drop_leftovers(step_, index, *row_.found);
    if (verdict == Verdict::finalize) finalize_detach(step_, index);
    pg::fault_point("after a repair");
    return verdict == Verdict::run || verdict == Verdict::unknown;
}

void Journal::settle() {
    if (state_ == State::ended) return note_end();
    if (state_ == State::none) return;
    std::size_t const index = static_cast<std::size_t>(*row_.in_flight - 1);
    if (step_.statements()[index].repeat == core::Repeat::unknown) return;
    Verdict verdict{};
    pg::in_transaction([&] { verdict = judge(step_, index, *row_.found); });
    row_.in_flight.reset();
    pg::in_transaction([&] { write_unfinished(row_); });
    try {
        pg::in_transaction([&] {
            drop_leftovers_now(step_, index, *row_.found);
            if (verdict == Verdict::finished) return advance(index + 1);
            if (!left_nothing(step_, index, *row_.found)) return;
            row_.found.reset();
            if (row_.done == 0)
                remove_unfinished(row_.revision);
            else
                write_unfinished(row_);
        });
    } catch (const pg::PgError &) {
        pg::abort_transaction();
    }
}

}  // namespace migrate::engine
