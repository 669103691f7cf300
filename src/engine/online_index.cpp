#include "engine/online_index.hpp"

#include "engine/online_probe.hpp"
#include "pg/index_form.hpp"
#include "pg/index_work.hpp"
#include "pg/names.hpp"
#include "pg/procedure.hpp"
#include "pg/session.hpp"
#include "pg/settings.hpp"
#include "pg/table_locks.hpp"

namespace migrate::engine {

namespace {

constexpr int kOldSnapshot = 10'000;  // milliseconds

std::string create_text(const Table &table, const IndexWish &wish, const std::string &name) {
    return fmt::format("CREATE {}INDEX CONCURRENTLY {} ON {} {}", wish.unique ? "UNIQUE " : "",
                       pg::quote_name(name), table.only(), wish.definition);
}

bool is_same(const Table &table, const pg::Utility &wanted, const Occupant &occupant) {
    return occupant.index_of_table && pg::same_index(wanted, table.oid, occupant.oid);
}

// A finished index that is as wanted, and belongs to nothing else.
std::optional<std::string> find_equal(const Table &table, const pg::Utility &wanted) {
    pg::TextRows const rows = pg::query(
        "SELECT i.indexrelid, c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
        " WHERE i.indrelid = $1::oid AND i.indisvalid AND i.indisready AND NOT EXISTS (SELECT FROM"
        " pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))"
        " ORDER BY c.relname",
        {std::to_string(table.oid)});
    for (const pg::TextRow &row : rows)
        if (pg::same_index(wanted, table.oid, static_cast<Oid>(std::stoul(*row[0]))))
            return *row[1];
    return std::nullopt;
}

// What was left unfinished. At once where nobody is in the way; otherwise by waiting, which is in
// nobody's way either.
void drop_unfinished(const Table &table, const std::string &name, bool wait = true) {
    std::optional<Occupant> const left = find_occupant(table, name);
    if (!left || !left->index_of_table || left->valid) return pg::commit_and_begin();
    std::string const now = pg::drop_index(left->oid, false);
    std::string const later = pg::drop_index(left->oid, true);
    bool dropped = false;
    pg::SubTransaction work;
    try {
        pg::SettingsLevel settings;
        settings.set("lock_timeout", "100ms");
        pg::Utility(now, "index").run();
        settings.close();
        work.commit();
        dropped = true;
    } catch (const pg::PgError &) {
        bool const locked = pg::current_error_text().sqlstate == "55P03";
        work.roll_back();
        if (!locked || !wait) throw;
    }
    pg::commit_and_begin();
    if (!dropped) run_alone("dropping an unfinished index", name, later);
}

// A concurrent build waits for every snapshot that is older than itself.
void tell_old_snapshots(const std::string &name) {
    std::vector<std::string> const old = pg::old_snapshots(kOldSnapshot);
    if (!old.empty())
        pg::notice(
            fmt::format("index \"{}\" has to wait for transactions with older snapshots", name),
            fmt::format("{}", fmt::join(old, "\n")));
}

// What a failed build leaves is dropped. An error while doing that must not hide the first one.
void build(const Table &table, const IndexWish &wish, const std::string &name) {
    pg::Utility const statement(create_text(table, wish, name), wish.argument);
    tell_old_snapshots(name);
    try {
        run_alone("building index", name, statement);
    } catch (const pg::PgError &error) {
        pg::PgError const kept = pg::keep(error);
        bool const cancelled = pg::current_error_text().sqlstate == "57014";
        pg::roll_back_and_begin();
        try {
            drop_unfinished(table, name, !cancelled);
        } catch (const pg::PgError &) {
            pg::roll_back_and_begin();
            pg::add_hint(kept,
                         "An INVALID index stays; calling the procedure again, or DROP INDEX "
                         "CONCURRENTLY, removes it.");
        }
        throw kept;
    }
}

std::string list(const std::vector<std::string> &items, const char *between) {
    return fmt::format("{}", fmt::join(items, between));
}

}  // namespace

std::optional<Occupant> find_occupant(const Table &table, const std::string &name) {
    pg::TextRows const rows = pg::query(
        "SELECT c.oid, i.indrelid IS NOT NULL, coalesce(i.indisvalid AND i.indisready, false)"
        " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " LEFT JOIN pg_index i ON i.indexrelid = c.oid AND i.indrelid = $1::oid"
        " WHERE n.nspname = $2 AND c.relname = $3",
        {std::to_string(table.oid), table.schema, name});
    if (rows.empty()) return std::nullopt;
    return Occupant{static_cast<Oid>(std::stoul(*rows[0][0])), *rows[0][1] == "t",
                    *rows[0][2] == "t"};
}

void probe_unique(const Table &table, const IndexWish &wish, const std::string &name) {
    if (!sees_all_rows(table)) return pg::commit_and_begin();
    pg::Utility const wanted(create_text(table, wish, name), wish.argument);
    pg::IndexForm const form = pg::index_form(wanted, table.oid);
    std::vector<std::string> conditions;
    if (!form.predicate.empty()) conditions.push_back("(" + form.predicate + ")");
    if (!form.nulls_not_distinct)
        for (const std::string &key : form.keys) conditions.push_back(key + " IS NOT NULL");
    std::string const keys = list(form.keys, ", ");
    std::vector<std::string> values;
    for (const std::string &key : form.keys) values.push_back(value_text(key));
    probe(fmt::format("SELECT pg_catalog.format('(%s)=(%s)', {}, pg_catalog.concat_ws(', ', {})) "
                      "FROM {} {} GROUP BY {} HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 1 "
                      "ORDER BY {}",
                      pg::quote_literal(list(form.labels, ", ")), list(values, ", "), table.only(),
                      conditions.empty() ? "" : "WHERE " + list(conditions, " AND "), keys, keys),
          pg::Names::callers, "duplicated key",
          {"23505", fmt::format("could not create unique index \"{}\"", name),
           "Remove or change the duplicates first."});
}

bool is_wished(const Table &table, const IndexWish &wish, const std::string &name,
               const Occupant &occupant) {
    return is_same(table, pg::Utility(create_text(table, wish, name), wish.argument), occupant);
}

void require_partition_key(const Table &table, const std::vector<std::string> &keys) {
    std::string const ids = std::to_string(table.oid);
    pg::TextRows const rows = pg::query(
        "SELECT c.relname, quote_ident(a.attname) FROM pg_partition_tree($1::oid) t"
        " JOIN pg_class c ON c.oid = t.relid JOIN pg_partitioned_table p ON p.partrelid = c.oid"
        " CROSS JOIN LATERAL unnest(p.partattrs) k(n) LEFT JOIN pg_attribute a ON a.attrelid = "
        "p.partrelid AND"
        " a.attnum = k.n AND k.n > 0 ORDER BY t.level, c.relname, k.n",
        {ids});
    for (const pg::TextRow &row : rows) {
        if (row[1] && std::find(keys.begin(), keys.end(), *row[1]) != keys.end()) continue;
        pg::fail("0A000",
                 "unique constraint on partitioned table must include all partitioning columns",
                 row[1] ? fmt::format("Column {} is part of the partition key of table \"{}\".",
                                      *row[1], *row[0])
                        : fmt::format("The partition key of table \"{}\" includes an expression.",
                                      *row[0]));
    }
}

std::string ensure_index(const Table &table, const IndexWish &wish, bool *existed) {
    pg::Utility const wanted(create_text(table, wish, wish.name.value_or("wanted")), wish.argument);
    wanted.require_index(wish.name.value_or("wanted"));
    if (existed != nullptr) *existed = true;
    if (!wish.name)
        if (std::optional<std::string> const equal = find_equal(table, wanted)) return *equal;
    std::string const name =
        wish.name ? *wish.name
                  : pg::choose_name(table.relname, pg::index_form(wanted, table.oid).columns,
                                    wish.label, [&](const std::string &candidate) {
                                        std::optional<Occupant> const other =
                                            find_occupant(table, candidate);
                                        return other && !is_same(table, wanted, *other);
                                    });
    std::optional<Occupant> const there = find_occupant(table, name);
    if (there && !is_same(table, wanted, *there))
        pg::fail("42710", fmt::format("relation \"{}\" already exists", name),
                 there->index_of_table ? "It is an index with another definition."
                                       : "It is no index of this table.");
    bool const valid = there && there->valid;
    // Whoever is building it holds this lock; what is still unfinished after that has been left.
    pg::commit_and_begin();
    if (there && !valid) {
        pg::table_indexes(table.oid, true);
        pg::commit_and_begin();
    }
    if (valid) return name;
    if (existed != nullptr) *existed = false;
    if (there) {
        drop_unfinished(table, name);
        if (find_occupant(table, name)) return ensure_index(table, wish, existed);
    }
    if (wish.unique) probe_unique(table, wish, name);
    build(table, wish, name);
    return name;
}

}  // namespace migrate::engine
