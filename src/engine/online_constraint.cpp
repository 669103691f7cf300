#include "engine/online_constraint.hpp"

#include "core/messages.hpp"
#include "engine/online.hpp"
#include "engine/online_probe.hpp"
#include "pg/constraint_form.hpp"
#include "pg/names.hpp"
#include "pg/procedure.hpp"
#include "pg/session.hpp"

namespace migrate::engine {

std::optional<Named> find_constraint(const Table &table, const std::string &name) {
    pg::TextRows const rows = pg::query(
        "SELECT conname, convalidated, coninhcount > 0 FROM pg_constraint WHERE conrelid = $1::oid "
        "AND conname = $2",
        {std::to_string(table.oid), name});
    if (rows.empty()) return std::nullopt;
    return Named{*rows[0][0], *rows[0][1] == "t", *rows[0][2] == "t"};
}

void fail_other_constraint(const Table &table, const std::string &name) {
    pg::fail(
        "42710",
        fmt::format("constraint \"{}\" for relation \"{}\" already exists", name, table.relname),
        "It has another definition.");
}

namespace {

std::string drop_text(const Table &table, const std::string &name) {
    return fmt::format("ALTER TABLE {} DROP CONSTRAINT {}", table.name, pg::quote_name(name));
}

void validate_one(const Table &table, const std::string &name) {
    scan("validating",
         fmt::format("ALTER TABLE {} VALIDATE CONSTRAINT {}", table.name, pg::quote_name(name)));
}

bool needs_validation(const Table &table, const std::string &name, bool inherited) {
    std::optional<Named> const constraint = find_constraint(table, name);
    return constraint && !constraint->valid && (constraint->inherited || !inherited);
}

// The constraints of a table that check the same as `statement` does, the validated ones first.
std::vector<Named> same_checks(const Table &table, const pg::Utility &statement) {
    pg::TextRows const rows = pg::query(
        "SELECT conname, convalidated, conbin::text FROM pg_constraint WHERE conrelid = $1::oid"
        " AND contype = 'c' AND NOT connoinherit ORDER BY convalidated DESC, conname",
        {std::to_string(table.oid)});
    std::vector<Named> found;
    for (const pg::TextRow &row : rows)
        if (pg::same_check(statement, table.oid, *row[2]))
            found.push_back({*row[0], *row[1] == "t", false});
    return found;
}

std::string check_text(const Table &table, const std::string &name, const std::string &expression) {
    // The line break ends a comment at the end of the expression.
    return fmt::format("ALTER TABLE {} ADD CONSTRAINT {} CHECK ({}\n) NOT VALID", table.name,
                       pg::quote_name(name), expression);
}

class NotNull {
 public:
    NotNull(const Table &table, const std::string &column)
        : table_(table), column_(column), quoted_(pg::quote_name(column)) {}

    void operator()() {
        if (pg::compat::kNotNullConstraints)
            add_native();
        else
            add_by_check();
    }

 private:
    Violation violation() const {
        return {"23502",
                fmt::format("column \"{}\" of relation \"{}\" contains null values", column_,
                            table_.relname),
                fmt::format("Give them a value first, for example: CALL migrate.backfill({}, "
                            "'{} = ...', '{} IS NULL');",
                            core::sql_literal(table_.name), quoted_, quoted_)};
    }

    void look() const {
        if (!sees_all_rows(table_)) return;
        probe(fmt::format("SELECT {} FROM {} t WHERE t.{} IS NULL", row_key(table_, "t"),
                          table_.name, quoted_),
              pg::Names::ours, "row", violation());
    }

    // PostgreSQL has found some, and speaks of a constraint that nobody knows.
    void look_again() const {
        look();
        Violation const found = violation();
        pg::fail(found.sqlstate, found.message, {}, found.hint);
    }

    void done_already() const {
        pg::notice(fmt::format("column \"{}\" of relation \"{}\" is NOT NULL, nothing to do",
                               column_, table_.relname));
    }

    // From PostgreSQL 18 on NOT NULL is a constraint that can be NOT VALID itself.
    void add_native() const {
        Column const column = find_column(table_, column_);
        pg::TextRows const rows = pg::query(
            "SELECT conname, convalidated FROM pg_constraint WHERE conrelid = $1::oid AND contype "
            "= 'n' AND conkey = ARRAY[$2::int2]",
            {std::to_string(table_.oid), std::to_string(column.number)});
        if (!rows.empty() && *rows[0][1] == "t") return done_already();
        std::string const name =
            !rows.empty()
                ? *rows[0][0]
                : pg::choose_name(table_.relname, column_, "not_null",
                                  [&](const std::string &candidate) {
                                      return find_constraint(table_, candidate).has_value();
                                  });
        if (rows.empty()) {
            look();
            alter("adding constraint", fmt::format("ALTER TABLE {} ADD CONSTRAINT {} NOT NULL {} "
                                                   "NOT VALID",
                                                   table_.name, pg::quote_name(name), quoted_));
        }
        validate(table_, name, rows.empty(), [&] { look_again(); });
    }

    // A valid CHECK spares SET NOT NULL the scan.
    void add_by_check() const {
        if (find_column(table_, column_).not_null) return done_already();
        std::string const expression = quoted_ + " IS NOT NULL";
        pg::Utility const wanted(check_text(table_, "wanted", expression), "column_name");
        std::vector<Named> const same = same_checks(table_, wanted);
        std::string const own = pg::choose_name(
            table_.relname, column_, "migrate_not_null", [&](const std::string &candidate) {
                return find_constraint(table_, candidate) &&
                       std::none_of(same.begin(), same.end(),
                                    [&](const Named &named) { return named.name == candidate; });
            });
        std::string const name = same.empty() ? own : same[0].name;
        bool const drop = name == own && (same.empty() || !find_constraint(table_, own)->inherited);
        if (same.empty()) {
            look();
            alter("adding constraint", check_text(table_, name, expression));
        }
        validate(table_, name, same.empty(), [&] { look_again(); });
        pg::Utility const set(
            fmt::format("ALTER TABLE {} ALTER COLUMN {} SET NOT NULL", table_.name, quoted_),
            "column_name");
        pg::Utility const drop_check(drop_text(table_, name), "column_name");
        std::vector<const pg::Utility *> statements{&set};
        if (drop) statements.push_back(&drop_check);
        alter("setting NOT NULL", statements);
    }

    Table const table_;
    std::string const column_;
    std::string const quoted_;
};

}  // namespace

void validate(const Table &table, const std::string &name, bool added,
              const std::function<void()> &probe) {
    try {
        for (const Table &below : descendants(table))
            if (below.kind == 'r' && needs_validation(below, name, true)) validate_one(below, name);
        if (needs_validation(table, name, false)) validate_one(table, name);
    } catch (const pg::PgError &error) {
        if (!is_violation()) throw;
        pg::PgError const kept = pg::keep(error);
        pg::roll_back_and_begin();
        if (added) alter("taking the constraint back", drop_text(table, name));
        probe();
        throw kept;
    }
}

void add_not_null(Oid relation, const std::string &column) {
    NotNull(find_table(relation), column)();
}

void add_check(Oid relation, const std::string &expression, const OptionalText &wanted_name) {
    Table const table = find_table(relation);
    if (wanted_name) require_name(*wanted_name);
    pg::Utility const wanted(check_text(table, wanted_name.value_or("wanted"), expression),
                             "expression");
    wanted.require_check(wanted_name.value_or("wanted"));
    std::string const column = pg::check_column(wanted, table.oid);  // refuses what is no CHECK
    std::vector<Named> const same = same_checks(table, wanted);
    std::optional<Named> there;
    for (const Named &named : same)
        if (!there && (!wanted_name || named.name == *wanted_name)) there = named;
    if (there && there->valid)
        return pg::notice(fmt::format("constraint \"{}\" of relation \"{}\" exists, nothing to do",
                                      there->name, table.relname));
    if (!there && wanted_name && find_constraint(table, *wanted_name))
        fail_other_constraint(table, *wanted_name);
    std::string const name =
        there ? there->name
        : wanted_name
            ? *wanted_name
            : pg::choose_name(table.relname, column, "check", [&](const std::string &candidate) {
                  return find_constraint(table, candidate).has_value();
              });
    auto const look = [&] {
        if (!sees_all_rows(table)) return;
        probe(fmt::format("SELECT {} FROM {} t WHERE NOT ({}\n)", row_key(table, "t"), table.name,
                          expression),
              pg::Names::callers, "row",
              {"23514",
               fmt::format("check constraint \"{}\" of relation \"{}\" is violated by some row",
                           name, table.relname),
               "Correct these rows first, for example with CALL migrate.backfill()."});
    };
    if (!there) {
        look();
        pg::Utility const add(check_text(table, name, expression), "expression");
        alter("adding constraint", {&add});
    }
    validate(table, name, !there, look);
}

}  // namespace migrate::engine
