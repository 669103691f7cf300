// SQL of our own, through SPI, in the current transaction.
#pragma once

#include "pg/datum.hpp"

namespace migrate::pg {

// A row as text, as the types' output functions write it; no value: NULL.
using TextRow = std::vector<std::optional<std::string>>;
using TextRows = std::vector<TextRow>;

// Whose search_path the names in a statement are looked up with.
enum class Names {
    ours,    // pg_catalog and nothing else: for questions of our own
    callers  // the session's: for expressions that a user wrote
};

// The rows of a query. Arguments are of type text ($1, $2 ...; cast them there).
TextRows query(const std::string &sql, const TextRow &arguments = {}, Names names = Names::ours);

// How many rows a statement has processed. Triggers, rules and privileges are those of any
// statement of the session.
std::int64_t execute(const std::string &sql, Names names);

// Names and literals for such texts.
std::string quote_name(const std::string &name);
std::string quote_literal(const std::string &text);
// "schema.table", quoted where needed; empty when it does not exist.
std::string qualified_name(Oid relation);
// "table" alone, quoted where needed.
std::string bare_name(Oid relation);

}  // namespace migrate::pg
