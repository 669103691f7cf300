// add_not_null, add_check, add_foreign_key, add_unique, add_primary_key, create_index, reindex,
// drop_index
#include "api/entry.hpp"
#include "engine/online.hpp"
#include "engine/trying.hpp"
#include "pg/query.hpp"
#include "pg/session.hpp"
#include "pg/utility.hpp"

using namespace migrate;

namespace {

Oid oid(const pg::Arguments &args, int i, const char *name) {
    return static_cast<Oid>(args.bigint(i, name));
}

std::string target(Oid relation) {
    std::string const name = pg::qualified_name(relation);
    return name.empty() ? std::to_string(relation) : name;
}

std::string columns(const pg::Texts &names) {
    std::vector<std::string> quoted;
    for (const std::string &name : names) quoted.push_back(pg::quote_name(name));
    return fmt::format("({})", fmt::join(quoted, ", "));
}

// "ALTER TABLE t ADD CONSTRAINT name "
std::string adding(Oid relation, const engine::OptionalText &name) {
    std::string sql = fmt::format("ALTER TABLE {} ADD ", target(relation));
    if (name) sql += fmt::format("CONSTRAINT {} ", pg::quote_name(*name));
    return sql;
}

// `plain`: the statement of PostgreSQL that does the same at once, where a script is only tried.
Datum operate(const pg::Arguments &args, const char *command, const std::string &target,
              const std::string &plain, const std::function<void()> &work) {
    if (engine::is_trying()) {
        engine::try_plain_form(plain);
        return Datum(0);
    }
    pg::require_own_call(args.raw(), fmt::format("migrate.{}()", command).c_str());
    engine::operate(args, command, target, [&](const engine::Operation &) { work(); });
    return Datum(0);
}

std::optional<pg::Texts> optional_texts(const pg::Arguments &args, int i, const char *name) {
    if (args.is_null(i)) return std::nullopt;
    return args.texts(i, name);
}

Datum add_key(const pg::Arguments &args, bool primary) {
    engine::UniqueRequest request;
    request.relation = oid(args, 0, "relation");
    request.columns = args.texts(1, "columns");
    request.name = args.optional_text(2);
    request.include = args.texts(3, "include");
    if (!primary) request.nulls_not_distinct = args.boolean(4, "nulls_not_distinct");
    request.primary = primary;
    std::string const plain =
        adding(request.relation, request.name) +
        (primary                      ? "PRIMARY KEY "
         : request.nulls_not_distinct ? "UNIQUE NULLS NOT DISTINCT "
                                      : "UNIQUE ") +
        columns(request.columns) +
        (request.include.empty() ? "" : " INCLUDE " + columns(request.include));
    return operate(args, primary ? "add_primary_key" : "add_unique", target(request.relation),
                   plain, [&] { engine::add_unique(request); });
}

Datum drop(const pg::Arguments &args, Oid index, const std::string &name) {
    std::string const plain = index == 0 ? "" : "DROP INDEX CONCURRENTLY " + name;
    return operate(args, "drop_index", name, plain, [&] {
        if (index == 0)
            pg::notice(fmt::format("index {} does not exist, nothing to do", name));
        else
            engine::drop_index(index);
    });
}

}  // namespace

MIGRATE_FUNCTION(add_not_null) {
    Oid const relation = oid(args, 0, "relation");
    std::string const column = args.text(1, "column_name");
    std::string const plain = fmt::format("ALTER TABLE {} ALTER COLUMN {} SET NOT NULL",
                                          target(relation), pg::quote_name(column));
    return operate(args, "add_not_null", target(relation), plain,
                   [&] { engine::add_not_null(relation, column); });
}

MIGRATE_FUNCTION(add_check) {
    Oid const relation = oid(args, 0, "relation");
    std::string const expression = args.text(1, "expression");
    engine::OptionalText const name = args.optional_text(2);
    std::string const plain = fmt::format("{}CHECK ({})", adding(relation, name), expression);
    return operate(args, "add_check", target(relation), plain,
                   [&] { engine::add_check(relation, expression, name); });
}

MIGRATE_FUNCTION(add_foreign_key) {
    engine::ForeignKeyRequest const request{
        oid(args, 0, "relation"),   args.texts(1, "columns"),
        oid(args, 2, "referenced"), optional_texts(args, 3, "referenced_columns"),
        args.optional_text(4),      args.text(5, "options")};
    std::string const plain = fmt::format(
        "{}FOREIGN KEY {} REFERENCES {} {} {}", adding(request.relation, request.name),
        columns(request.columns), target(request.referenced),
        request.referenced_columns ? columns(*request.referenced_columns) : "", request.options);
    return operate(args, "add_foreign_key", target(request.relation), plain,
                   [&] { engine::add_foreign_key(request); });
}

MIGRATE_FUNCTION(add_unique) {
    return add_key(args, false);
}
MIGRATE_FUNCTION(add_primary_key) {
    return add_key(args, true);
}

MIGRATE_FUNCTION(create_index) {
    Oid const relation = oid(args, 0, "relation");
    std::string const definition = args.text(1, "definition");
    engine::OptionalText const name = args.optional_text(2);
    bool const unique = args.boolean(3, "is_unique");
    std::string const plain =
        fmt::format("CREATE {}INDEX CONCURRENTLY {} ON {} {}", unique ? "UNIQUE " : "",
                    name ? pg::quote_name(*name) : "", target(relation), definition);
    return operate(args, "create_index", target(relation), plain,
                   [&] { engine::create_index(relation, definition, name, unique); });
}

MIGRATE_FUNCTION(reindex) {
    Oid const relation = oid(args, 0, "relation");
    return operate(args, "reindex", target(relation), "", [&] { engine::reindex(relation); });
}

MIGRATE_FUNCTION(drop_index) {
    Oid const index = oid(args, 0, "index");
    return drop(args, index, target(index));
}

// By name, so that a second call finds that there is nothing left to do.
MIGRATE_FUNCTION(drop_index_named) {
    std::string const name = args.text(0, "index");
    pg::TextRows const rows =
        pg::query("SELECT pg_catalog.to_regclass($1)::pg_catalog.oid", {name}, pg::Names::callers);
    Oid const index = rows[0][0] ? static_cast<Oid>(std::stoul(*rows[0][0])) : Oid(0);
    return drop(args, index, index == 0 ? name : target(index));
}
