// What stands in the way of a constraint, looked up before anything is done.
#pragma once

#include "engine/online_table.hpp"
#include "pg/sample.hpp"

namespace migrate::engine {

// How an error says it: the SQLSTATE of the violation, and PostgreSQL's own message.
struct Violation {
    const char *sqlstate;
    std::string message;
    std::string hint;
};

// SQL for what tells a row of the table in messages, as one text: its primary key, "(id)=(5)"; or
// where it lies. `alias` is the table's in the query.
std::string row_key(const Table &table, const std::string &alias);
// The same of other columns: "(a, b)=(1, 2)".
std::string key_text(const pg::Texts &columns, const std::string &alias);
// A value in such a text.
std::string value_text(const std::string &expression);

// Runs a query of one text column, one row for each that violates; fails when there are any. Some
// seconds or rows are enough: what it does not find, the scan of PostgreSQL will.
void probe(const std::string &sql, pg::Names names, const char *rows, const Violation &violation);

// Whether the caller sees every row of these tables: otherwise what a probe says is not true.
bool sees_all_rows(const Table &table);

}  // namespace migrate::engine
