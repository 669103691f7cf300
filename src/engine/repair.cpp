#include "engine/repair.hpp"

#include "pg/session.hpp"
#include "pg/settings.hpp"

namespace migrate::engine {

using core::Repeat;

namespace {

bool about_indexes(Repeat repeat) {
    return repeat == Repeat::build_index || repeat == Repeat::rebuild;
}

std::vector<Oid> leftovers(const PreparedStep &step, std::size_t index,
                           const std::vector<std::string> &before) {
    std::vector<Oid> found;
    for (const std::string &oid : invalid_indexes(step, index))
        if (std::find(before.begin(), before.end(), oid) == before.end())
            found.push_back(static_cast<Oid>(std::stoul(oid)));
    return found;
}

}  // namespace

Verdict judge(const PreparedStep &step, std::size_t index, bool crashed) {
    if (!crashed) return Verdict::run;
    core::Statement const &statement = step.statements()[index];
    pg::IndexWork const work = step.script.section(step.name()).index_work(index);
    switch (statement.repeat) {
        case Repeat::harmless:
        case Repeat::rebuild:
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

std::vector<std::string> invalid_indexes(const PreparedStep &step, std::size_t index) {
    std::vector<std::string> found;
    if (!about_indexes(step.statements()[index].repeat)) return found;
    for (Oid oid : pg::invalid_indexes(step.script.section(step.name()).index_work(index).table))
        found.push_back(std::to_string(oid));
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

bool drop_leftovers_now(const PreparedStep &step, std::size_t index,
                        const std::vector<std::string> &before) {
    if (step.statements()[index].repeat == Repeat::unknown) return false;
    pg::SettingsLevel settings;
    settings.set("lock_timeout", "100ms");
    for (Oid oid : leftovers(step, index, before)) pg::Section(pg::drop_index(oid, false)).run(0);
    settings.close();
    return true;
}

}  // namespace migrate::engine
