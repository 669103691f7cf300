// create_index, reindex, drop_index
#include "engine/online.hpp"
#include "engine/online_index.hpp"
#include "pg/index_form.hpp"
#include "pg/index_work.hpp"
#include "pg/names.hpp"
#include "pg/procedure.hpp"
#include "pg/session.hpp"

#include <map>

namespace migrate::engine {

namespace {

constexpr int kMostRounds = 100;

Oid to_oid(const std::optional<std::string> &text) {
    return text ? static_cast<Oid>(std::stoul(*text)) : Oid(0);
}

bool is_valid(Oid index) {
    pg::TextRows const rows = pg::query(
        "SELECT indisvalid FROM pg_index WHERE indexrelid = $1::oid", {std::to_string(index)});
    return !rows.empty() && *rows[0][0] == "t";
}

// An index of a partitioned table: made empty and invalid on the parent, then leaf by leaf, each
// attached when it is finished; with the last one the parent's is valid. A partition that comes
// meanwhile gets its index when it is created or attached.
class PartitionedIndex {
 public:
    PartitionedIndex(const Table &table, const IndexWish &wish) : root_(table), wish_(wish) {}

    void operator()() {
        std::string const name = find_name();
        if (wish_.unique) {
            pg::Utility const wanted(create_text(root_, name), wish_.argument);
            require_partition_key(root_, pg::index_form(wanted, root_.oid).keys);
        }
        Oid const index = ensure_on_parent(root_, name);
        if (is_valid(index)) {
            pg::commit_and_begin();
            return pg::notice(fmt::format("index \"{}\" exists, nothing to do", name));
        }
        for (int round = 0; !is_valid(index); round++) {
            if (round == kMostRounds)
                pg::fail("55000", fmt::format("index \"{}\" is still not valid", name),
                         "Partitions come and go faster than their indexes are built.");
            index_of_ = {{root_.oid, index}};
            for (const Table &below : descendants(root_)) add(below);
        }
        pg::commit_and_begin();
    }

 private:
    std::string create_text(const Table &table, const std::string &name) const {
        return fmt::format("CREATE {}INDEX {} ON ONLY {} {}", wish_.unique ? "UNIQUE " : "",
                           pg::quote_name(name), table.name, wish_.definition);
    }

    bool is_same(const Table &table, const std::string &name, const Occupant &occupant) const {
        return occupant.index_of_table &&
               pg::same_index(pg::Utility(create_text(table, name), wish_.argument), table.oid,
                              occupant.oid);
    }

    std::string free_name(const Table &table) const {
        pg::Utility const wanted(create_text(table, "wanted"), wish_.argument);
        wanted.require_index("wanted");
        return pg::choose_name(table.relname, pg::index_form(wanted, table.oid).columns,
                               wish_.label, [&](const std::string &candidate) {
                                   std::optional<Occupant> const other =
                                       find_occupant(table, candidate);
                                   return other && !is_same(table, candidate, *other);
                               });
    }

    std::string find_name() const {
        if (!wish_.name) return free_name(root_);
        pg::Utility const wanted(create_text(root_, *wish_.name), wish_.argument);
        wanted.require_index(*wish_.name);
        return *wish_.name;
    }

    Oid ensure_on_parent(const Table &table, const std::string &name) const {
        std::optional<Occupant> const there = find_occupant(table, name);
        if (there && !is_same(table, name, *there))
            pg::fail("42710", fmt::format("relation \"{}\" already exists", name),
                     there->index_of_table ? "It is an index with another definition."
                                           : "It is no index of this table.");
        pg::commit_and_begin();
        if (there) return there->oid;
        pg::Utility const statement(create_text(table, name), wish_.argument);
        alter("adding the parent's index", {&statement});
        return find_occupant(table, name)->oid;
    }

    // The index of the table that is part of its parent's one; 0: none yet.
    static Oid attached(Oid parent_index, const Table &table) {
        pg::TextRows const rows = pg::query(
            "SELECT x.indexrelid FROM pg_inherits h JOIN pg_index x ON x.indexrelid = h.inhrelid"
            " WHERE h.inhparent = $1::oid AND x.indrelid = $2::oid",
            {std::to_string(parent_index), std::to_string(table.oid)});
        return rows.empty() ? Oid(0) : to_oid(rows[0][0]);
    }

    // An equal one that is not part of another one.
    static Oid find_fitting(Oid parent_index, const Table &table) {
        pg::TextRows const rows = pg::query(
            "SELECT i.indexrelid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE "
            "i.indrelid = $1::oid AND NOT c.relispartition AND i.indisready AND (i.indisvalid OR "
            "c.relkind = 'I') ORDER BY c.relname",
            {std::to_string(table.oid)});
        for (const pg::TextRow &row : rows)
            if (pg::fits_partitioned(parent_index, to_oid(row[0]))) return to_oid(row[0]);
        return 0;
    }

    void add(const Table &table) {
        pg::TextRows const parents =
            pg::query("SELECT inhparent FROM pg_inherits WHERE inhrelid = $1::oid",
                      {std::to_string(table.oid)});
        // Detached or dropped a moment ago, or below such a one: the next round will see.
        if (parents.empty()) return;
        auto const parent = index_of_.find(to_oid(parents[0][0]));
        if (parent == index_of_.end()) return;
        if (table.kind == 'f')
            pg::fail("0A000", fmt::format("cannot index the foreign table \"{}\"", table.relname),
                     "It is a partition, and the parent's index needs one on every partition.");
        Oid index = attached(parent->second, table);
        if (index == 0) {
            index = find_fitting(parent->second, table);
            if (index == 0) index = build(table);
            attach(parent->second, index);
        }
        index_of_[table.oid] = index;
    }

    Oid build(const Table &table) const {
        if (table.partitioned()) return ensure_on_parent(table, free_name(table));
        IndexWish wish = wish_;
        wish.name = free_name(table);
        std::string const name = ensure_index(table, wish);
        return find_occupant(table, name)->oid;
    }

    static void attach(Oid parent, Oid index) {
        std::string const sql = fmt::format("ALTER INDEX {} ATTACH PARTITION {}",
                                            pg::qualified_name(parent), pg::qualified_name(index));
        pg::commit_and_begin();
        alter("attaching", sql);
    }

    Table const root_;
    IndexWish const wish_;
    std::map<Oid, Oid> index_of_;
};

struct Relation {
    std::string name;
    char kind;
};

Relation find_relation(Oid oid) {
    pg::TextRows const rows =
        pg::query("SELECT relkind FROM pg_class WHERE oid = $1::oid", {std::to_string(oid)});
    if (rows.empty()) pg::fail("42P01", fmt::format("relation with OID {} does not exist", oid));
    return {pg::qualified_name(oid), (*rows[0][0])[0]};
}

// The table that a REINDEX of the relation is about; 0: not the caller's.
Oid indexed_table(Oid relation) {
    pg::TextRows const rows = pg::query(
        "SELECT oid FROM pg_class WHERE oid = coalesce((SELECT indrelid FROM pg_index WHERE "
        "indexrelid = $1::oid), $1::oid) AND pg_has_role(relowner, 'USAGE')",
        {std::to_string(relation)});
    return rows.empty() ? Oid(0) : to_oid(rows[0][0]);
}

// Copies that an interrupted REINDEX CONCURRENTLY has left: nobody else makes invalid indexes of
// such names.
void drop_copies(Oid table) {
    if (table == 0) return pg::commit_and_begin();
    pg::IndexWork work{};
    work.table = table;
    std::vector<std::string> drops;
    for (const pg::TableIndex &copy : pg::reindex_copies(work, true))
        drops.push_back(pg::drop_index(copy.oid, true));
    pg::commit_and_begin();
    for (const std::string &drop : drops) run_alone("dropping an unfinished index", {}, drop);
}

}  // namespace

void create_index(Oid relation, const std::string &definition, const OptionalText &name,
                  bool unique) {
    Table const table = find_table(relation, true);
    if (name) require_name(*name);
    IndexWish const wish{definition, unique, name};
    if (table.partitioned()) return PartitionedIndex(table, wish)();
    bool existed = false;
    std::string const made = ensure_index(table, wish, &existed);
    if (existed) pg::notice(fmt::format("index \"{}\" exists, nothing to do", made));
}

void reindex(Oid relation) {
    Relation const found = find_relation(relation);
    bool const index = found.kind == 'i' || found.kind == 'I';
    Oid const table = indexed_table(relation);
    drop_copies(table);
    std::string const sql =
        fmt::format("REINDEX {} CONCURRENTLY {}", index ? "INDEX" : "TABLE", found.name);
    try {
        run_alone("rebuilding", found.name, sql);
    } catch (const pg::PgError &error) {
        pg::PgError const kept = pg::keep(error);
        bool const cancelled = pg::current_error_text().sqlstate == "57014";
        pg::roll_back_and_begin();
        if (!cancelled) drop_copies(table);
        throw kept;
    }
}

void drop_index(Oid oid) {
    Relation const index = find_relation(oid);
    if (index.kind != 'i' && index.kind != 'I')
        pg::fail("42809", fmt::format("\"{}\" is not an index", index.name));
    pg::TextRows const owner =
        pg::query("SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = $1::oid",
                  {std::to_string(oid)});
    if (*owner[0][0] != "t")
        pg::fail("42501", fmt::format("must be owner of index {}", index.name));
    if (index.kind == 'i') {
        pg::commit_and_begin();
        return run_alone("dropping index", index.name, pg::drop_index(oid, true));
    }
    // There is no concurrent form for a partitioned one; its locks are short.
    pg::TextRows const rows = pg::query(
        "SELECT relid::oid FROM pg_partition_tree((SELECT indrelid FROM pg_index WHERE indexrelid ="
        " $1::oid))",
        {std::to_string(oid)});
    Oids tables;
    for (const pg::TextRow &row : rows) tables.push_back(to_oid(row[0]));
    pg::Utility const statement(pg::drop_index(oid, false), "index");
    pg::commit_and_begin();
    alter("dropping index", {&statement}, {}, tables);
}

}  // namespace migrate::engine
