#include "engine/leaves.hpp"

namespace migrate::engine {

namespace {

constexpr double kUnknownDensity = 20;  // rows per block of a table that was never analyzed

std::string oid(Oid relation) {
    return std::to_string(relation);
}

const char *kind_name(char kind) {
    switch (kind) {
        case 'v':
            return "a view";
        case 'm':
            return "a materialized view";
        case 'f':
            return "a foreign table";
        case 'S':
            return "a sequence";
        case 'i':
        case 'I':
            return "an index";
        case 't':
            return "a TOAST table";
        default:
            return "a composite type";
    }
}

constexpr const char *kLeafColumns =
    "c.oid, c.relkind, pg_catalog.format('%I.%I', n.nspname, c.relname),"
    " pg_catalog.pg_relation_filenode(c.oid),"
    " coalesce(pg_catalog.pg_relation_size(c.oid), 0)"
    "   / pg_catalog.current_setting('block_size')::int8,"
    " CASE WHEN c.reltuples > 0 AND c.relpages > 0 THEN c.reltuples / c.relpages END,"
    " a.amname"
    " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    " LEFT JOIN pg_catalog.pg_am a ON a.oid = c.relam ";

Leaf leaf_of(const pg::TextRow &row) {
    Leaf leaf;
    leaf.id = static_cast<Oid>(std::stoul(row[0].value()));
    leaf.name = row[2].value();
    leaf.filenode = std::stoll(row[3].value_or("0"));
    leaf.blocks = std::stoll(row[4].value());
    leaf.rows_per_block = row[5] ? std::stod(*row[5]) : kUnknownDensity;
    return leaf;
}

bool goes_by_key(const std::string &access_method, Method method) {
    // Stripes of blocks are at least as good as a key even where its order is a random one
    // (docs/backfill.md has figures), but only of a heap it is known that row addresses come in
    // blocks.
    return method == Method::automatic ? access_method != "heap" : method == Method::key;
}

}  // namespace

Method to_method(const std::string &name) {
    if (name == "auto") return Method::automatic;
    if (name == "ctid") return Method::blocks;
    if (name == "keyset") return Method::key;
    pg::fail("22023", fmt::format("unknown way to cut batches: \"{}\"", name), {},
             "Use auto, ctid or keyset.");
}

void require_table(Oid relation) {
    pg::TextRows const rows = pg::query(
        "SELECT c.relkind, pg_catalog.format('%I.%I', n.nspname, c.relname),"
        " n.nspname IN ('pg_catalog', 'information_schema', 'pg_toast', 'migrate')"
        " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.oid = $1::oid",
        {oid(relation)});
    if (rows.empty()) pg::fail("22023", fmt::format("relation {} does not exist", relation));
    char const kind = rows[0][0].value()[0];
    std::string const &name = rows[0][1].value();
    if (kind != 'r' && kind != 'p')
        pg::fail("42809",
                 fmt::format("cannot change \"{}\" in batches: it is {}", name, kind_name(kind)),
                 {}, "Name a table.");
    if (rows[0][2].value() == "t")
        pg::fail("42809",
                 fmt::format("cannot change \"{}\" in batches: it is a system table", name));
}

std::vector<Leaf> find_leaves(Oid relation, Method method) {
    pg::TextRows const rows =
        pg::query(fmt::format("WITH RECURSIVE tree(id) AS (SELECT $1::oid UNION SELECT i.inhrelid"
                              " FROM pg_catalog.pg_inherits i JOIN tree ON i.inhparent = tree.id"
                              " WHERE NOT i.inhdetachpending) SELECT {}"
                              " JOIN tree ON tree.id = c.oid WHERE c.relkind <> 'p' ORDER BY 3",
                              kLeafColumns),
                  {oid(relation)});
    std::vector<Leaf> leaves;
    for (const pg::TextRow &row : rows) {
        leaves.push_back(leaf_of(row));
        Leaf &leaf = leaves.back();
        if (row[1].value() != "r")
            pg::fail("42809",
                     fmt::format("cannot change \"{}\" in batches: it is {}", leaf.name,
                                 kind_name(row[1].value()[0])),
                     fmt::format("It is a part of \"{}\".", pg::qualified_name(relation)),
                     "Call it for each of the other parts.");
        leaf.by_key = goes_by_key(row[6].value_or(""), method);
        if (leaf.by_key && !find_key(leaf.id))
            pg::fail("22023", fmt::format("table \"{}\" has no key to cut batches by", leaf.name),
                     "It takes a primary key, or a unique index on columns that are NOT NULL.",
                     "Use batch => 'ctid', which needs none.");
    }
    return leaves;
}

std::optional<Leaf> find_leaf(Oid relation, Oid leaf) {
    pg::TextRows const rows =
        pg::query(fmt::format("WITH RECURSIVE up(id) AS (SELECT $2::oid UNION SELECT i.inhparent"
                              " FROM pg_catalog.pg_inherits i JOIN up ON i.inhrelid = up.id"
                              " WHERE NOT i.inhdetachpending) SELECT {} WHERE c.oid = $2::oid"
                              " AND c.relkind = 'r' AND EXISTS (SELECT FROM up WHERE id = $1::oid)",
                              kLeafColumns),
                  {oid(relation), oid(leaf)});
    if (rows.empty()) return std::nullopt;
    return leaf_of(rows[0]);
}

std::optional<LeafKey> find_key(Oid leaf) {
    pg::TextRows const rows = pg::query(
        "SELECT pg_catalog.quote_ident(a.attname), pg_catalog.format_type(a.atttypid, a.atttypmod)"
        " FROM (SELECT x.indrelid, x.indkey::int2[] AS columns, x.indnkeyatts"
        "   FROM pg_catalog.pg_index x"
        "   JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid"
        "   JOIN pg_catalog.pg_am m ON m.oid = c.relam AND m.amname = 'btree'"
        "   WHERE x.indrelid = $1::oid AND x.indisunique AND x.indisvalid AND x.indimmediate"
        "     AND x.indpred IS NULL AND x.indexprs IS NULL"
        "     AND NOT EXISTS (SELECT FROM pg_catalog.generate_series(0, x.indnkeyatts - 1) i"
        "       LEFT JOIN pg_catalog.pg_attribute b"
        "         ON b.attrelid = x.indrelid AND b.attnum = x.indkey[i]"
        "       WHERE x.indoption[i] <> 0 OR NOT coalesce(b.attnotnull, false))"
        "   ORDER BY x.indisprimary DESC, x.indnkeyatts, x.indexrelid LIMIT 1) k,"
        " LATERAL pg_catalog.generate_series(0, k.indnkeyatts - 1) place"
        " JOIN pg_catalog.pg_attribute a ON true"
        " WHERE a.attrelid = k.indrelid AND a.attnum = k.columns[place] ORDER BY place",
        {oid(leaf)});
    if (rows.empty()) return std::nullopt;
    LeafKey key;
    for (const pg::TextRow &row : rows) {
        key.columns.push_back(row[0].value());
        key.types.push_back(row[1].value());
    }
    return key;
}

bool moves_rows(Oid relation, const std::vector<std::string> &columns) {
    for (const std::string &column : columns) {
        pg::TextRows const rows = pg::query(
            "WITH RECURSIVE tree(id) AS (SELECT $1::oid UNION SELECT i.inhrelid"
            " FROM pg_catalog.pg_inherits i JOIN tree ON i.inhparent = tree.id)"
            " SELECT 1 FROM tree JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = tree.id"
            " WHERE p.partexprs IS NOT NULL OR EXISTS (SELECT FROM pg_catalog.pg_attribute a"
            "   WHERE a.attrelid = p.partrelid AND a.attname = $2"
            "     AND a.attnum = ANY (p.partattrs::int2[])) LIMIT 1",
            {oid(relation), column});
        if (!rows.empty()) return true;
    }
    return false;
}

std::string column_type(Oid relation, const std::string &column) {
    pg::TextRows const rows = pg::query(
        "SELECT pg_catalog.format_type(atttypid, atttypmod) FROM pg_catalog.pg_attribute"
        " WHERE attrelid = $1::oid AND attname = $2 AND attnum > 0 AND NOT attisdropped",
        {oid(relation), column});
    return rows.empty() ? std::string() : rows[0][0].value();
}

std::int64_t buffered_blocks() {
    return std::stoll(pg::query("SELECT setting FROM pg_catalog.pg_settings"
                                " WHERE name = 'shared_buffers'")
                          .at(0)[0]
                          .value());
}

bool is_temporary(Oid relation) {
    return pg::query("SELECT relpersistence = 't' FROM pg_catalog.pg_class WHERE oid = $1::oid",
                     {oid(relation)})
               .at(0)[0]
               .value() == "t";
}

}  // namespace migrate::engine
