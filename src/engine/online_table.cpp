#include "engine/online_table.hpp"

#include "core/messages.hpp"
#include "pg/locks.hpp"
#include "pg/names.hpp"
#include "pg/procedure.hpp"
#include "pg/progress.hpp"
#include "pg/settings.hpp"

namespace migrate::engine {

namespace {

// A query that ends in a condition on c (pg_class) and n (its schema).
constexpr const char *kTables =
    "SELECT c.oid, n.nspname, c.relname, c.relkind, c.relispartition,"
    " pg_has_role(c.relowner, 'USAGE') FROM pg_class c JOIN pg_namespace n ON n.oid = "
    "c.relnamespace ";

Table table_of(const pg::TextRow &row) {
    Table table;
    table.oid = static_cast<Oid>(std::stoul(*row[0]));
    table.schema = *row[1];
    table.relname = *row[2];
    table.name = pg::quote_name(table.schema) + "." + pg::quote_name(table.relname);
    table.kind = (*row[3])[0];
    table.partition = *row[4] == "t";
    table.owned = *row[5] == "t";
    return table;
}

}  // namespace

bool is_violation() {
    return pg::current_error_text().sqlstate.starts_with("23");
}

Table read_table(Oid oid) {
    pg::TextRows const rows =
        pg::query(std::string(kTables) + "WHERE c.oid = $1::oid", {std::to_string(oid)});
    if (rows.empty()) pg::fail("42P01", fmt::format("relation with OID {} does not exist", oid));
    return table_of(rows[0]);
}

Table find_table(Oid oid, bool materialized_view) {
    Table table = read_table(oid);
    if (table.kind != 'r' && table.kind != 'p' && !(materialized_view && table.kind == 'm'))
        pg::fail("42809", fmt::format("\"{}\" is not a table", table.relname));
    if (!table.owned) pg::fail("42501", fmt::format("must be owner of table {}", table.relname));
    return table;
}

std::vector<Table> descendants(const Table &table) {
    std::vector<Table> found;
    pg::TextRows const rows = pg::query(
        "WITH RECURSIVE below(oid, depth) AS ("
        " SELECT inhrelid, 1 FROM pg_inherits WHERE inhparent = $1::oid AND NOT inhdetachpending"
        " UNION SELECT i.inhrelid, b.depth + 1 FROM pg_inherits i JOIN below b"
        " ON i.inhparent = b.oid WHERE NOT i.inhdetachpending) " +
            std::string(kTables) +
            "JOIN (SELECT oid, max(depth) AS depth FROM below GROUP BY oid) b ON b.oid = c.oid"
            " ORDER BY b.depth, c.oid",
        {std::to_string(table.oid)});
    for (const pg::TextRow &row : rows) found.push_back(table_of(row));
    return found;
}

std::vector<Table> leaves(const Table &table) {
    if (!table.partitioned()) return {table};
    std::vector<Table> found;
    for (Table &child : descendants(table))
        if (!child.partitioned()) found.push_back(std::move(child));
    return found;
}

Column find_column(const Table &table, const std::string &name) {
    pg::TextRows const rows = pg::query(
        "SELECT attnum, attnotnull FROM pg_attribute"
        " WHERE attrelid = $1::oid AND attname = $2 AND attnum > 0 AND NOT attisdropped",
        {std::to_string(table.oid), name});
    if (rows.empty())
        pg::fail("42703", fmt::format("column \"{}\" of relation \"{}\" does not exist", name,
                                      table.relname));
    return {std::stoi(*rows[0][0]), *rows[0][1] == "t"};
}

std::string column_list(const Table &table, const pg::Texts &columns) {
    if (columns.empty()) pg::fail("22023", "argument \"columns\" must not be empty");
    std::string list;
    for (std::size_t i = 0; i < columns.size(); i++) {
        find_column(table, columns[i]);
        if (std::find(columns.begin(), columns.begin() + static_cast<std::ptrdiff_t>(i),
                      columns[i]) != columns.begin() + static_cast<std::ptrdiff_t>(i))
            pg::fail("42701", fmt::format("column \"{}\" is named twice", columns[i]));
        if (i > 0) list += ", ";
        list += pg::quote_name(columns[i]);
    }
    return list;
}

void require_name(const std::string &name) {
    if (name.size() > pg::kLongestName)
        pg::fail("42622", fmt::format("name \"{}\" is too long", core::shorten(name)),
                 fmt::format("Names have at most {} bytes.", pg::kLongestName));
}

void alter(const char *phase, const std::vector<const pg::Utility *> &statements,
           const std::function<bool()> &before, const Oids &exclusively) {
    pg::commit_and_begin();  // nobody should wait for our snapshot while we wait for locks
    politely(
        [&] {
            pg::RelationLocks locks;
            for (const pg::Utility *statement : statements) pg::add_locks(statement->node(), locks);
            for (Oid relation : exclusively) pg::add_exclusive_lock(relation, locks);
            return locks;
        },
        [&] {
            pg::report_phase(phase);
            if (before && !before()) return;
            for (const pg::Utility *statement : statements) statement->run();
        });
    pg::commit_and_begin();
}

void alter(const char *phase, const std::string &sql) {
    pg::Utility const statement(sql, "relation");
    alter(phase, {&statement});
}

void scan(const char *phase, const std::string &sql) {
    pg::Utility const statement(sql, "relation");
    pg::commit_and_begin();
    pg::report_phase(phase);
    pg::Patience const patience;
    statement.run();
    pg::commit_and_begin();
}

void run_alone(const char *phase, const std::string &detail, const pg::Utility &statement) {
    pg::report_phase(phase, detail);
    statement.run_alone();
}

void run_alone(const char *phase, const std::string &detail, const std::string &sql) {
    run_alone(phase, detail, pg::Utility(sql, "relation"));
}

}  // namespace migrate::engine
