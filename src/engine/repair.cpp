#include "engine/repair.hpp"

#include "pg/session.hpp"
#include "pg/settings.hpp"

namespace migrate::engine {

using core::Repeat;

namespace {

bool about_indexes(Repeat repeat) {
    return repeat == Repeat::build_index || repeat == Repeat::rebuild;
}

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// What the statement has left: an index of its own name; of a REINDEX the copies, whose names the
// server makes; and where the server chose the name, whatever has come since.
bool is_leftover(const pg::InvalidIndex &index, Repeat repeat, const pg::IndexWork &work,
                 const std::vector<std::string> &before) {
    if (repeat == Repeat::build_index && work.named) return index.oid == work.index;
    if (repeat == Repeat::rebuild && !contains(index.name, "_ccnew") &&
        !contains(index.name, "_ccold"))
        return false;
    return std::find(before.begin(), before.end(), std::to_string(index.oid)) == before.end();
}

std::vector<Oid> leftovers(const PreparedStep &step, std::size_t index,
                           const std::vector<std::string> &before) {
    std::vector<Oid> found;
    Repeat const repeat = step.statements()[index].repeat;
    if (!about_indexes(repeat)) return found;
    pg::IndexWork const work = step.script.section(step.name()).index_work(index);
    for (const pg::InvalidIndex &candidate : pg::invalid_indexes(work.table, true))
        if (is_leftover(candidate, repeat, work, before)) found.push_back(candidate.oid);
    return found;
}

}  // namespace

bool works_concurrently(Repeat repeat) {
    return about_indexes(repeat) || repeat == Repeat::drop_index;
}

Verdict judge(const PreparedStep &step, std::size_t index, bool crashed) {
    if (!crashed) return Verdict::run;
    core::Statement const &statement = step.statements()[index];
    pg::IndexWork const work = step.script.section(step.name()).index_work(index);
    switch (statement.repeat) {
        case Repeat::harmless:
        case Repeat::rebuild:
        case Repeat::resume:
            return Verdict::run;
        case Repeat::build_index:
            if (!work.named) return Verdict::unknown;
            return work.index_valid ? Verdict::finished : Verdict::run;
        case Repeat::drop_index:
            return work.index == 0 ? Verdict::finished : Verdict::run;
        case Repeat::once:
        case Repeat::unknown:
            break;
    }
    return Verdict::unknown;
}

Oid table_of(const PreparedStep &step, std::size_t index) {
    return step.script.section(step.name()).index_work(index).table;
}

std::vector<std::string> invalid_indexes(const PreparedStep &step, std::size_t index) {
    std::vector<std::string> found;
    if (!about_indexes(step.statements()[index].repeat)) return found;
    for (const pg::InvalidIndex &invalid : pg::invalid_indexes(table_of(step, index), false))
        found.push_back(std::to_string(invalid.oid));
    return found;
}

void drop_leftovers(const PreparedStep &step, std::size_t index,
                    const std::vector<std::string> &before) {
    pg::begin_transaction();
    std::vector<Oid> const found = leftovers(step, index, before);
    std::vector<std::string> drops;
    for (Oid oid : found) drops.push_back(pg::drop_index(oid, true));
    pg::commit_transaction();
    for (const std::string &drop : drops) pg::Section(drop).run_top_level(0);
}

void drop_leftovers_now(const PreparedStep &step, std::size_t index,
                        const std::vector<std::string> &before) {
    pg::SettingsLevel settings;
    settings.set("lock_timeout", "100ms");
    for (Oid oid : leftovers(step, index, before)) pg::Section(pg::drop_index(oid, false)).run(0);
    settings.close();
}

}  // namespace migrate::engine
