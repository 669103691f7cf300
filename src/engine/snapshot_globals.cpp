// What is in no schema, and what is about others: publications, privileges by default, comments.
#include "engine/snapshot_queries.hpp"
#include "pg/session.hpp"

namespace migrate::engine {

using schema::Kind;

std::string acl_of(const std::string &column) {
    return "CASE WHEN " + column +
           R"( IS NOT NULL THEN (SELECT coalesce(string_agg(
    CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END || E'\x1e' ||
    quote_ident(pg_get_userbyid(x.grantor)) || E'\x1e' || x.privilege_type || E'\x1e' ||
    CASE WHEN x.is_grantable THEN '*' ELSE '' END, E'\x1f'), '')
  FROM aclexplode()" +
           column + ") AS x) END";
}

// The server may keep options of its own among a column's (pg_attver of 15.20), one per column,
// which pg_dump hides, too; the first test is there to be cheap.
std::string has_options(const std::string &column) {
    return "(" + column + " IS NOT NULL AND (" + column + "[1] NOT LIKE 'pg\\_%' OR array_length(" +
           column + ", 1) > 1))";
}

std::string options_of(const std::string &column, const std::string &prefix) {
    return "CASE WHEN " + has_options(column) + " THEN (SELECT string_agg('" + prefix +
           R"(' || quote_ident(option_name) || '=' ||
    CASE WHEN option_value ~ '^(\d+(\.\d+)?|true|false)$' THEN option_value
         ELSE quote_literal(option_value) END, E'\x1f')
  FROM pg_options_to_table()" +
           column + ") WHERE option_name !~ '^pg_') END";
}

std::string foreign_options_of(const std::string &column) {
    return "CASE WHEN " + column +
           R"( IS NOT NULL THEN (SELECT string_agg(
    quote_ident(option_name) || ' ' || quote_literal(option_value), E'\x1f')
  FROM pg_options_to_table()" +
           column + ")) END";
}

namespace {

// The connection string may hold a password, so that only superusers see it.
std::string subscriptions() {
    if (!pg::is_superuser(pg::caller().role))
        return "SELECT NULL::oid AS oid, NULL::text AS name WHERE false";
    std::string options = R"(
  concat_ws(E'\x1f', 'slot_name=' || CASE WHEN s.subslotname IS NULL THEN 'NONE'
    ELSE quote_literal(s.subslotname) END, 'synchronous_commit=' || quote_literal(s.subsynccommit),
  'binary=' || s.subbinary)";
    options += pg::kMajorVersion >= 16
                   ? ", 'streaming=' || CASE s.substream WHEN 'f' THEN 'off' WHEN 't' "
                     "THEN 'on' ELSE 'parallel' END"
                   : ", 'streaming=' || s.substream";
    if (pg::kMajorVersion >= 15)
        options +=
            ", 'two_phase=' || (s.subtwophasestate <> 'd'), "
            "'disable_on_error=' || s.subdisableonerr";
    if (pg::kMajorVersion >= 16)
        options +=
            ", 'origin=' || s.suborigin, 'password_required=' || s.subpasswordrequired, "
            "'run_as_owner=' || s.subrunasowner";
    if (pg::kMajorVersion >= 17) options += ", 'failover=' || s.subfailover";
    return R"(
SELECT s.oid, quote_ident(s.subname) AS name, s.subowner AS owner,
  quote_literal(s.subconninfo) AS connection,
  (SELECT string_agg(quote_ident(p), E'\x1f' ORDER BY n)
   FROM unnest(s.subpublications) WITH ORDINALITY AS u (p, n)) AS publications,)" +
           options + R"() AS options
FROM pg_subscription AS s
WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
ORDER BY s.oid)";
}

// Of o, a row of that catalog, belongs to an extension or to the system; `system`: and counts.
std::string is_member(Oid catalog, const char *system) {
    return fmt::format(R"((o.oid < 16384 AND {} OR o.oid IN (SELECT d.objid FROM pg_depend AS d
       WHERE d.refclassid = 3079 AND d.classid = {} AND d.deptype = 'e'
         AND d.refobjid IN (SELECT oid FROM pg_extension WHERE extname <> 'migrate'))))",
                       system, catalog);
}

constexpr const char *kRelationName =
    "CASE o.relkind WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END || (SELECT quote_ident(nspname) "
    "FROM pg_namespace AS n WHERE n.oid = o.relnamespace) || '.' || quote_ident(o.relname)";

// Columns with other privileges than they were made with.
std::string columns_of_members() {
    return fmt::format(R"(
UNION ALL
SELECT 1259, o.oid, a.attnum, 'member', {0} || '.' || quote_ident(a.attname), {0},
  ' (' || quote_ident(a.attname) || ')', 'c', o.relowner, {1}, {2}
FROM (SELECT attrelid, attnum FROM pg_attribute WHERE attacl IS NOT NULL
      UNION SELECT objoid, objsubid FROM pg_init_privs WHERE classoid = 1259 AND objsubid > 0) AS c
  JOIN pg_attribute AS a ON a.attrelid = c.attrelid AND a.attnum = c.attnum
  JOIN pg_class AS o ON o.oid = c.attrelid
  LEFT JOIN pg_init_privs AS i ON i.classoid = 1259 AND i.objoid = o.oid AND i.objsubid = a.attnum
WHERE a.attacl IS DISTINCT FROM i.initprivs AND {3})",
                       kRelationName, acl_of("coalesce(a.attacl, acldefault('c', o.relowner))"),
                       acl_of("coalesce(i.initprivs, acldefault('c', o.relowner))"),
                       is_member(catalog::kClass, "o.relnamespace = 11"));
}

// What belongs to extensions or to the system and has other privileges than it was made with.
std::string members() {
    struct Catalog {
        Oid oid;
        const char *table;
        const char *acl;
        const char *owner;
        char letter;
        const char *target;
        const char *system;  // which of the system's count: not those of information_schema
    };
    static constexpr Catalog kCatalogs[] = {
        {catalog::kFunction, "pg_proc", "proacl", "proowner", 'f',
         "CASE o.prokind WHEN 'p' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END || (SELECT "
         "quote_ident(nspname) "
         "FROM pg_namespace AS n WHERE n.oid = o.pronamespace) || '.' || quote_ident(o.proname) || "
         "'(' "
         "|| oidvectortypes(o.proargtypes) || ')'",
         "o.pronamespace = 11"},
        {catalog::kClass, "pg_class", "relacl", "relowner", 'r', kRelationName,
         "o.relnamespace = 11"},
        {catalog::kType, "pg_type", "typacl", "typowner", 'T',
         "'TYPE ' || (SELECT quote_ident(nspname) FROM pg_namespace AS n WHERE n.oid = "
         "o.typnamespace) "
         "|| '.' || quote_ident(o.typname)",
         "o.typnamespace = 11"},
        {catalog::kSchema, "pg_namespace", "nspacl", "nspowner", 'n',
         "'SCHEMA ' || quote_ident(o.nspname)", "o.oid = 11"},
        {catalog::kLanguage, "pg_language", "lanacl", "lanowner", 'l',
         "'LANGUAGE ' || quote_ident(o.lanname)", "true"},
        {catalog::kWrapper, "pg_foreign_data_wrapper", "fdwacl", "fdwowner", 'F',
         "'FOREIGN DATA WRAPPER ' || quote_ident(o.fdwname)", "true"},
    };
    std::string sql;
    for (const Catalog &c : kCatalogs) {
        if (!sql.empty()) sql += "\nUNION ALL";
        std::string const letter = c.oid == catalog::kClass
                                       ? "(CASE o.relkind WHEN 'S' THEN 's' ELSE 'r' END)::\"char\""
                                       : fmt::format("'{}'::\"char\"", c.letter);
        std::string const acl =
            fmt::format("coalesce(o.{}, acldefault({}, o.{}))", c.acl, letter, c.owner);
        std::string const initial =
            fmt::format("coalesce(i.initprivs, acldefault({}, o.{}))", letter, c.owner);
        sql += fmt::format(R"(
SELECT {0} AS catalog, o.oid, 0 AS subid, 'member' AS name, {1} AS identity, {1} AS target,
  NULL AS columns, {2} AS letter, o.{3} AS owner, {4} AS acl, {5} AS ".initial"
FROM {6} AS o LEFT JOIN pg_init_privs AS i ON i.classoid = {0} AND i.objoid = o.oid AND i.objsubid = 0
WHERE (o.{7} IS NOT NULL OR i.initprivs IS NOT NULL) AND o.{7} IS DISTINCT FROM i.initprivs
  AND {4} IS DISTINCT FROM {5}
  AND {8})",
                           c.oid, c.target, letter, c.owner, acl_of(acl), acl_of(initial), c.table,
                           c.acl, is_member(c.oid, c.system));
    }
    return sql + columns_of_members();
}

}  // namespace

std::vector<CatalogQuery> global_queries() {
    std::vector<CatalogQuery> queries;
    queries.push_back({Kind::schema, catalog::kSchema, InvalidOid,
                       R"(
SELECT n.oid, quote_ident(n.nspname) AS name, n.nspowner AS owner,
  -- What the script of an extension has granted comes with that.
  )" +
                           acl_of("CASE WHEN n.oid < 16384 OR n.nspacl IS DISTINCT FROM "
                                  "i.initprivs THEN n.nspacl END") +
                           R"( AS acl
FROM pg_namespace AS n
  LEFT JOIN pg_init_privs AS i ON i.classoid = 2615 AND i.objoid = n.oid AND i.objsubid = 0
-- 2200: what was made as public, whatever it is called now.
WHERE (n.oid >= 16384 OR n.oid = 2200) AND n.nspname !~ '^pg_'
ORDER BY n.oid)"});
    queries.push_back({Kind::extension, catalog::kExtension, InvalidOid, R"(
SELECT e.oid, quote_ident(e.extname) AS name, quote_ident(n.nspname) AS in_schema,
  CASE WHEN v.default_version IS DISTINCT FROM e.extversion THEN quote_literal(e.extversion)
    END AS version,
  quote_literal(e.extversion) AS ".version",
  CASE WHEN e.extrelocatable THEN 'yes' END AS ".relocatable",
  v.comment AS ".initial_comment",
  '2615/' || e.extnamespace || '/0' AS needs
FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace
  LEFT JOIN pg_available_extensions AS v ON v.name = e.extname
WHERE e.oid >= 16384 AND e.extname <> 'migrate' ORDER BY e.oid)"});
    queries.push_back({Kind::access_method, catalog::kAccessMethod, InvalidOid, R"(
SELECT a.oid, quote_ident(a.amname) AS name,
  format('CREATE ACCESS METHOD %I TYPE %s HANDLER %s', a.amname,
         CASE a.amtype WHEN 'i' THEN 'INDEX' ELSE 'TABLE' END, a.amhandler::regproc) AS definition
FROM pg_am AS a WHERE a.oid >= 16384 ORDER BY a.oid)"});
    queries.push_back({Kind::language, catalog::kLanguage, InvalidOid,
                       R"(
SELECT l.oid, quote_ident(l.lanname) AS name, l.lanowner AS owner, )" +
                           acl_of("l.lanacl") + R"( AS acl,
  format('CREATE %sLANGUAGE %I HANDLER %s', CASE WHEN l.lanpltrusted THEN 'TRUSTED ' ELSE '' END,
         l.lanname, l.lanplcallfoid::regproc) ||
  CASE WHEN l.laninline <> 0 THEN ' INLINE ' || l.laninline::regproc ELSE '' END ||
  CASE WHEN l.lanvalidator <> 0 THEN ' VALIDATOR ' || l.lanvalidator::regproc ELSE '' END AS definition
FROM pg_language AS l WHERE l.oid >= 16384 AND l.lanispl ORDER BY l.oid)"});
    queries.push_back({Kind::foreign_data_wrapper, catalog::kWrapper, InvalidOid,
                       R"(
SELECT w.oid, quote_ident(w.fdwname) AS name, w.fdwowner AS owner, )" +
                           acl_of("w.fdwacl") + R"( AS acl,
  CASE WHEN w.fdwhandler <> 0 THEN w.fdwhandler::regproc::text END AS handler,
  CASE WHEN w.fdwvalidator <> 0 THEN w.fdwvalidator::regproc::text END AS validator,
  )" + foreign_options_of("w.fdwoptions") +
                           R"( AS options
FROM pg_foreign_data_wrapper AS w WHERE w.oid >= 16384 ORDER BY w.oid)"});
    queries.push_back({Kind::server, catalog::kServer, InvalidOid,
                       R"(
SELECT s.oid, quote_ident(s.srvname) AS name, s.srvowner AS owner, )" +
                           acl_of("s.srvacl") + R"( AS acl,
  quote_literal(s.srvtype) AS type, quote_literal(s.srvversion) AS version,
  quote_ident(w.fdwname) AS wrapper, )" +
                           foreign_options_of("s.srvoptions") + R"( AS options
FROM pg_foreign_server AS s JOIN pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw
WHERE s.oid >= 16384 ORDER BY s.oid)"});
    // No passwords: who may see one may write it into a revision by hand.
    queries.push_back({Kind::user_mapping, catalog::kUserMapping, InvalidOid, R"(
SELECT u.umid AS oid, 'user mapping' AS name,
  format('FOR %s SERVER %I', CASE u.umuser WHEN 0 THEN 'PUBLIC' ELSE quote_ident(u.usename) END,
         u.srvname) AS identity,
  CASE WHEN u.umoptions IS NOT NULL THEN (SELECT string_agg(
      quote_ident(option_name) || ' ' || quote_literal(option_value), E'\x1f' ORDER BY option_name)
    FROM pg_options_to_table(u.umoptions)
    WHERE option_name NOT LIKE '%password%' AND option_name NOT LIKE '%passcode%') END AS options
FROM pg_user_mappings AS u WHERE u.umid >= 16384 ORDER BY u.umid)"});
    return queries;
}

std::vector<CatalogQuery> late_queries() {
    std::vector<CatalogQuery> queries;
    queries.push_back({Kind::publication, catalog::kPublication, InvalidOid, R"(
SELECT p.oid, quote_ident(p.pubname) AS name, p.pubowner AS owner,
  CASE WHEN p.puballtables THEN 'yes' END AS all_tables,
  NULLIF(concat_ws(E'\x1f',
    CASE WHEN NOT (p.pubinsert AND p.pubupdate AND p.pubdelete AND p.pubtruncate) THEN
      'publish=' || quote_literal(concat_ws(', ',
        CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
        CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END)) END,
    CASE WHEN p.pubviaroot THEN 'publish_via_partition_root=true' END), '') AS options
FROM pg_publication AS p WHERE p.oid >= 16384 ORDER BY p.oid)"});
    bool const lists = pg::kMajorVersion >= 15;
    queries.push_back({Kind::publication_table, catalog::kPublicationTable, catalog::kPublication,
                       std::string(R"(
SELECT r.oid, r.prpubid AS parent, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name,
  quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS table,)") +
                           (lists ? R"(
  CASE WHEN r.prattrs IS NOT NULL THEN (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname)
    FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum = ANY (r.prattrs)) END AS columns,
  '(' || pg_get_expr(r.prqual, r.prrelid) || ')' AS where,)"
                                  : "") +
                           R"(
  '1259/' || c.oid || '/0' AS needs
FROM pg_publication_rel AS r JOIN pg_class AS c ON c.oid = r.prrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE r.oid >= 16384 ORDER BY r.prpubid, n.nspname, c.relname)"});
    if (lists)
        queries.push_back({Kind::publication_schema, catalog::kPublicationSchema,
                           catalog::kPublication,
                           R"(
SELECT r.oid, r.pnpubid AS parent, quote_ident(n.nspname) AS name, '2615/' || n.oid || '/0' AS needs
FROM pg_publication_namespace AS r JOIN pg_namespace AS n ON n.oid = r.pnnspid
ORDER BY r.pnpubid, n.nspname)"});
    queries.push_back({Kind::subscription, catalog::kSubscription, InvalidOid, subscriptions()});
    queries.push_back({Kind::event_trigger, catalog::kEventTrigger, InvalidOid, R"(
SELECT e.oid, quote_ident(e.evtname) AS name, e.evtowner AS owner,
  format('CREATE EVENT TRIGGER %I ON %I%s EXECUTE FUNCTION %s()', e.evtname, e.evtevent,
    CASE WHEN e.evttags IS NOT NULL THEN E'\n    WHEN TAG IN (' ||
      (SELECT string_agg(quote_literal(t), ', ') FROM unnest(e.evttags) AS t) || E')\n   ' ELSE '' END,
    e.evtfoid::regproc) AS definition,
  CASE e.evtenabled WHEN 'D' THEN 'DISABLE' WHEN 'A' THEN 'ENABLE ALWAYS' WHEN 'R' THEN 'ENABLE REPLICA'
    END AS enabled
FROM pg_event_trigger AS e WHERE e.oid >= 16384 ORDER BY e.oid)"});
    queries.push_back({Kind::default_privileges, catalog::kDefaultPrivileges, InvalidOid, R"(
SELECT d.oid, 'privileges' AS name,
  format('FOR ROLE %s%s ON %s', quote_ident(pg_get_userbyid(d.defaclrole)),
    CASE WHEN n.oid IS NOT NULL THEN ' IN SCHEMA ' || quote_ident(n.nspname) ELSE '' END, k.objects)
    AS identity,
  quote_ident(pg_get_userbyid(d.defaclrole)) AS role, quote_ident(n.nspname) AS in_schema,
  k.objects, k.letter, )" + acl_of("d.defaclacl") + R"( AS acl,
  CASE WHEN n.oid IS NOT NULL THEN '2615/' || n.oid || '/0' END AS needs
FROM pg_default_acl AS d LEFT JOIN pg_namespace AS n ON n.oid = d.defaclnamespace
  JOIN (VALUES ('r', 'TABLES', 'r'), ('S', 'SEQUENCES', 's'), ('f', 'FUNCTIONS', 'f'),
               ('T', 'TYPES', 'T'), ('n', 'SCHEMAS', 'n')) AS k (type, objects, letter)
    ON k.type = d.defaclobjtype::text
ORDER BY d.oid)"});
    queries.push_back({Kind::member, InvalidOid, InvalidOid, members()});
    // Comments, labels and the like, on whatever.
    queries.push_back({Kind::count_, InvalidOid, InvalidOid, R"(
SELECT d.classoid AS catalog, d.objoid AS oid, d.objsubid AS subid, d.description AS comment
FROM pg_description AS d WHERE d.objoid >= 16384 OR d.classoid = 2615 ORDER BY 1, 2, 3)"});
    queries.push_back({Kind::count_, InvalidOid, InvalidOid, R"(
SELECT l.classoid AS catalog, l.objoid AS oid, l.objsubid AS subid,
  string_agg(quote_ident(l.provider) || E'\x1e' || l.label, E'\x1f' ORDER BY l.provider) AS labels
FROM pg_seclabel AS l WHERE l.objoid >= 16384 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3)"});
    queries.push_back({Kind::count_, InvalidOid, InvalidOid, R"(
SELECT d.classid AS catalog, d.objid AS oid, 0 AS subid,
  string_agg(quote_ident(e.extname), E'\x1f' ORDER BY e.extname) AS depends_on_extension
FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid
WHERE d.refclassid = 3079 AND d.deptype = 'x' GROUP BY 1, 2 ORDER BY 1, 2)"});
    return queries;
}

}  // namespace migrate::engine
