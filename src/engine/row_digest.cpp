#include "engine/row_digest.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "pg/query.hpp"

namespace migrate::engine {

namespace {

std::string rows(std::size_t count, const char *what) {
    return fmt::format("{} {} {}", count, count == 1 ? "row" : "rows", what);
}

// How many of `a` are not in `b`; both are sorted.
std::size_t missing(const std::vector<std::int64_t> &a, const std::vector<std::int64_t> &b) {
    std::vector<std::int64_t> rest;
    std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(rest));
    return rest.size();
}

}  // namespace

std::optional<RowDigest> read_digest(const std::string &table,
                                     const std::vector<std::string> *columns, std::string &reason) {
    pg::TextRows const may = pg::query(
        "SELECT has_table_privilege(c.oid, 'SELECT') FROM pg_class AS c WHERE c.oid = "
        "to_regclass($1) AND c.relkind = 'r'",
        {table});
    if (may.empty()) {
        reason = "it is not there any more";
        return std::nullopt;
    }
    if (*may[0][0] != "t") {
        reason = "no right to read it";
        return std::nullopt;
    }
    RowDigest digest;
    for (const pg::TextRow &row : pg::query(
             "SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = to_regclass($1) "
             "AND attnum > 0 AND NOT attisdropped ORDER BY quote_ident(attname) COLLATE \"C\"",
             {table}))
        if (columns == nullptr ||
            std::find(columns->begin(), columns->end(), *row[0]) != columns->end())
            digest.columns.push_back(*row[0]);
    for (const pg::TextRow &row :
         pg::query(fmt::format("SELECT hashtextextended(ROW({})::text, 0) FROM ONLY {}",
                               fmt::join(digest.columns, ", "), table)))
        digest.rows.push_back(std::strtoll(row[0]->c_str(), nullptr, 10));
    std::sort(digest.rows.begin(), digest.rows.end());
    return digest;
}

std::string compare(const RowDigest &before, const RowDigest &after) {
    std::size_t const gone = missing(before.rows, after.rows);
    std::size_t const fresh = missing(after.rows, before.rows);
    std::size_t const changed = std::min(gone, fresh);
    std::vector<std::string> parts;
    if (changed > 0) parts.push_back(rows(changed, "changed"));
    if (gone > changed) parts.push_back(rows(gone - changed, "lost"));
    if (fresh > changed) parts.push_back(rows(fresh - changed, "added"));
    return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace migrate::engine
