#include "engine/online_probe.hpp"

#include "core/messages.hpp"
#include "pg/procedure.hpp"
#include "pg/progress.hpp"

namespace migrate::engine {

namespace {

constexpr int kMostRows = 1000;
constexpr std::size_t kSamples = 5;
constexpr int kMilliseconds = 2000;

std::string describe(const pg::Sample &found, const char *rows) {
    std::string text = fmt::format("{}{} {}: ", found.complete ? "" : "At least ", found.count,
                                   found.count == 1 ? std::string(rows) : std::string(rows) + "s");
    for (std::size_t i = 0; i < found.rows.size(); i++) {
        if (i > 0) text += ", ";
        text += core::shorten(found.rows[i][0].value_or("null"));
    }
    bool const more = found.count > static_cast<std::int64_t>(found.rows.size());
    return text + (more ? ", and more." : ".");
}

}  // namespace

std::string row_key(const Table &table, const std::string &alias) {
    pg::TextRows const rows = pg::query(
        "SELECT a.attname FROM pg_index i, unnest(i.indkey) WITH ORDINALITY k(attnum, place),"
        " pg_attribute a WHERE i.indrelid = $1::oid AND i.indisprimary AND a.attrelid = i.indrelid"
        " AND a.attnum = k.attnum AND k.place <= i.indnkeyatts ORDER BY k.place",
        {std::to_string(table.oid)});
    if (rows.empty()) {
        std::string const table_name =
            table.partitioned() ? alias + ".tableoid::pg_catalog.regclass, ' ', " : "";
        return fmt::format("pg_catalog.concat({}'ctid ', {}.ctid)", table_name, alias);
    }
    pg::Texts columns;
    for (const pg::TextRow &row : rows) columns.push_back(*row[0]);
    return key_text(columns, alias);
}

std::string value_text(const std::string &expression) {
    // Not a cast, which may be somebody else's function.
    return fmt::format("CASE WHEN {0} IS NULL THEN 'null' ELSE pg_catalog.format('%s', {0}) END",
                       expression);
}

std::string key_text(const pg::Texts &columns, const std::string &alias) {
    std::string names, values;
    for (const std::string &column : columns) {
        names += (names.empty() ? "" : ", ") + column;
        values += (values.empty() ? "" : ", ") + value_text(alias + "." + pg::quote_name(column));
    }
    return fmt::format("pg_catalog.format('(%s)=(%s)', {}, pg_catalog.concat_ws(', ', {}))",
                       pg::quote_literal(names), values);
}

bool sees_all_rows(const Table &table) {
    return *pg::query(
               "SELECT has_table_privilege($1::oid, 'SELECT') AND NOT "
               "row_security_active($1::oid)",
               {std::to_string(table.oid)})[0][0] == "t";
}

void probe(const std::string &sql, pg::Names names, const char *rows, const Violation &violation) {
    pg::report_phase("probing");
    pg::Sample found;
    try {
        found = pg::sample(sql, names, kMostRows, kSamples, kMilliseconds);
    } catch (const pg::PgError &) {
        // Types that cannot be compared: PostgreSQL will say it better.
        if (pg::current_error_text().sqlstate != "42883") throw;
    }
    pg::commit_and_begin();
    if (found.count == 0) return;
    pg::fail(violation.sqlstate, violation.message, describe(found, rows), violation.hint);
}

}  // namespace migrate::engine
