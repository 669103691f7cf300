#include "engine/round_trip.hpp"

#include "core/lex.hpp"
#include "engine/keep.hpp"
#include "engine/polite.hpp"
#include "engine/proof.hpp"
#include "engine/step.hpp"
#include "engine/trying.hpp"
#include "pg/aside.hpp"
#include "pg/query.hpp"
#include "pg/session.hpp"
#include "pg/settings.hpp"
#include "pg/table_locks.hpp"

namespace migrate::engine {

using Trial = pg::Section::Trial;

namespace {

// What a commit would do. Afterwards every constraint is again what it is by default, those that
// are still to come, too.
void check_deferred() {
    pg::execute("SET CONSTRAINTS ALL IMMEDIATE", pg::Names::ours);
    pg::execute("SET CONSTRAINTS ALL DEFERRED", pg::Names::ours);
    std::vector<std::string> immediate;
    for (const pg::TextRow &row :
         pg::query("SELECT DISTINCT format('%I.%I', n.nspname, c.conname) FROM pg_constraint AS c "
                   "JOIN pg_namespace AS n ON n.oid = c.connamespace "
                   "WHERE c.condeferrable AND NOT c.condeferred ORDER BY 1"))
        immediate.push_back(*row[0]);
    if (!immediate.empty())
        pg::execute(fmt::format("SET CONSTRAINTS {} IMMEDIATE", fmt::join(immediate, ", ")),
                    pg::Names::ours);
}

schema::Snapshot look() {
    return without_keep_schema(read_snapshot().snapshot);
}

std::string first_words(std::string_view statement) {
    std::string text(statement.substr(0, statement.find_first_of("\n;")));
    constexpr std::size_t kLongest = 100;
    if (text.size() <= kLongest) return text;
    std::size_t cut = kLongest;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) cut--;
    return text.substr(0, cut) + "...";
}

// Locks it, as all that asks for the size of a table does.
std::int64_t size_of(Oid table) {
    pg::TextRows const rows =
        pg::query("SELECT pg_relation_size($1::oid::regclass)", {std::to_string(table)});
    return rows[0][0] ? std::stoll(*rows[0][0]) : 0;
}

// Those in between are for who reads all rows, or changes indexes.
bool may_write(int mode) {
    return mode == pg::kRowExclusiveLock || mode > pg::kShareLock;
}

// What is counted anyway.
std::string written(const Counters &rows) {
    return fmt::format("; rows inserted {}, updated {}, deleted {}", rows.inserted, rows.updated,
                       rows.deleted);
}

const char *how(Trial trial) {
    switch (trial) {
        case Trial::unbuilt:
            return "made without its rows";
        case Trial::left_out:
            return "left out";
        default:
            return "run in a transaction";
    }
}

}  // namespace

RoundTrip::RoundTrip(const PreparedStep &up, const PreparedStep &down, const Relations &first,
                     const RowLimit &limit, const std::set<Oid> &compared, Rehearsed &row)
    : up_(up), down_(down), first_(first), limit_(limit), wanted_(compared), row_(row) {}

void RoundTrip::run() {
    relations_ = read_relations();
    schema::Snapshot const before = look();
    planned_ = planned(up_);
    read_rows();
    HeldLocks const held = read_held_locks();
    CountersOf const counters = read_counters();
    measure_upgrade();
    if (!down_.has_statements() && up_.has_statements()) {
        row_.restores = false;
        row_.differences = {"there is no downgrade section"};
        return;
    }
    schema::Snapshot const upgraded = look();
    phase_ = Phase::down;
    run_step(down_, true);
    row_.differences = deviations(look(), before);
    find_unforeseen(held, counters);
    compare_rows(counters);
    phase_ = Phase::again;
    run_step(up_, true);
    for (const std::string &difference : deviations(look(), upgraded))
        row_.differences.push_back("after the second upgrade: " + difference);
    row_.restores = row_.differences.empty();
}

void RoundTrip::upgrade(const PreparedStep &up) {
    Rehearsed row;
    Relations const none;
    RowLimit const limit{0, ""};
    RoundTrip(up, up, none, limit, {}, row).run_step(up, true);
}

pg::RelationLocks RoundTrip::planned(const PreparedStep &step) const {
    pg::RelationLocks locks;
    add_locks(step, 0, step.statements().size(), locks);
    return locks;
}

void RoundTrip::measure_upgrade() {
    HeldLocks const held = read_held_locks();
    CountersOf const counters = read_counters();
    pg::Instant const start = pg::now();
    run_step(up_, !wanted_.empty());  // what it says has been said
    row_.duration = pg::between(start, pg::now());
    report_locks(held, read_held_locks());
    report_files(relations_, read_relations());
    report_scans(counters, read_counters());
}

void RoundTrip::run_step(const PreparedStep &step, bool quiet) {
    pg::SettingsLevel settings;
    settings.set("migrate.revision", step.revision);
    settings.set("lock_timeout", statement_lock_timeout());
    if (quiet) settings.set("client_min_messages", "error");
    for (std::size_t i = 0; i < step.statements().size(); i++) {
        if (step.script.section(step.name()).runs_alone(i))
            run_unlike(step, i);
        else
            try_statement(step, i);
        pg::allow_new_enum_values();
    }
    run_verify(step);
    settings.close();
    check_deferred();
}

// A statement that cannot run in a transaction.
void RoundTrip::run_unlike(const PreparedStep &step, std::size_t index) {
    Trying const trying;
    Trial trial = try_statement(step, index);
    if (trying.left_something_out()) trial = Trial::left_out;
    if (phase_ != Phase::up) return;
    core::Statement const &statement = step.statements()[index];
    row_.simulated.push_back(fmt::format(
        "{}: {}",
        first_words(step.source().substr(statement.begin, statement.end - statement.begin)),
        how(trial)));
}

// ---- rows -------------------------------------------------------------------------------------

void RoundTrip::read_rows() {
    std::set<Oid> tables = wanted_;
    for (const pg::RelationLocks &locks : {planned_, planned(down_)})
        for (const pg::RelationLock &lock : locks)
            if (may_write(lock.mode)) tables.insert(lock.relation);
    for (Oid const table : tables) {
        auto const found = relations_.find(table);
        if (found == relations_.end() || found->second.kind != 'r') continue;
        Before &before = rows_[table];
        before.name = found->second.name;
        if (size_of(table) > limit_.bytes)
            before.reason = "it is larger than " + limit_.text;
        else
            before.digest = read_digest(before.name, nullptr, before.reason);
    }
}

void RoundTrip::compare_rows(const CountersOf &counters) {
    CountersOf const now = read_counters();
    for (auto &[table, before] : rows_) {
        std::string reason = before.reason;
        std::optional<RowDigest> after;
        if (before.digest) after = read_digest(before.name, nullptr, reason);
        std::string text;
        if (!before.digest || (!after && !reason.empty())) {
            text = "not compared, " + reason + written(since(counters, now, table));
        } else if (after->columns != before.digest->columns) {
            text = fmt::format("not compared, it has other columns; {} rows instead of {}",
                               after->rows.size(), before.digest->rows.size());
        } else {
            text = compare(*before.digest, *after);
        }
        if (!text.empty()) row_.rows_changed.push_back(before.name + ": " + text);
    }
    std::sort(row_.rows_changed.begin(), row_.rows_changed.end());
}

void RoundTrip::find_unforeseen(const HeldLocks &held, const CountersOf &counters) {
    auto const look_at = [&](Oid table) {
        auto const found = relations_.find(table);
        if (found != relations_.end() && found->second.kind == 'r' && rows_.count(table) == 0)
            unforeseen_.insert(table);
    };
    for (auto const &[relation, mode] : read_held_locks())
        if (may_write(mode) && held.count({relation, mode}) == 0) look_at(relation);
    CountersOf const now = read_counters();
    for (auto const &[table, counts] : now) {
        Counters const own = since(counters, now, table);
        if (own.inserted != 0 || own.updated != 0 || own.deleted != 0) look_at(table);
    }
}

// ---- what the upgrade does to others ----------------------------------------------------------

void RoundTrip::report_locks(const HeldLocks &before, const HeldLocks &after) {
    std::map<Oid, int> strongest;
    auto const add = [&](Oid relation, int mode) {
        auto const found = first_.find(relation);
        if (mode <= 1 || found == first_.end()) return;
        int &own = strongest[relation];
        own = std::max(own, mode);
    };
    for (const pg::RelationLock &lock : planned_) add(lock.relation, lock.mode);
    for (auto const &[relation, mode] : after)
        if (before.count({relation, mode}) == 0) add(relation, mode);
    for (auto const &[relation, mode] : strongest) {
        const Relation &what = first_.at(relation);
        auto const table = strongest.find(what.table);
        // An index is locked with its table.
        if (what.table != relation && table != strongest.end() && table->second >= mode) continue;
        row_.locks.push_back(fmt::format("{}: {}", what.name, pg::lock_mode_name(mode)));
    }
    std::sort(row_.locks.begin(), row_.locks.end());
}

void RoundTrip::report_files(const Relations &before, const Relations &after) {
    for (auto const &[oid, relation] : after) {
        auto const old = before.find(oid);
        if (first_.count(oid) != 0 && old != before.end() && old->second.file != relation.file)
            row_.rewritten.push_back(old->second.name);
    }
    std::sort(row_.rewritten.begin(), row_.rewritten.end());
}

void RoundTrip::report_scans(const CountersOf &before, const CountersOf &after) {
    for (auto const &[oid, relation] : relations_) {
        if (first_.count(oid) == 0) continue;
        std::int64_t const rows = since(before, after, oid).scanned;
        if (rows > 0)
            row_.scanned.push_back(
                fmt::format("{}: {} {}", relation.name, rows, rows == 1 ? "row" : "rows"));
    }
    std::sort(row_.scanned.begin(), row_.scanned.end());
}

}  // namespace migrate::engine
