// Relations and what they are made of.
#include "engine/snapshot_queries.hpp"

namespace migrate::engine {

using schema::Kind;

namespace {

// What a partitioned table is partitioned by, with the types: columns of the key cannot be altered.
std::string key_of(const std::string &table) {
    return "pg_get_partkeydef(" + table + R"() || (SELECT coalesce(string_agg(DISTINCT ' ' ||
      format_type(a.atttypid, a.atttypmod) || coalesce(' ' || NULLIF(a.attcollation, 0)::regcollation, ''), ','), '')
    FROM pg_depend AS d JOIN pg_attribute AS a ON a.attrelid = d.objid AND a.attnum = d.objsubid
    WHERE d.classid = 1259 AND d.objid = )" +
           table + R"( AND d.objsubid > 0 AND d.refclassid = 1259
      AND d.refobjid = )" +
           table + R"( AND d.refobjsubid = 0 AND d.deptype = 'i'))";
}

// Of a sequence that belongs to a column: where it is not that of the table, which it otherwise
// follows.
std::string own_persistence(const std::string &sequence, const std::string &table) {
    if (pg::kMajorVersion < 15) return "NULL";  // it does not, and always is a logged one
    return "CASE WHEN " + sequence + ".relpersistence <> " + table + ".relpersistence THEN CASE " +
           sequence + ".relpersistence WHEN 'u' THEN 'UNLOGGED' ELSE 'LOGGED' END END";
}

}  // namespace

std::string sequence_columns() {
    return R"(
  CASE WHEN s.seqstart <> CASE WHEN s.seqincrement > 0 THEN s.seqmin ELSE s.seqmax END
       THEN s.seqstart END AS start,
  NULLIF(s.seqincrement, 1) AS increment,
  CASE WHEN s.seqmin <> CASE WHEN s.seqincrement > 0 THEN 1
            WHEN s.seqtypid = 21 THEN -32768 WHEN s.seqtypid = 23 THEN -2147483648
            ELSE -9223372036854775808 END THEN s.seqmin END AS min,
  CASE WHEN s.seqmax <> CASE WHEN s.seqincrement < 0 THEN -1
            WHEN s.seqtypid = 21 THEN 32767 WHEN s.seqtypid = 23 THEN 2147483647
            ELSE 9223372036854775807 END THEN s.seqmax END AS max,
  NULLIF(s.seqcache, 1) AS cache,
  CASE WHEN s.seqcycle THEN 'yes' END AS cycle,
  CASE WHEN s.seqincrement > 0 THEN s.seqmin ELSE s.seqmax END AS ".first")";
}

std::vector<CatalogQuery> relation_queries() {
    std::vector<CatalogQuery> queries;
    queries.push_back({Kind::sequence, catalog::kClass, InvalidOid,
                       R"(
SELECT c.oid, c.relnamespace AS schema, quote_ident(c.relname) AS name, c.relowner AS owner,
  )" + acl_of("c.relacl") + R"( AS acl,
  CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED' END AS persistence,
  (SELECT )" + own_persistence("c", "t") +
                           R"(
   FROM pg_depend AS d JOIN pg_class AS t ON t.oid = d.refobjid
   WHERE d.classid = 1259 AND d.objid = c.oid AND d.objsubid = 0 AND d.refclassid = 1259
     AND d.refobjsubid > 0 AND d.deptype = 'a') AS own_persistence,
  CASE s.seqtypid WHEN 20 THEN NULL ELSE format_type(s.seqtypid, NULL) END AS type,)" +
                           sequence_columns() + R"(
FROM pg_class AS c JOIN pg_sequence AS s ON s.seqrelid = c.oid
WHERE c.oid >= 16384 AND c.relpersistence <> 't'
  AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 1259 AND d.objid = c.oid
                  AND d.objsubid = 0 AND d.refclassid = 1259 AND d.deptype = 'i')
ORDER BY c.oid)"});
    queries.push_back({Kind::table, catalog::kClass, InvalidOid,
                       R"(
SELECT c.oid, CASE c.relkind WHEN 'f' THEN 'foreign table' ELSE 'table' END AS kind,
  c.relnamespace AS schema, quote_ident(c.relname) AS name, c.relowner AS owner,
  )" + acl_of("c.relacl") + R"( AS acl,
  CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED' END AS persistence,
  CASE c.relkind WHEN 'p' THEN pg_get_partkeydef(c.oid) END AS partition_by,
  CASE c.relkind WHEN 'p' THEN )" +
                           key_of("c.oid") + R"( END AS partition_key,
  CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END AS of_type,
  CASE WHEN am.amname <> 'heap' THEN quote_ident(am.amname) END AS access_method,
  CASE WHEN c.reltablespace <> 0 THEN
    (SELECT quote_ident(spcname) FROM pg_tablespace AS s WHERE s.oid = c.reltablespace) END AS tablespace,
  CASE WHEN c.relkind <> 'f' THEN
    CASE c.relreplident WHEN 'f' THEN 'FULL' WHEN 'n' THEN 'NOTHING' WHEN 'i' THEN 'INDEX' END END
    AS replica_identity,
  CASE WHEN c.relrowsecurity THEN 'yes' END AS row_security,
  CASE WHEN c.relforcerowsecurity THEN 'yes' END AS force_row_security,
  CASE WHEN c.relispartition THEN 'yes' END AS "%partition",
  )" + options_of("c.reloptions") +
                           R"( AS options,
  )" + options_of("t.reloptions", "toast.") +
                           R"( AS toast_options,
  quote_ident(fs.srvname) AS server, )" +
                           foreign_options_of("f.ftoptions") + R"( AS foreign_options
FROM pg_class AS c
  LEFT JOIN (SELECT oid, reloptions FROM pg_class WHERE relkind = 't' AND reloptions IS NOT NULL) AS t
    ON t.oid = c.reltoastrelid
  LEFT JOIN pg_am AS am ON am.oid = c.relam
  LEFT JOIN pg_foreign_table AS f ON f.ftrelid = c.oid
  LEFT JOIN pg_foreign_server AS fs ON fs.oid = f.ftserver
WHERE c.relkind IN ('r', 'p', 'f') AND c.oid >= 16384 AND c.relpersistence <> 't'
ORDER BY c.oid)"});
    queries.push_back({Kind::view, catalog::kClass, InvalidOid,
                       R"(
SELECT c.oid, CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END AS kind,
  c.relnamespace AS schema, quote_ident(c.relname) AS name, c.relowner AS owner,
  )" + acl_of("c.relacl") + R"( AS acl,
  pg_get_viewdef(c.oid) AS definition,
  CASE WHEN am.amname <> 'heap' THEN quote_ident(am.amname) END AS access_method,
  CASE WHEN c.reltablespace <> 0 THEN
    (SELECT quote_ident(spcname) FROM pg_tablespace AS s WHERE s.oid = c.reltablespace) END AS tablespace,
  )" + options_of("c.reloptions") +
                           R"( AS options,
  CASE WHEN c.relkind = 'm' THEN (SELECT )" +
                           options_of("t.reloptions", "toast.") + R"(
    FROM pg_class AS t WHERE t.oid = c.reltoastrelid) END AS toast_options,
  CASE WHEN c.relkind = 'm' AND NOT c.relispopulated THEN 'yes' END AS ".no_data"
FROM pg_class AS c LEFT JOIN pg_am AS am ON am.oid = c.relam
WHERE c.relkind IN ('v', 'm') AND c.oid >= 16384 AND c.relpersistence <> 't'
ORDER BY c.oid)"});
    return queries;
}

std::vector<CatalogQuery> column_queries() {
    std::vector<CatalogQuery> queries;
    queries.push_back({Kind::count_, catalog::kClass, InvalidOid, R"(
SELECT a.attrelid AS oid, a.attnum AS subid,
  CASE WHEN a.attgenerated <> '' THEN
    (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef AS d
     WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum) END AS generated,
  )" + options_of("a.attoptions") + R"( AS options,
  )" + foreign_options_of("a.attfdwoptions") + R"( AS foreign_options,
  )" + acl_of("a.attacl") + R"( AS acl
FROM pg_attribute AS a
WHERE a.attrelid >= 16384 AND a.attnum > 0 AND NOT a.attisdropped
  AND (a.attgenerated <> '' OR a.attoptions IS NOT NULL OR a.attfdwoptions IS NOT NULL
       OR a.attacl IS NOT NULL))"});
    return queries;
}

// Parts of tables that stand for themselves.
std::vector<CatalogQuery> part_queries() {
    std::vector<CatalogQuery> queries;
    queries.push_back({Kind::count_, catalog::kClass, catalog::kClass,
                       R"(
SELECT d.refobjid AS oid, d.refobjsubid AS subid,
  quote_ident(n.nspname) || '.' || quote_ident(q.relname) AS ".sequence",
  CASE WHEN q.relnamespace <> c.relnamespace OR q.relname <> c.relname || '_' || a.attname || '_seq'
       THEN quote_ident(n.nspname) || '.' || quote_ident(q.relname) END AS sequence_name,
  )" + own_persistence("q", "c") +
                           R"( AS sequence_persistence,
  CASE WHEN s.seqtypid <> a.atttypid THEN format_type(s.seqtypid, NULL) END AS sequence_type,
  )" + acl_of("q.relacl") + R"( AS sequence_acl, q.oid AS "%piece",)" +
                           sequence_columns() + R"(
FROM pg_depend AS d JOIN pg_class AS q ON q.oid = d.objid AND q.relkind = 'S'
  JOIN pg_sequence AS s ON s.seqrelid = q.oid JOIN pg_namespace AS n ON n.oid = q.relnamespace
  JOIN pg_class AS c ON c.oid = d.refobjid
  JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE d.classid = 1259 AND d.refclassid = 1259 AND d.deptype = 'i' AND d.refobjsubid > 0
ORDER BY d.objid)"});
    queries.push_back({Kind::default_value, catalog::kDefault, catalog::kClass, R"(
SELECT d.oid, d.adrelid AS parent, d.adnum AS position, d.adbin AS "%tree"
FROM pg_attrdef AS d WHERE d.adrelid >= 16384)"});
    queries.push_back({Kind::inheritance, InvalidOid, catalog::kClass,
                       R"(
SELECT i.inhrelid AS parent, i.inhseqno + 10000 AS position,
  quote_ident(pn.nspname) || '.' || quote_ident(p.relname) AS of,
  quote_ident(pn.nspname) || '.' || quote_ident(p.relname) AS name,
  CASE WHEN c.relispartition THEN 'partition' ELSE 'inheritance' END AS kind,
  CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END AS bound,
  -- With another key it is another table, and the link to it another one.
  CASE p.relkind WHEN 'p' THEN )" +
                           key_of("p.oid") + R"( END AS key_above,
  CASE c.relkind WHEN 'p' THEN )" +
                           key_of("c.oid") + R"( END AS key_below,
  -- Those whose clones have other names.
  CASE WHEN c.relispartition AND c.relhastriggers THEN
    (SELECT string_agg(quote_ident(above.conname) || E'\x1f' || quote_ident(here.conname), E'\x1f')
     FROM pg_constraint AS here JOIN pg_constraint AS above ON above.oid = here.conparentid
     WHERE here.conrelid = i.inhrelid AND here.contype = 'f' AND above.conrelid = i.inhparent
       AND above.confrelid = here.confrelid AND above.conname <> here.conname) END AS ".foreign_keys",
  '1259/' || i.inhparent || '/0' AS needs
FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid JOIN pg_class AS p ON p.oid = i.inhparent
  JOIN pg_namespace AS pn ON pn.oid = p.relnamespace
WHERE c.relkind IN ('r', 'p', 'f') AND c.oid >= 16384 AND c.relpersistence <> 't'
ORDER BY i.inhrelid, i.inhseqno)"});
    queries.push_back({Kind::sequence_owner, InvalidOid, catalog::kClass, R"(
SELECT d.objid AS parent, 'owner' AS name,
  quote_ident(n.nspname) || '.' || quote_ident(c.relname) || '.' || quote_ident(a.attname) AS column,
  '1259/' || d.refobjid || '/' || d.refobjsubid AS needs
FROM pg_depend AS d JOIN pg_class AS s ON s.oid = d.objid AND s.relkind = 'S'
  JOIN pg_class AS c ON c.oid = d.refobjid JOIN pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE d.classid = 1259 AND d.refclassid = 1259 AND d.deptype = 'a' AND d.refobjsubid > 0
ORDER BY d.objid)"});
    std::string const index_marks = R"(
  CASE WHEN i.indisclustered THEN 'yes' END AS clustered,
  CASE WHEN i.indisreplident THEN 'yes' END AS replica_identity,
  quote_ident(x.relname) AS "%index", i.indexrelid AS "%piece",
  pg_get_expr(i.indpred, i.indrelid) AS ".where",
  CASE WHEN x.reltablespace <> 0 THEN
    (SELECT quote_ident(spcname) FROM pg_tablespace AS s WHERE s.oid = x.reltablespace) END AS tablespace,
  )" + options_of("x.reloptions") + " AS options";
    std::string const distinct =
        pg::kMajorVersion >= 15 ? "i.indnullsnotdistinct" : "false";  // NULLS NOT DISTINCT
    std::string const plain_key = pg::kMajorVersion >= 15 ? "o.confdelsetcols IS NULL" : "true";
    std::string const plain =
        pg::kMajorVersion >= 18 ? "o.conenforced AND NOT o.conperiod" : "true";
    queries.push_back({Kind::constraint, catalog::kConstraint, catalog::kClass,
                       R"(
SELECT o.oid, o.conrelid AS parent, quote_ident(o.conname) AS name, 20000 AS position,
  CASE o.contype WHEN 'f' THEN 'foreign key' ELSE 'constraint' END AS kind,
  CASE o.contype WHEN 'c' THEN 'check' WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique'
    WHEN 'x' THEN 'exclude' WHEN 'n' THEN 'not null' ELSE 'foreign key' END AS type,
  CASE WHEN )" + plain + R"( AND CASE o.contype WHEN 'c' THEN true WHEN 'f' THEN )" +
                           plain_key + R"(
      WHEN 'p' THEN i.indnatts = i.indnkeyatts WHEN 'u' THEN i.indnatts = i.indnkeyatts END
    THEN o.contype END AS "%plain",
  o.conbin AS "%tree", o.conkey AS "%keys", o.confrelid AS "%target", o.confkey AS "%target_keys",
  o.confmatchtype::text || o.confupdtype::text || o.confdeltype::text AS "%actions",
  CASE WHEN o.contype = 'c' AND o.connoinherit THEN ' NO INHERIT'
    WHEN o.contype = 'u' AND )" +
                           distinct + R"( THEN 'NULLS NOT DISTINCT ' END AS "%marks",
  CASE WHEN o.condeferrable THEN CASE WHEN o.condeferred THEN 'DEFERRABLE INITIALLY DEFERRED'
    ELSE 'DEFERRABLE' END END AS deferrable,
  -- What a child has from its parent alone is validated with that.
  CASE WHEN NOT o.convalidated AND (o.coninhcount = 0 OR o.conislocal OR o.contype <> 'c')
    THEN 'yes' END AS not_valid,
  CASE WHEN NOT o.convalidated THEN 'yes' END AS ".not_valid",
  CASE WHEN o.coninhcount > 0 AND NOT o.conislocal AND o.contype = 'c' THEN 'yes' END AS ".inherited",
  )" + index_marks + R"(
FROM pg_constraint AS o LEFT JOIN pg_index AS i ON i.indexrelid = o.conindid AND o.contype IN ('p', 'u', 'x')
  LEFT JOIN pg_class AS x ON x.oid = i.indexrelid
WHERE o.conrelid >= 16384 AND o.contype IN ('c', 'p', 'u', 'x', 'f')
  AND NOT (o.contype = 'f' AND o.conparentid <> 0)
ORDER BY o.conrelid, o.conname)"});
    queries.push_back({Kind::index, catalog::kClass, catalog::kClass,
                       R"(
SELECT x.oid, i.indrelid AS parent, x.relnamespace AS schema, quote_ident(x.relname) AS name,
  CASE WHEN i.indexprs IS NULL AND i.indpred IS NULL AND x.reloptions IS NULL AND x.relam = 403
      AND NOT )" + distinct +
                           R"(
    THEN CASE WHEN i.indisunique THEN 'u' ELSE '-' END || CASE x.relkind WHEN 'I' THEN 'p' ELSE '-' END
    END AS "%plain",
  i.indkey AS "%keys", i.indoption AS "%options", i.indclass AS "%classes",
  i.indcollation AS "%collations", i.indnkeyatts AS "%count", )" +
                           index_marks + R"(
FROM pg_index AS i JOIN pg_class AS x ON x.oid = i.indexrelid
WHERE x.oid >= 16384 AND x.relpersistence <> 't'
ORDER BY i.indrelid, x.relname)"});
    queries.push_back({Kind::index_partition, InvalidOid, catalog::kClass, R"(
SELECT i.indrelid AS parent,
  quote_ident(n.nspname) || '.' || quote_ident(x.relname) AS name,
  quote_ident(n.nspname) || '.' || quote_ident(x.relname) AS identity,
  quote_ident(n.nspname) || '.' || quote_ident(x.relname) AS index,
  quote_ident(pn.nspname) || '.' || quote_ident(p.relname) AS of,
  '1259/' || x.oid || '/0 1259/' || p.oid || '/0' AS needs
FROM pg_inherits AS h JOIN pg_class AS x ON x.oid = h.inhrelid AND x.relkind IN ('i', 'I')
  JOIN pg_class AS p ON p.oid = h.inhparent JOIN pg_index AS i ON i.indexrelid = x.oid
  JOIN pg_namespace AS n ON n.oid = x.relnamespace JOIN pg_namespace AS pn ON pn.oid = p.relnamespace
WHERE x.oid >= 16384
ORDER BY i.indrelid, x.relname)"});
    queries.push_back({Kind::statistics, catalog::kStatistics, catalog::kClass, R"(
SELECT s.oid, s.stxrelid AS parent, s.stxnamespace AS schema, quote_ident(s.stxname) AS name,
  quote_ident(n.nspname) || '.' || quote_ident(s.stxname) AS identity, s.stxowner AS owner,
  replace(pg_get_statisticsobjdef(s.oid), ' ON ' || k.as_made, ' ON ' || k.by_name) AS definition,
  NULLIF(s.stxstattarget, -1) AS target
FROM pg_statistic_ext AS s JOIN pg_namespace AS n ON n.oid = s.stxnamespace
  CROSS JOIN LATERAL (SELECT
    coalesce(string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum), '') AS as_made,
    coalesce(string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname), '') AS by_name
    FROM pg_attribute AS a WHERE a.attrelid = s.stxrelid AND a.attnum = ANY (s.stxkeys)) AS k
WHERE s.oid >= 16384 ORDER BY s.oid)"});
    queries.push_back({Kind::rule, catalog::kRule, catalog::kClass, R"(
SELECT r.oid, r.ev_class AS parent, quote_ident(r.rulename) AS name,
  rtrim(pg_get_ruledef(r.oid), ';') AS definition,
  CASE r.ev_enabled WHEN 'D' THEN 'DISABLE' WHEN 'A' THEN 'ENABLE ALWAYS' WHEN 'R' THEN 'ENABLE REPLICA'
    END AS enabled
FROM pg_rewrite AS r WHERE r.oid >= 16384 AND r.rulename <> '_RETURN'
ORDER BY r.ev_class, r.rulename)"});
    // The clone of a trigger on a partition is nobody's business, unless it is not enabled as the
    // original is.
    queries.push_back({Kind::trigger, catalog::kTrigger, catalog::kClass, R"(
SELECT t.oid, t.tgrelid AS parent, quote_ident(t.tgname) AS name,
  CASE WHEN t.tgparentid = 0 THEN pg_get_triggerdef(t.oid) END AS definition,
  CASE WHEN t.tgparentid <> 0 THEN 'yes' END AS clone,
  CASE WHEN t.tgparentid <> 0 AND t.tgenabled = 'O' THEN 'ENABLE'
    ELSE CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'A' THEN 'ENABLE ALWAYS'
      WHEN 'R' THEN 'ENABLE REPLICA' END END AS enabled,
  CASE WHEN t.tgparentid <> 0 THEN '2620/' || t.tgparentid || '/0' END AS needs
FROM pg_trigger AS t LEFT JOIN pg_trigger AS p ON p.oid = t.tgparentid
WHERE t.oid >= 16384 AND NOT t.tgisinternal
  AND (t.tgparentid = 0 OR t.tgenabled IS DISTINCT FROM p.tgenabled)
ORDER BY t.tgrelid, t.tgname)"});
    queries.push_back({Kind::policy, catalog::kPolicy, catalog::kClass, R"(
SELECT p.oid, p.polrelid AS parent, quote_ident(p.polname) AS name,
  CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
    WHEN 'd' THEN 'DELETE' END AS command,
  CASE WHEN NOT p.polpermissive THEN 'yes' END AS restrictive,
  CASE WHEN p.polroles <> '{0}' THEN
    (SELECT string_agg(CASE r WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(r)) END, E'\x1f'
                       ORDER BY pg_get_userbyid(r)) FROM unnest(p.polroles) AS r) END AS roles,
  pg_get_expr(p.polqual, p.polrelid) AS using, pg_get_expr(p.polwithcheck, p.polrelid) AS with_check
FROM pg_policy AS p WHERE p.oid >= 16384 ORDER BY p.polrelid, p.polname)"});
    return queries;
}

}  // namespace migrate::engine
