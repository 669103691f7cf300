#include "engine/losses.hpp"

#include "pg/query.hpp"

#include "core/lex.hpp"
#include "engine/snapshot_queries.hpp"
#include "schema/diff.hpp"
#include "schema/sql.hpp"

namespace migrate::engine {

using schema::Kind;
using schema::Object;
using schema::Ref;

namespace {

// "The rows of x are gone." without its full stop, inside a comment.
std::string phrase(std::string sentence) {
    if (sentence.ends_with('.')) sentence.pop_back();
    if (!sentence.empty() && sentence[0] >= 'A' && sentence[0] <= 'Z') sentence[0] += 'a' - 'A';
    return sentence;
}

bool is_narrower(const std::string &from, const std::string &to) {
    return from != to && !schema::keeps_values(from, to) && !schema::widens(from, to);
}

bool is_there(const NamesThen &before, Oid table) {
    return before.objects.count({catalog::kClass, table, 0}) != 0;
}

}  // namespace

std::vector<Remark> find_losses(const std::vector<schema::Statement> &forward) {
    std::vector<Remark> remarks;
    for (const schema::Statement &statement : forward) {
        std::string const label = fmt::format("{} {}", to_string(statement.kind), statement.object);
        for (const schema::Hazard &hazard : statement.hazards) {
            if (hazard.risk != schema::Risk::loses_data) continue;
            std::string text = phrase(hazard.text);
            if (text.find(statement.object) == std::string::npos) text = label + ": " + text;
            remarks.push_back({label, std::move(text)});
        }
    }
    return remarks;
}

std::vector<Remark> find_replaced(const NamesThen &before, const Reading &after) {
    std::set<Address> there(after.addresses.begin(), after.addresses.end());
    std::vector<Remark> remarks;
    for (auto const &[address, old] : before.objects) {
        bool const table = old.kind == Kind::table && !old.has("partition_by");
        if (!table && old.kind != Kind::column) continue;
        Ref const now = after.snapshot.find(old.kind, old.identity);
        if (now == schema::kNone || there.count(address) != 0) continue;
        // With its table, that has been said; nor has a view values of its own.
        if (!table && after.snapshot.parent(after.snapshot[now])->kind != Kind::table) continue;
        if (!table && !is_there(before, after.addresses[after.snapshot[now].parent].object))
            continue;
        remarks.push_back({"", fmt::format("the {} that {} had are gone: it has been dropped and "
                                           "made anew",
                                           table ? "rows" : "values", old.identity)});
    }
    return remarks;
}

std::vector<Remark> find_narrowings(const NamesThen &before, const Reading &after) {
    std::vector<Remark> remarks;
    std::map<std::string, const Object *> enums;
    for (auto const &[address, object] : before.objects)
        if (object.kind == Kind::enumeration) enums[object.identity] = &object;
    for (Ref ref = 0; ref < after.snapshot.size(); ref++) {
        const Object &now = after.snapshot[ref];
        if (now.kind == Kind::column && after.addresses[ref].object != 0) {
            auto const then = before.objects.find(after.addresses[ref]);
            if (then == before.objects.end() || then->second.kind != Kind::column) continue;
            const Object &old = then->second;
            if (is_narrower(old.get("type"), now.get("type")))
                remarks.push_back({schema::label_of(old),
                                   fmt::format("the values of {} come back as far as type {} has "
                                               "kept them",
                                               old.identity, now.get("type"))});
        }
        if (now.kind != Kind::enumeration || enums.count(now.identity) == 0) continue;
        auto const values = now.list("values");
        for (std::string_view const value : enums[now.identity]->list("values"))
            if (std::find(values.begin(), values.end(), value) == values.end())
                remarks.push_back({"", fmt::format("rows that had the value {} of {} have another "
                                                   "one now",
                                                   value, now.identity)});
    }
    return remarks;
}

RowChanges::RowChanges(const NamesThen &before) : before_(before), counted_(counts()) {}

RowChanges::Counts RowChanges::counts() {
    Counts counts;
    for (const pg::TextRow &row :
         pg::query("SELECT relid, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables "
                   "WHERE n_tup_ins + n_tup_upd + n_tup_del > 0 AND schemaname <> 'migrate'"))
        counts.emplace(*row[0], *row[1]);
    return counts;
}

void RowChanges::meet(const pg::Section &upgrade, std::size_t index) {
    pg::RowChange const change = upgrade.row_change(index);
    if (change.verb.empty()) return;
    int const line = core::line_of(upgrade.text(), upgrade.statements()[index].begin);
    for (Oid const table : change.tables) {
        told_.insert(std::to_string(table));
        // What the upgrade has made goes with all its rows.
        if (is_there(before_, table))
            remarks_.push_back(
                {"", fmt::format("what {} (line {} of the upgrade) did to rows of {} is not undone",
                                 change.verb, line, pg::qualified_name(table))});
    }
}

std::vector<Remark> RowChanges::finish() {
    for (auto const &[oid, count] : counts()) {
        auto const then = counted_.find(oid);
        auto const table = static_cast<Oid>(std::stoul(oid));
        if ((then != counted_.end() && then->second == count) || told_.count(oid) != 0 ||
            !is_there(before_, table))
            continue;
        remarks_.push_back({"", fmt::format("what the upgrade did to rows of {} is not undone",
                                            pg::qualified_name(table))});
    }
    return std::move(remarks_);
}

}  // namespace migrate::engine
