#include "engine/keep.hpp"

#include "engine/proof.hpp"
#include "pg/aside.hpp"
#include "pg/names.hpp"
#include "pg/query.hpp"
#include "pg/session.hpp"
#include "schema/sql.hpp"

namespace migrate::engine {

using schema::Kind;
using schema::kNone;
using schema::Object;
using schema::Ref;
using schema::Snapshot;
using schema::Statement;

namespace {

// A subtransaction that shows what a statement leaves behind.
Snapshot look_ahead(const pg::Section &upgrade, std::size_t index) {
    pg::SubTransaction work;
    try {
        upgrade.try_out(index);
        Snapshot result = read_snapshot().snapshot;
        work.roll_back();
        return result;
    } catch (...) {
        work.roll_back();
        throw;
    }
}

// Takes objects of one snapshot over into another one, with what they belong to and need as far as
// that is there.
class Grafting {
 public:
    Grafting(const Snapshot &from, Snapshot &to) : from_(from), to_(to) {}

    void add(Ref ref, const std::function<void(Object &)> &change = {}) {
        Object object = from_[ref];
        if (to_.find(object.kind, object.identity) != kNone) return;
        object.parent = moved(object.parent);
        for (Ref &need : object.needs) {
            if (to_.find(from_[need].kind, from_[need].identity) == kNone)
                require_dispensable(object, from_[need]);
            need = moved(need);
        }
        std::erase(object.needs, kNone);
        if (change) change(object);
        to_.add(std::move(object));
    }

 private:
    // What is kept cannot be kept without its types.
    static void require_dispensable(const Object &object, const Object &need) {
        switch (need.kind) {
            case Kind::enumeration:
            case Kind::domain:
            case Kind::composite:
            case Kind::range:
            case Kind::base_type:
            case Kind::function:
            case Kind::collation:
                throw core::Error(
                    core::Code::malformed_script,
                    fmt::format("{} cannot be kept without {}, which is dropped with it",
                                schema::label_of(object), schema::label_of(need)),
                    {},
                    fmt::format("Give {} another schema first, or drop without keep_data.",
                                need.identity));
            default:
                return;
        }
    }

    Ref moved(Ref ref) const {
        return ref == kNone ? kNone : to_.find(from_[ref].kind, from_[ref].identity);
    }
    const Snapshot &from_;
    Snapshot &to_;
};

struct Table {
    std::string name;  // qualified
    std::string schema, bare;
    bool plain;  // neither partitioned nor a partition, a parent or a child
};

std::vector<Oid> tables_of(const std::string &schema) {
    std::vector<Oid> tables;
    for (const pg::TextRow &row :
         pg::query("SELECT c.oid FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = "
                   "c.relnamespace WHERE n.nspname = $1 AND c.relkind = 'r' ORDER BY c.relname",
                   {schema}))
        tables.push_back(static_cast<Oid>(std::stoul(*row[0])));
    return tables;
}

Table find_table(Oid oid) {
    pg::TextRows const rows = pg::query(
        "SELECT format('%I.%I', n.nspname, c.relname), quote_ident(n.nspname), c.relname, "
        "c.relkind = 'r' AND c.relpersistence <> 't' AND NOT c.relispartition AND NOT EXISTS "
        "(SELECT FROM pg_inherits AS i WHERE i.inhrelid = c.oid OR i.inhparent = c.oid) "
        "FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = $1::oid",
        {std::to_string(oid)});
    return {*rows[0][0], *rows[0][1], *rows[0][2], *rows[0][3] == "t"};
}

class Keeper {
 public:
    Keeper(const pg::Section &upgrade, std::size_t index, const std::string &revision)
        : upgrade_(upgrade), index_(index), revision_(revision) {}

    std::optional<Kept> operator()() {
        pg::DroppedData dropped = upgrade_.dropped_data(index_);
        for (const std::string &schema : dropped.schemas)
            for (Oid const table : tables_of(schema)) dropped.tables.push_back(table);
        if (dropped.tables.empty() && dropped.columns.empty()) return std::nullopt;
        Snapshot const before = read_snapshot().snapshot;
        if (dropped.more) return refuse_more(before, dropped);
        Snapshot wanted = look_ahead(upgrade_, index_);
        for (Oid const table : dropped.tables) move_table(table);
        for (const std::string &column : dropped.columns) keep_column(dropped.table, column);
        if (kept_.what.empty()) return std::nullopt;
        run_moves();
        Snapshot const now = read_snapshot().snapshot;
        graft(now, wanted);
        follow(without_keep_schema(wanted));
        return std::move(kept_);
    }

 private:
    std::optional<Kept> refuse_more(const Snapshot &before, const pg::DroppedData &dropped) {
        Table const table = find_table(dropped.table);
        Ref const ref = before.find(Kind::table, table.name);
        if (ref == kNone) return std::nullopt;
        throw core::Error(
            core::Code::malformed_script, "ALTER TABLE drops a column and does something else",
            "What it drops cannot be kept.", "Write DROP COLUMN as a statement of its own.");
    }

    std::string comment() const {
        return schema::literal("kept by migrate for the downgrade of revision " + revision_);
    }

    void move_table(Oid oid) {
        Table const table = find_table(oid);
        if (!table.plain) return;
        auto const is_taken = [&](const std::string &candidate) {
            std::string const quoted = pg::quote_name(candidate);
            std::string const there = fmt::format("{}.{}", kKeepSchema, quoted);
            return contains(tables_, there) ||
                   pg::query("SELECT to_regclass($1) IS NULL AND to_regclass($2) IS NULL",
                             {fmt::format("{}.{}", table.schema, quoted), there})[0][0] != "t";
        };
        std::string const name =
            pg::quote_name(pg::choose_name(table.bare, revision_, "kept", is_taken));
        moves_.push_back(fmt::format("CREATE SCHEMA IF NOT EXISTS {}", kKeepSchema));
        moves_.push_back(fmt::format("ALTER TABLE {} RENAME TO {}", table.name, name));
        moves_.push_back(
            fmt::format("ALTER TABLE {}.{} SET SCHEMA {}", table.schema, name, kKeepSchema));
        std::string const moved = fmt::format("{}.{}", kKeepSchema, name);
        moves_.push_back(fmt::format("COMMENT ON TABLE {} IS {}", moved, comment()));
        tables_.push_back(moved);
        note(table.name, moved);
    }

    void keep_column(Oid oid, const std::string &column) {
        Table const table = find_table(oid);
        // In all tables that inherit it; one that has it also by itself does not lose it.
        pg::TextRows const rows = pg::query(
            R"(
WITH RECURSIVE heirs AS (
  SELECT $1::oid AS id UNION SELECT i.inhrelid FROM heirs JOIN pg_inherits AS i ON i.inhparent = heirs.id)
SELECT a.attgenerated <> '' OR (a.attrelid <> $1::oid AND (a.attislocal OR a.attinhcount > 1)),
  format('%I.%I', n.nspname, c.relname)
FROM heirs JOIN pg_class AS c ON c.oid = heirs.id JOIN pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = $2 AND NOT a.attisdropped AND a.attnum > 0)",
            {std::to_string(oid), column});
        if (rows.empty() || std::any_of(rows.begin(), rows.end(),
                                        [](const pg::TextRow &row) { return *row[0] == "t"; }))
            return drop_column(table.name, column);
        auto const is_taken = [&](const std::string &candidate) {
            return contains(columns_,
                            fmt::format("{}.{}", table.name, pg::quote_name(candidate))) ||
                   !pg::query("SELECT FROM pg_attribute WHERE attrelid = $1::oid AND attname = $2",
                              {std::to_string(oid), candidate})
                        .empty();
        };
        std::string const name =
            pg::quote_name(pg::choose_name(column, revision_, "kept", is_taken));
        std::string const old = pg::quote_name(column);
        moves_.push_back(
            fmt::format("ALTER TABLE {} RENAME COLUMN {} TO {}", table.name, old, name));
        moves_.push_back(fmt::format("COMMENT ON COLUMN {}.{} IS {}", table.name, name, comment()));
        note(fmt::format("{}.{}", table.name, old), fmt::format("{}.{}", table.name, name));
        for (const pg::TextRow &row : rows) columns_.push_back(fmt::format("{}.{}", *row[1], name));
    }

    // One that is computed from others comes back by itself.
    void drop_column(const std::string &table, const std::string &column) {
        moves_.push_back(
            fmt::format("ALTER TABLE {} DROP COLUMN IF EXISTS {}", table, pg::quote_name(column)));
    }

    void note(const std::string &what, const std::string &where) {
        kept_.what.push_back(fmt::format("{} is kept as {}", what, where));
    }

    void run_moves() {
        for (const std::string &sql : moves_) {
            pg::execute(sql, pg::Names::callers);
            add(sql);
        }
    }

    void add(const std::string &sql) { kept_.sql += kept_.sql.empty() ? sql : ";\n" + sql; }

    // What is kept is wanted, too, but for what acts by itself or wants something of new rows.
    void graft(const Snapshot &now, Snapshot &wanted) const {
        Grafting grafting(now, wanted);
        for (Ref ref = 0; ref < now.size(); ref++) {
            const Object &object = now[ref];
            if (object.kind == Kind::table && contains(tables_, object.identity))
                grafting.add(ref);
            else if (object.kind == Kind::column && contains(columns_, object.identity))
                grafting.add(ref, [&](Object &column) {
                    if (!fills_itself(now, object)) column.remove("not_null");
                });
        }
        for (Ref ref = 0; ref < now.size(); ref++)
            if (belongs(now, now[ref])) grafting.add(ref);
    }

    static bool contains(const std::vector<std::string> &list, const std::string &item) {
        return std::find(list.begin(), list.end(), item) != list.end();
    }

    static bool fills_itself(const Snapshot &now, const Object &column) {
        return column.has("identity_kind") ||
               now.find(Kind::default_value, column.identity) != kNone;
    }

    bool belongs(const Snapshot &now, const Object &object) const {
        const Object *const parent = now.parent(object);
        switch (object.kind) {
            case Kind::column:
            case Kind::constraint:
            case Kind::index:
            case Kind::statistics:
                return contains(tables_, parent->identity);
            case Kind::default_value:
                return contains(tables_, parent->identity) || contains(columns_, object.identity);
            case Kind::sequence:
                return std::any_of(now.objects().begin(), now.objects().end(),
                                   [&](const Object &o) {
                                       return o.kind == Kind::sequence_owner &&
                                              o.parent == now.ref(object) && owns(o);
                                   });
            case Kind::sequence_owner:
                return owns(object);
            default:
                return false;
        }
    }

    bool owns(const Object &link) const {
        std::string const &column = link.get("column");
        if (contains(columns_, column)) return true;
        return std::any_of(tables_.begin(), tables_.end(), [&](const std::string &table) {
            return column.starts_with(table + ".");
        });
    }

    // The rest of what the statement does, without what is kept.
    void follow(const Snapshot &wanted) {
        std::vector<Statement> statements;
        std::size_t failed = 0;
        kept_.deviating = arrive(
            wanted, diff_options(), [] { return without_keep_schema(read_snapshot().snapshot); },
            statements, failed);
        for (const Statement &statement : statements) add(statement.sql);
    }

    const pg::Section &upgrade_;
    std::size_t const index_;
    std::string const revision_;
    std::vector<std::string> moves_;
    std::vector<std::string> tables_, columns_;  // where they are now
    Kept kept_;
};

}  // namespace

std::optional<Kept> run_and_keep(const pg::Section &upgrade, std::size_t index,
                                 const std::string &revision) {
    return Keeper(upgrade, index, revision)();
}

Snapshot without_keep_schema(Snapshot snapshot) {
    return std::move(snapshot).without([](Ref, const Object &object) {
        return object.kind == Kind::schema && object.identity == kKeepSchema;
    });
}

}  // namespace migrate::engine
