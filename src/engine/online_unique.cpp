// add_unique, add_primary_key
#include "engine/online.hpp"
#include "engine/online_constraint.hpp"
#include "engine/online_index.hpp"
#include "pg/names.hpp"
#include "pg/procedure.hpp"
#include "pg/session.hpp"

namespace migrate::engine {

namespace {

class Key {
 public:
    explicit Key(const UniqueRequest &request)
        : request_(request),
          table_(find_table(request.relation)),
          columns_(column_list(table_, request.columns)),
          type_(request.primary ? "p" : "u") {
        definition_ = fmt::format("({})", columns_);
        if (!request.include.empty())
            definition_ += fmt::format(" INCLUDE ({})", column_list(table_, request.include));
        if (request.nulls_not_distinct) definition_ += " NULLS NOT DISTINCT";
    }

    void operator()() {
        if (std::optional<std::string> const there = find_same(table_))
            return pg::notice(
                fmt::format("constraint \"{}\" of relation \"{}\" exists, nothing to "
                            "do",
                            *there, table_.relname));
        refuse_second_primary_key();
        if (table_.partitioned()) require_partition_key(table_, quoted_columns());
        std::string const name = choose(table_, request_.name);
        pg::commit_and_begin();
        if (request_.primary) not_null();
        if (table_.partitioned())
            add_to_partitions(name);
        else
            add_to(table_, name);
    }

 private:
    // A constraint of the table that is the same; with a name asked for, only that one.
    std::optional<std::string> find_same(const Table &table) const {
        pg::TextRows const rows = pg::query(
            "SELECT k.conname FROM pg_constraint k JOIN pg_index i ON i.indexrelid = k.conindid"
            " WHERE k.conrelid = $1::oid AND k.contype = $2::\"char\" AND i.indisvalid"
            " AND NOT k.condeferrable"
            " AND ARRAY(SELECT a.attname::text FROM unnest(i.indkey) WITH ORDINALITY u(n, place)"
            "  JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.n ORDER BY place)"
            "  = $3::text[] AND i.indnkeyatts = $4::int"
            " AND coalesce((to_jsonb(i)->>'indnullsnotdistinct')::boolean, false) = $5::boolean"
            " ORDER BY k.conname",
            {std::to_string(table.oid), type_, all_columns(),
             std::to_string(request_.columns.size()),
             request_.nulls_not_distinct ? "true" : "false"});
        for (const pg::TextRow &row : rows)
            if (table.oid != table_.oid || !request_.name || *request_.name == *row[0])
                return *row[0];
        return std::nullopt;
    }

    std::vector<std::string> quoted_columns() const {
        std::vector<std::string> quoted;
        for (const std::string &column : request_.columns) quoted.push_back(pg::quote_name(column));
        return quoted;
    }

    // As an array literal.
    std::string all_columns() const {
        std::string list;
        for (const pg::Texts *names : {&request_.columns, &request_.include})
            for (const std::string &name : *names) {
                list += list.empty() ? "\"" : ",\"";
                for (char const c : name) {
                    if (c == '"' || c == '\\') list += '\\';
                    list += c;
                }
                list += '"';
            }
        return "{" + list + "}";
    }

    void refuse_second_primary_key() const {
        if (!request_.primary) return;
        pg::TextRows const rows = pg::query(
            "SELECT conname FROM pg_constraint WHERE conrelid = $1::oid AND contype = 'p'",
            {std::to_string(table_.oid)});
        if (!rows.empty())
            pg::fail("42P16",
                     fmt::format("multiple primary keys for table \"{}\" are not allowed",
                                 table_.relname),
                     fmt::format("It has \"{}\".", *rows[0][0]));
    }

    // The name for a table; of the one that was asked for, if that is said.
    std::string choose(const Table &table, const OptionalText &wanted) const {
        if (wanted) {
            require_name(*wanted);
            if (find_constraint(table, *wanted)) fail_other_constraint(table, *wanted);
            return *wanted;
        }
        std::string columns;
        if (!request_.primary) columns = fmt::format("{}", fmt::join(request_.columns, "_"));
        return pg::choose_name(table.relname, columns, label(), [&](const std::string &candidate) {
            std::optional<Occupant> const other = find_occupant(table, candidate);
            return find_constraint(table, candidate).has_value() ||
                   (other && !is_wished(table, wish(candidate), candidate, *other));
        });
    }

    const char *label() const { return request_.primary ? "pkey" : "key"; }
    const char *words() const { return request_.primary ? "PRIMARY KEY" : "UNIQUE"; }

    void not_null() const {
        for (const std::string &column : request_.columns)
            if (!find_column(table_, column).not_null) add_not_null(table_.oid, column);
        pg::commit_and_begin();
    }

    IndexWish wish(const std::string &name) const {
        return {definition_, true, name, label(), "columns"};
    }

    // A table with rows: an index that is built concurrently becomes the constraint.
    void add_to(const Table &table, const std::string &name) const {
        ensure_index(table, wish(name));
        alter("adding constraint",
              fmt::format("ALTER TABLE {} ADD CONSTRAINT {} {} USING INDEX {}", table.name,
                          pg::quote_name(name), words(), pg::quote_name(name)));
    }

    // The parent's constraint takes those of its partitions as its own where they are there.
    void add_to_partitions(const std::string &name) const {
        probe(name);
        for (bool complete = false; !complete;) {
            for (const Table &leaf : leaves(table_)) {
                if (find_same(leaf)) continue;
                std::string const own = choose(leaf, std::nullopt);
                pg::commit_and_begin();
                add_to(leaf, own);
            }
            pg::commit_and_begin();
            pg::Utility const add(
                fmt::format("ALTER TABLE {} ADD CONSTRAINT {} {} {}", table_.name,
                            pg::quote_name(name), words(), definition_of_constraint()),
                "columns");
            alter("adding constraint", {&add}, [&] {
                std::vector<Table> const all = leaves(table_);
                complete = std::all_of(all.begin(), all.end(), [&](const Table &leaf) {
                    return find_same(leaf).has_value();
                });
                return complete;
            });
        }
    }

    // UNIQUE NULLS NOT DISTINCT (a) INCLUDE (b): not in the order of CREATE INDEX.
    std::string definition_of_constraint() const {
        std::string text = request_.nulls_not_distinct ? "NULLS NOT DISTINCT " : "";
        text += fmt::format("({})", columns_);
        if (!request_.include.empty())
            text += fmt::format(" INCLUDE ({})", column_list(table_, request_.include));
        return text;
    }

    void probe(const std::string &name) const { probe_unique(table_, wish(name), name); }

    UniqueRequest const request_;
    Table const table_;
    std::string const columns_;
    std::string const type_;
    std::string definition_;
};

}  // namespace

void add_unique(const UniqueRequest &request) {
    Key{request}();
}

}  // namespace migrate::engine
