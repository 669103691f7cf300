#include "engine/backfill_walk.hpp"

#include "engine/backfill_ranges.hpp"
#include "engine/leaves.hpp"
#include "engine/stripes.hpp"
#include "pg/deadline.hpp"
#include "pg/frame.hpp"
#include "pg/locks.hpp"
#include "pg/progress.hpp"
#include "pg/session.hpp"
#include "pg/session_lock.hpp"
#include "pg/settings.hpp"
#include "pg/throttle.hpp"

namespace migrate::engine {

namespace {

constexpr std::int64_t kFirstBlocks = 16;
constexpr std::int64_t kFirstRows = 500;
constexpr double kWorkShare = 0.8;  // of the target; the rest is for the commit

// Waiting for one row while many others are locked makes their users wait too.
std::string lock_timeout(std::int64_t target, bool smallest) {
    std::string const longest = statement_lock_timeout();
    int const limit = std::stoi(longest);
    if (smallest || target == 0) return longest;
    int const wanted = static_cast<int>(std::max<std::int64_t>(target / 1000, 1));
    return std::to_string(limit == 0 ? wanted : std::min(limit, wanted));
}

std::int64_t since(std::int64_t start) {
    return pg::now().microseconds - start;
}

[[noreturn]] void refuse_endless(const std::string &detail) {
    pg::fail("22023", "rows that were changed would be found and changed again", detail,
             "Give a condition that is no longer true for a row that has been changed, as in "
             "'done IS NULL' when done is set.");
}

// What became of the changes of a batch.
enum class Outcome {
    done,
    late,     // they took too long
    blocked,  // a lock was not to be had
    moved     // all of the table is in another file now
};

}  // namespace

// A batch to be tried.
struct BackfillWalk::Batch {
    std::string where;
    std::string description;
    std::int64_t size = 0;
    std::int64_t end = 0;           // block
    std::vector<std::string> last;  // key
    bool smallest = false;
};

BackfillWalk::BackfillWalk(const BackfillTask &task, Transactions transactions,
                           std::function<void(std::int64_t)> between)
    : task_(task),
      transactions_(transactions),
      between_(std::move(between)),
      blocks_(task.target, kFirstBlocks),
      rows_(task.target, kFirstRows) {}

bool BackfillWalk::work(int round) {
    bool all_done = true;
    std::vector<BackfillRange> const ranges = read_ranges(task_.job);
    transactions_.commit();
    for (const BackfillRange &range : ranges)
        if (range.round == round && !range.done && !claim_and_walk(range)) all_done = false;
    return all_done;
}

// False: another process has it.
bool BackfillWalk::claim_and_walk(const BackfillRange &range) {
    pg::SessionLock lock;
    if (!lock.try_take(pg::SessionLockKind::range, static_cast<std::uint32_t>(task_.job),
                       static_cast<std::uint32_t>(range.number)))
        return false;
    std::optional<BackfillRange> now = find_range(task_.job, range.number);
    if (!now || now->done) return true;
    std::optional<Leaf> const leaf = find_leaf(task_.relation, range.leaf);
    if (leaf) {
        if (range.by_key) key_ = find_key(leaf->id);
        if (range.by_key && (!key_ || key_->columns.size() != now->last.size()))
            go_by_blocks(task_, *leaf, *now);
        transactions_.commit();
        walk(std::move(*now), *leaf);
    } else {  // dropped meanwhile
        now->done = true;
        update_range(*now);
        transactions_.commit();
    }
    return true;
}

void BackfillWalk::walk(BackfillRange range, const Leaf &leaf) {
    pg::report_phase(task_.purge ? "purging" : "backfilling", leaf.name);
    region_rows_ = -1;
    pg::Duration written = range.longest;
    while (!range.done) {
        written = range.longest;
        if (find_leaf(task_.relation, leaf.id)) {
            attempt(range, leaf);
        } else {  // detached meanwhile
            range.done = true;
            update_range(range);
            transactions_.commit();
        }
    }
    if (range.longest.microseconds > written.microseconds) {  // the last batch's
        update_range(range);
        transactions_.commit();
    }
}

void BackfillWalk::attempt(BackfillRange &range, const Leaf &leaf) {
    if (!attempts_) attempts_.emplace();
    Changed changed;
    int waiters = 0;
    bool late = false;
    Outcome outcome = Outcome::done;
    Batch batch;
    std::int64_t start = 0;
    {
        pg::ShortMemory const memory;
        batch = next_batch(range, leaf);
        pg::ContextFrame const frame(batch.description);
        start = pg::now().microseconds;
        int const limit = batch.smallest
                              ? 0
                              : static_cast<int>(std::max(
                                    1.0, static_cast<double>(task_.target) * kWorkShare / 1000));
        pg::SubTransaction work;
        try {
            pg::SettingsLevel settings;
            settings.set("lock_timeout", lock_timeout(task_.target, batch.smallest));
            {
                pg::Deadline const deadline(limit);
                try {
                    changed = change_rows(task_, leaf, batch.where);
                } catch (...) {
                    late = deadline.has_passed();
                    throw;
                }
            }
            if (changed.again > 0) refuse_endless("The condition is still true after the change.");
            waiters = pg::row_waiters();
            settings.close();
            bool const moved = changed.filenode != range.filenode && !range.by_key;
            if (moved) {
                work.roll_back();
                outcome = Outcome::moved;
            } else {
                work.commit();
            }
        } catch (const pg::PgError &) {
            bool const cancelled = late && pg::current_error_text().sqlstate == "57014";
            bool const again = cancelled || attempts_->again();
            work.roll_back();
            if (!again) throw;
            outcome = cancelled ? Outcome::late : Outcome::blocked;
        } catch (...) {
            work.roll_back();
            throw;
        }
    }
    if (outcome == Outcome::late) {
        transactions_.commit();
        halve();
        return;
    }
    if (outcome == Outcome::blocked) return try_again();
    BackfillRange after = range;
    if (outcome == Outcome::moved) {
        after.filenode = changed.filenode;
        start_again(task_, after);
        changed.rows = 0;
    } else {
        advance(after, batch, changed.rows, leaf);
    }
    update_range(after);
    try {
        pg::ContextFrame const frame(batch.description);  // for what is checked at the end
        transactions_.commit();
    } catch (const pg::PgError &) {
        if (!attempts_->again()) throw;
        transactions_.roll_back();
        return try_again();
    }
    std::int64_t const took = since(start);
    after.longest.microseconds = std::max(after.longest.microseconds, took);
    (range.by_key ? rows_ : blocks_).took(range.stripe, batch.size, took);
    range = std::move(after);
    attempts_.reset();
    check_first(leaf, changed);
    rest(leaf, changed.rows, waiters, took);
}

void BackfillWalk::halve() {
    blocks_.halve();
    rows_.halve();
}

void BackfillWalk::advance(BackfillRange &range, const Batch &batch, std::int64_t rows,
                           const Leaf &leaf) {
    range.rows += rows;
    range.batches++;
    if (range.by_key) {
        range.after = batch.last;
        range.done = range.after == range.last;
        return;
    }
    if (range.stripe == 0) {
        if (range.next == range.region) region_rows_ = 0;
        if (region_rows_ >= 0) region_rows_ += rows;
    }
    range.next = batch.end;
    if (batch.end == range.region_end) end_pass(task_, leaf, region_rows_, range);
}

// A smaller batch is less in the way, and finds less in its own.
void BackfillWalk::try_again() {
    transactions_.commit();
    halve();
    attempts_->rest();
}

void BackfillWalk::rest(const Leaf &leaf, std::int64_t rows, int waiters, std::int64_t took) {
    pg::ShortMemory const memory;
    if (waiters > 0) {
        halve();
        throttle_.let_pass(waiters, took);
    }
    throttle_.rest(leaf.id);
    pg::report_phase(task_.purge ? "purging" : "backfilling", leaf.name);
    between_(rows);
}

// now() and the like stay the same in a transaction, so what a batch has seen of its own rows is
// not what the next one will see. Looks once.
void BackfillWalk::check_first(const Leaf &leaf, const Changed &changed) {
    if (checked_ || changed.rows == 0) return;
    checked_ = true;
    if (task_.purge || task_.moves) return;
    if (is_found_again(task_, leaf, changed.place))
        refuse_endless(
            "The condition is true again in the next transaction. The rows of the first "
            "batch stay changed.");
    transactions_.commit();
}

BackfillWalk::Batch BackfillWalk::next_batch(const BackfillRange &range, const Leaf &leaf) const {
    Batch batch;
    if (range.by_key) {
        batch.size = rows_.of(range.stripe);
        batch.last = key_after(task_, leaf, *key_, range.after, range.last, batch.size);
        batch.smallest = batch.size == 1;
        batch.where = in_keys(task_, *key_, range.after, batch.last);
        batch.description = fmt::format("batch of table \"{}\"", leaf.name);
        return batch;
    }
    // At least two batches to a stripe: what one has left behind can be pruned only when everybody
    // who might still see it has gone, a parallel process in its own batch among them.
    std::int64_t const size = range.region_end - range.region;
    std::int64_t const limit =
        range.stripe == kAllStripes ? size : std::max<std::int64_t>(size / 2, 1);
    batch.size = std::min(blocks_.of(range.stripe), limit);
    batch.end = std::min(range.next + batch.size, range.region_end);
    batch.size = batch.end - range.next;
    batch.smallest = batch.size == 1;
    batch.where = in_blocks(task_, range.next, batch.end, range.stripe);
    batch.description =
        fmt::format("batch of table \"{}\", blocks {} to {}", leaf.name, range.next, batch.end - 1);
    return batch;
}

}  // namespace migrate::engine
