#include "engine/repair.hpp"

#include "pg/fault.hpp"
#include "pg/session.hpp"
#include "pg/settings.hpp"

namespace migrate::engine {

using core::Repeat;

namespace {

using Found = std::vector<std::string>;

const pg::Section &section(const PreparedStep &step) {
    return step.script.section(step.name());
}

// The marks that look() gives to an index beside its OID: an invalid one that IF NOT EXISTS would
// keep, and is rebuilt (it is then the copy to be dropped); an invalid copy of somebody else's
// REINDEX.
constexpr const char *kKept = " kept";
constexpr const char *kCopy = " copy";

bool contains(const Found &found, Oid oid, const char *mark = "") {
    return std::find(found.begin(), found.end(), std::to_string(oid) + mark) != found.end();
}

bool rebuilds(const Found &found) {
    return std::any_of(found.begin(), found.end(),
                       [](const std::string &each) { return each.ends_with(kKept); });
}

// A copy that REINDEX CONCURRENTLY has made of an index; the server may have shortened the name.
bool is_copy(const std::string &name) {
    std::size_t const end = name.find_last_not_of("0123456789") + 1;
    return name.substr(0, end).ends_with("_ccnew") || name.substr(0, end).ends_with("_ccold");
}

// Indexes that CREATE INDEX CONCURRENTLY has made: since it was begun, on its table, of its name;
// where the server chose the name, with its columns.
std::vector<pg::TableIndex> made(const PreparedStep &step, std::size_t index, const Found &found,
                                 bool settled) {
    std::vector<pg::TableIndex> result;
    pg::IndexWork const work = section(step).index_work(index);
    for (pg::TableIndex &candidate : pg::table_indexes(work.table, settled)) {
        if (contains(found, candidate.oid)) continue;
        if (work.named ? candidate.oid == work.index
                       : !is_copy(candidate.name) && section(step).builds(index, candidate.oid))
            result.push_back(std::move(candidate));
    }
    return result;
}

std::vector<Oid> leftovers(const PreparedStep &step, std::size_t index, const Found &found) {
    std::vector<Oid> result;
    Repeat const repeat = step.statements()[index].repeat;
    if (repeat == Repeat::build_index)
        for (const pg::TableIndex &each : made(step, index, found, true))
            if (!each.valid) result.push_back(each.oid);
    if (repeat == Repeat::rebuild || (repeat == Repeat::build_index && rebuilds(found)))
        for (const pg::TableIndex &each : pg::reindex_copies(section(step).index_work(index), true))
            if (!contains(found, each.oid, kCopy)) result.push_back(each.oid);
    return result;
}

Verdict judge_build(const PreparedStep &step, std::size_t index, const Found &found) {
    std::vector<pg::TableIndex> const candidates = made(step, index, found, false);
    auto const valid = std::count_if(candidates.begin(), candidates.end(),
                                     [](const pg::TableIndex &each) { return each.valid; });
    if (valid == 0) return Verdict::run;
    return candidates.size() == 1 ? Verdict::finished : Verdict::unknown;
}

Verdict judge_detach(const PreparedStep &step, std::size_t index, const Found &found) {
    pg::DetachWork const work = section(step).detach_work(index);
    if (found.empty()) return Verdict::run;  // what the server says to that
    if (!work.attached) return Verdict::finished;
    return work.pending && !work.finalize ? Verdict::finalize : Verdict::run;
}

}  // namespace

bool works_concurrently(Repeat repeat) {
    return repeat == Repeat::build_index || repeat == Repeat::rebuild ||
           repeat == Repeat::drop_index;
}

Oid table_of(const PreparedStep &step, std::size_t index) {
    return section(step).index_work(index).table;
}

std::vector<std::string> look(const PreparedStep &step, std::size_t index) {
    Found found;
    auto add = [&](Oid oid, const char *mark = "") { found.push_back(std::to_string(oid) + mark); };
    Repeat const repeat = step.statements()[index].repeat;
    if (repeat == Repeat::detach) {
        pg::DetachWork const work = section(step).detach_work(index);
        if (work.attached && work.pending == work.finalize) add(work.partition);
    }
    if (!works_concurrently(repeat)) return found;
    pg::IndexWork const work = section(step).index_work(index);
    if (repeat == Repeat::build_index)
        for (const pg::TableIndex &each : pg::table_indexes(work.table, false)) add(each.oid);
    bool const kept = work.if_not_exists && work.index != 0 && !work.index_valid;
    if (kept) add(work.index, kKept);
    if (repeat == Repeat::rebuild || kept)
        for (const pg::TableIndex &each : pg::reindex_copies(work, false)) add(each.oid, kCopy);
    if (repeat == Repeat::drop_index && work.index != 0) add(work.index);
    return found;
}

Verdict judge(const PreparedStep &step, std::size_t index, const Found &found) {
    switch (step.statements()[index].repeat) {
        case Repeat::harmless:
        case Repeat::rebuild:
        case Repeat::resume:
            return Verdict::run;
        case Repeat::build_index:
            return judge_build(step, index, found);
        case Repeat::drop_index:
            return found.empty() || contains(found, section(step).index_work(index).index)
                       ? Verdict::run
                       : Verdict::finished;
        case Repeat::detach:
            return judge_detach(step, index, found);
        case Repeat::once:
        case Repeat::unknown:
            break;
    }
    return Verdict::unknown;
}

bool left_nothing(const PreparedStep &step, std::size_t index, const Found &found) {
    Repeat const repeat = step.statements()[index].repeat;
    if (repeat != Repeat::drop_index && repeat != Repeat::detach) return true;
    if (judge(step, index, found) != Verdict::run) return false;
    return repeat == Repeat::detach || found.empty() || section(step).index_work(index).index_valid;
}

void drop_leftovers(const PreparedStep &step, std::size_t index, const Found &found) {
    std::vector<std::string> drops;
    pg::in_transaction([&] {
        for (Oid oid : leftovers(step, index, found)) drops.push_back(pg::drop_index(oid, true));
    });
    for (const std::string &drop : drops) {
        pg::fault_point("before a leftover is dropped");
        pg::Section(drop).run_top_level(0);
        pg::fault_point("after a leftover is dropped");
    }
}

void drop_leftovers_now(const PreparedStep &step, std::size_t index, const Found &found) {
    pg::SettingsLevel settings;
    settings.set("lock_timeout", "100ms");
    for (Oid oid : leftovers(step, index, found)) pg::Section(pg::drop_index(oid, false)).run(0);
    settings.close();
}

void rebuild_kept(const PreparedStep &step, std::size_t index) {
    if (step.statements()[index].repeat != Repeat::build_index) return;
    std::string rebuild;  // or the rest of a drop
    pg::in_transaction([&] {
        pg::IndexWork const work = section(step).index_work(index);
        if (!work.if_not_exists || work.index == 0 || work.index_valid) return;
        for (const pg::TableIndex &each : pg::table_indexes(work.table, true)) {
            if (each.oid != work.index || each.valid) continue;
            if (!each.live) {
                rebuild = pg::drop_index(each.oid, true);
                continue;
            }
            if (!section(step).builds(index, each.oid)) pg::refuse_invalid_index(each.oid);
            rebuild = pg::rebuild_index(each.oid);
        }
    });
    if (rebuild.empty()) return;
    pg::fault_point("before an index is rebuilt");
    pg::Section(rebuild).run_top_level(0);
}

void finalize_detach(const PreparedStep &step, std::size_t index) {
    std::string statement;
    pg::in_transaction([&] { statement = pg::finalize_detach(section(step).detach_work(index)); });
    pg::fault_point("before a detach is finalized");
    pg::Section(statement).run_top_level(0);
}

}  // namespace migrate::engine
