#include "engine/backfill_task.hpp"

#include "core/wire.hpp"
#include "engine/stripes.hpp"
#include "pg/settings.hpp"

namespace migrate::engine {

namespace {

// What the user wrote ends with a line break: it may end with a comment.
std::string statement(const BackfillTask &task, const Leaf &leaf, const std::string &range) {
    std::string const only = task.moves ? fmt::format("{} AS {}", task.name, task.alias)
                                        : fmt::format("ONLY {} AS {}", leaf.name, task.alias);
    std::string const where =
        fmt::format("{}{} AND ({}\n)",
                    task.moves ? fmt::format("{}.tableoid OPERATOR(pg_catalog.=) {}::pg_catalog.oid"
                                             " AND ",
                                             task.alias, leaf.id)
                               : std::string(),
                    range, task.condition);
    std::string const change =
        task.purge ? fmt::format(
                         "DELETE FROM {} WHERE {} RETURNING false AS again, {}.ctid AS "
                         "place",
                         only, where, task.alias)
                   : fmt::format(
                         "UPDATE {} SET {}\n WHERE {} RETURNING ({}\n) AS again, {}.ctid "
                         "AS place",
                         only, task.assignments, where, task.condition, task.alias);
    return fmt::format(
        "WITH changed AS ({}) SELECT pg_catalog.count(*), pg_catalog.count(*) "
        "FILTER (WHERE again), pg_catalog.pg_relation_filenode({}), "
        "pg_catalog.max(place) FROM changed",
        change, leaf.id);
}

// Keys travel as text, which must not depend on the session that wrote it.
pg::TextRows key_rows(const std::string &sql) {
    pg::SettingsLevel output;
    output.set("datestyle", "ISO");
    output.set("intervalstyle", "postgres");
    output.set("extra_float_digits", "3");
    pg::TextRows rows = pg::query(sql, {}, pg::Names::callers);
    output.close();
    return rows;
}

// ROW(a, b), compared as a whole.
std::string row_of(const std::vector<std::string> &parts) {
    return fmt::format("({})", fmt::join(parts, ", "));
}

std::string columns_of(const BackfillTask &task, const LeafKey &key) {
    std::vector<std::string> parts;
    for (const std::string &column : key.columns) parts.push_back(task.alias + "." + column);
    return row_of(parts);
}

std::string values_of(const LeafKey &key, const std::vector<std::string> &values) {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < values.size(); i++)
        parts.push_back(fmt::format("{}::{}", pg::quote_literal(values[i]), key.types[i]));
    return row_of(parts);
}

std::vector<std::string> key_texts(const pg::TextRows &rows) {
    std::vector<std::string> result;
    if (rows.empty()) return result;
    for (const auto &value : rows.front()) result.push_back(value.value_or(""));
    return result;
}

std::string key_query(const BackfillTask &task, const Leaf &leaf, const LeafKey &key,
                      const std::string &where, const char *direction) {
    std::vector<std::string> texts, order;
    for (const std::string &column : key.columns) {
        texts.push_back(fmt::format("{}.{}::pg_catalog.text", task.alias, column));
        order.push_back(fmt::format("{}.{} {}", task.alias, column, direction));
    }
    return fmt::format("SELECT {} FROM ONLY {} AS {}{} ORDER BY {} LIMIT 1", fmt::join(texts, ", "),
                       leaf.name, task.alias, where, fmt::join(order, ", "));
}

}  // namespace

std::string BackfillTask::pack() const {
    return core::pack({std::to_string(job), purge ? "1" : "0", std::to_string(relation), name,
                       alias, assignments, condition, moves ? "1" : "0", std::to_string(target),
                       std::to_string(region), std::to_string(processes)});
}

BackfillTask BackfillTask::unpack(const std::string &packed) {
    core::Fields fields(packed);
    BackfillTask task;
    task.job = fields.number();
    task.purge = fields.number() != 0;
    task.relation = static_cast<Oid>(fields.number());
    task.name = fields.text();
    task.alias = fields.text();
    task.assignments = fields.text();
    task.condition = fields.text();
    task.moves = fields.number() != 0;
    task.target = fields.number();
    task.region = fields.number();
    task.processes = static_cast<int>(fields.number());
    return task;
}

Changed change_rows(const BackfillTask &task, const Leaf &leaf, const std::string &range) {
    pg::TextRow const row = pg::query(statement(task, leaf, range), {}, pg::Names::callers).at(0);
    return {std::stoll(row[0].value()), std::stoll(row[1].value()),
            std::stoll(row[2].value_or("0")), row[3].value_or("")};
}

void check_statement(const BackfillTask &task, const Leaf &leaf) {
    pg::query("EXPLAIN " + statement(task, leaf, in_blocks(task, 0, 1, 0)), {}, pg::Names::callers);
}

std::string in_blocks(const BackfillTask &task, std::int64_t from, std::int64_t to, int stripe) {
    std::string range = fmt::format(
        "{0}.ctid OPERATOR(pg_catalog.>=) '({1},0)'::pg_catalog.tid AND "
        "{0}.ctid OPERATOR(pg_catalog.<) '({2},0)'::pg_catalog.tid",
        task.alias, from, to);
    if (stripe != kAllStripes)
        range += fmt::format(" AND migrate.tid_in_stripe({}.ctid, {}, {})", task.alias, kStripes,
                             stripe);
    return range;
}

std::vector<std::string> lock_left(const BackfillTask &task, const Leaf &leaf, int rows) {
    std::string const sql =
        fmt::format("SELECT {1}.ctid FROM ONLY {0} AS {1} WHERE ({2}\n) LIMIT {3} FOR UPDATE",
                    leaf.name, task.alias, task.condition, rows);
    std::vector<std::string> places;
    for (const pg::TextRow &row : pg::query(sql, {}, pg::Names::callers))
        places.push_back(row[0].value());
    return places;
}

std::string at_places(const BackfillTask &task, const std::vector<std::string> &places) {
    std::vector<std::string> quoted;
    for (const std::string &place : places) quoted.push_back(fmt::format("\"{}\"", place));
    return fmt::format("{}.ctid OPERATOR(pg_catalog.=) ANY ('{{{}}}'::pg_catalog.tid[])",
                       task.alias, fmt::join(quoted, ","));
}

std::string in_keys(const BackfillTask &task, const LeafKey &key,
                    const std::vector<std::string> &after, const std::vector<std::string> &to) {
    std::string const columns = columns_of(task, key);
    std::string range = fmt::format("{} <= {}", columns, values_of(key, to));
    if (!after.empty()) range += fmt::format(" AND {} > {}", columns, values_of(key, after));
    return range;
}

std::vector<std::string> key_after(const BackfillTask &task, const Leaf &leaf, const LeafKey &key,
                                   const std::vector<std::string> &after,
                                   const std::vector<std::string> &last, std::int64_t rows) {
    std::string const where = " WHERE " + in_keys(task, key, after, last);
    std::string const sql =
        fmt::format("{} OFFSET {}", key_query(task, leaf, key, where, "ASC"), rows - 1);
    std::vector<std::string> found = key_texts(key_rows(sql));
    return found.empty() ? last : found;
}

std::vector<std::string> largest_key(const BackfillTask &task, const Leaf &leaf,
                                     const LeafKey &key) {
    return key_texts(key_rows(key_query(task, leaf, key, "", "DESC")));
}

bool is_found_again(const BackfillTask &task, const Leaf &leaf, const std::string &place) {
    std::string const sql = fmt::format(
        "SELECT 1 FROM ONLY {0} AS {1} WHERE {1}.ctid OPERATOR(pg_catalog.=) {2}::pg_catalog.tid "
        "AND ({3}\n)",
        leaf.name, task.alias, pg::quote_literal(place), task.condition);
    return !pg::query(sql, {}, pg::Names::callers).empty();
}

bool any_left(const BackfillTask &task) {
    std::string const sql = fmt::format("SELECT 1 FROM {} AS {} WHERE ({}\n) LIMIT 1", task.name,
                                        task.alias, task.condition);
    return !pg::query(sql, {}, pg::Names::callers).empty();
}

}  // namespace migrate::engine
