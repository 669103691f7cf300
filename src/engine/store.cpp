#include "engine/store.hpp"

namespace migrate::engine {

using pg::Access;
using pg::Key;
using pg::Row;
using pg::Table;
using pg::Value;

namespace {

std::string text(Row &row, int column) {
    return std::get<std::string>(std::move(row[column - 1]));
}
std::int64_t number(const Row &row, int column) {
    return std::get<std::int64_t>(row[column - 1]);
}

Value optional_number(const std::optional<int> &value) {
    return value ? Value(std::int64_t{*value}) : Value();
}

// The lists of all revisions from a table (revision, position, name).
using Lists = std::unordered_map<std::string, std::vector<std::pair<std::int64_t, std::string>>>;

Lists read_lists(const char *name, View view) {
    Lists lists;
    Table(name, Access::read).scan(view, {1, 2, 3}, [&](Row &row) {
        lists[text(row, 1)].emplace_back(number(row, 2), text(row, 3));
    });
    for (auto &[id, list] : lists) std::sort(list.begin(), list.end());
    return lists;
}

std::vector<std::string> take(Lists &lists, const std::string &id) {
    std::vector<std::string> names;
    if (auto found = lists.find(id); found != lists.end())
        for (auto &[position, name] : found->second) names.push_back(std::move(name));
    return names;
}

void insert_list(const char *name, const std::string &id, const std::vector<std::string> &names) {
    if (names.empty()) return;
    Table table(name, Access::write);
    for (std::size_t i = 0; i < names.size(); i++)
        table.insert({id, static_cast<std::int64_t>(i + 1), names[i]});
}

void insert_lists(const core::Revision &revision) {
    insert_list("revision_parent", revision.id, revision.parents);
    insert_list("revision_dependency", revision.id, revision.depends_on);
    insert_list("branch_label", revision.id, revision.labels);
}

void remove_lists(const std::string &id) {
    for (const char *name : {"revision_parent", "revision_dependency", "branch_label"})
        Table(name, Access::write).remove({{1, id}});
}

Row revision_row(const StoredRevision &stored) {
    const Details &d = stored.details;
    return {stored.revision.id,
            d.seq,
            stored.revision.message,
            pg::optional_text(d.path),
            d.follows_path,
            d.checksum,
            d.script_checksum,
            d.loaded_by,
            d.loaded_at,
            std::int64_t{d.up_statements},
            optional_number(d.down_statements),
            d.up_transactional,
            d.down_transactional,
            d.adds_enum_value};
}

StoredRevision stored_revision(Row &row) {
    StoredRevision stored;
    stored.revision.id = text(row, 1);
    stored.revision.message = text(row, 3);
    Details &d = stored.details;
    d.seq = number(row, 2);
    if (!pg::is_null(row[3])) d.path = text(row, 4);
    d.follows_path = std::get<bool>(row[4]);
    d.checksum = std::get<pg::Bytes>(std::move(row[5]));
    d.script_checksum = std::get<pg::Bytes>(std::move(row[6]));
    d.loaded_by = text(row, 8);
    d.loaded_at = std::get<pg::Instant>(row[8]);
    d.up_statements = static_cast<int>(number(row, 10));
    if (!pg::is_null(row[10])) d.down_statements = static_cast<int>(number(row, 11));
    d.up_transactional = std::get<bool>(row[11]);
    d.down_transactional = std::get<bool>(row[12]);
    d.adds_enum_value = std::get<bool>(row[13]);
    return stored;
}

Summary read_summary(const char *name, View view) {
    Summary summary;
    for (Row &row : Table("state", Access::read).find(view, {{1, std::string(name)}})) {
        summary.total = number(row, 2);
        summary.last = number(row, 3);
        summary.heads = std::get<pg::Texts>(std::move(row[3]));
        summary.known = true;
    }
    return summary;
}

void write_summary(const char *name, const Summary &summary) {
    Table table("state", Access::write);
    if (!table.update({{1, std::string(name)}},
                      {{2, summary.total}, {3, summary.last}, {4, summary.heads}}))
        table.insert({std::string(name), summary.total, summary.last, summary.heads});
}

}  // namespace

std::string file_name(const std::string &id, const Details &details) {
    return details.path.value_or(id + ".sql");
}

std::vector<StoredRevision> read_revisions(View view) {
    std::vector<StoredRevision> revisions;
    Table("revision", Access::read)
        .scan(view, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14},
              [&](Row &row) { revisions.push_back(stored_revision(row)); });
    std::sort(revisions.begin(), revisions.end(),
              [](const auto &a, const auto &b) { return a.details.seq < b.details.seq; });
    Lists parents = read_lists("revision_parent", view);
    Lists dependencies = read_lists("revision_dependency", view);
    Lists labels = read_lists("branch_label", view);
    for (StoredRevision &stored : revisions) {
        stored.revision.parents = take(parents, stored.revision.id);
        stored.revision.depends_on = take(dependencies, stored.revision.id);
        stored.revision.labels = take(labels, stored.revision.id);
    }
    return revisions;
}

std::vector<AppliedRow> read_applied(View view) {
    std::vector<AppliedRow> rows;
    Table("applied", Access::read).scan(view, {1, 2, 3, 4, 5, 6}, [&](Row &row) {
        AppliedRow applied;
        applied.revision = text(row, 1);
        applied.applied_at = std::get<pg::Instant>(row[1]);
        applied.applied_by = text(row, 3);
        applied.method = text(row, 4);
        if (!pg::is_null(row[4])) applied.run = number(row, 5);
        applied.checksum = std::get<pg::Bytes>(std::move(row[5]));
        rows.push_back(std::move(applied));
    });
    return rows;
}

Catalog::Catalog(View view) : Catalog(read_revisions(view), read_applied(view)) {}

Catalog::Catalog(std::vector<StoredRevision> revisions, std::vector<AppliedRow> ledger)
    : graph_(take_graph(revisions, details_)), applied_(graph_.size()), ledger_(std::move(ledger)) {
    for (std::size_t i = 0; i < ledger_.size(); i++) {
        auto const node = graph_.find_id(ledger_[i].revision);
        if (!node)
            throw core::Error(
                core::Code::unknown_revision,
                fmt::format("applied revision \"{}\" is not in the graph", ledger_[i].revision));
        applied_.insert(*node);
        ledger_of_.emplace(*node, i);
    }
}

core::Graph Catalog::take_graph(std::vector<StoredRevision> &revisions,
                                std::vector<Details> &details) {
    std::vector<core::Revision> nodes;
    nodes.reserve(revisions.size());
    details.reserve(revisions.size());
    for (StoredRevision &stored : revisions) {
        nodes.push_back(std::move(stored.revision));
        details.push_back(std::move(stored.details));
    }
    return core::Graph(std::move(nodes));
}

const AppliedRow *Catalog::ledger(core::Node n) const {
    auto const found = ledger_of_.find(n);
    return found == ledger_of_.end() ? nullptr : &ledger_[found->second];
}

const std::string &Catalog::label(core::Node n) const {
    return details_[n].path ? *details_[n].path : graph_.id(n);
}

std::string read_script(View view, const std::string &revision) {
    auto rows = Table("revision_script", Access::read).find(view, {{1, revision}});
    if (rows.empty())
        throw core::Error(core::Code::unknown_revision,
                          fmt::format("the script of revision \"{}\" is missing", revision));
    return text(rows.front(), 2);
}

void insert_revision(const StoredRevision &stored, const std::string &script) {
    Table("revision", Access::write).insert(revision_row(stored));
    Table("revision_script", Access::write).insert({stored.revision.id, script});
    insert_lists(stored.revision);
}

void replace_revision(const StoredRevision &stored, const std::string &script) {
    std::vector<Key> changes;
    Row row = revision_row(stored);
    for (std::size_t i = 1; i < row.size(); i++)
        changes.push_back({static_cast<int>(i + 1), std::move(row[i])});
    Table("revision", Access::write).update({{1, stored.revision.id}}, changes);
    Table("revision_script", Access::write).update({{1, stored.revision.id}}, {{2, script}});
    remove_lists(stored.revision.id);
    insert_lists(stored.revision);
}

void replace_parents(const std::string &revision, const std::vector<std::string> &parents) {
    Table("revision_parent", Access::write).remove({{1, revision}});
    insert_list("revision_parent", revision, parents);
}

void remove_revision(const std::string &revision) {
    remove_lists(revision);
    Table("revision_script", Access::write).remove({{1, revision}});
    Table("revision", Access::write).remove({{1, revision}});
}

Summary read_graph_summary(View view) {
    return read_summary("graph", view);
}
Summary read_ledger_summary(View view) {
    return read_summary("ledger", view);
}
Summary read_record_summary(View view) {
    return read_summary("schema", view);
}
void write_graph_summary(const Summary &summary) {
    write_summary("graph", summary);
}
void write_ledger_summary(const Summary &summary) {
    write_summary("ledger", summary);
}
void write_record_summary(const Summary &summary) {
    write_summary("schema", summary);
}

}  // namespace migrate::engine
