// Types, and what is made of functions: casts, operators, text search.
#include "engine/snapshot_queries.hpp"

namespace migrate::engine {

using schema::Kind;

namespace {

// "schema.name" of a catalog's row, by its OID.
std::string named(const std::string &table, const std::string &prefix, const std::string &oid) {
    return "(SELECT quote_ident(n.nspname) || '.' || quote_ident(o." + prefix + "name) FROM " +
           table + " AS o JOIN pg_namespace AS n ON n.oid = o." + prefix +
           "namespace WHERE o.oid = " + oid + ")";
}

// What CREATE OR REPLACE looks at to see whether callers can stay as they are: names of the inputs,
// empty where there is none; the result, with its columns where it is a row of several (or a
// procedure's); defaults, which may come but not go, and have their own types where arguments can
// be of any.
std::string replaceable_by() {
    return R"(
  (SELECT string_agg(coalesce(p.proargnames[i], ''), E'\x1f' ORDER BY i)
   FROM generate_series(1, coalesce(cardinality(p.proallargtypes), p.pronargs)) AS i
   WHERE coalesce(p.proargmodes[i], 'i') IN ('i', 'b', 'v')) AS ".inputs",
  CASE WHEN p.proretset THEN 'SETOF ' ELSE '' END || format_type(p.prorettype, NULL) ||
  CASE WHEN p.prorettype = 2249 THEN coalesce(
    (SELECT ' (' || string_agg(coalesce(NULLIF(x.name, ''), 'column' || x.n) || ' ' ||
                               format_type(x.type, NULL), ', ' ORDER BY x.n) || ')'
     FROM (SELECT p.proargnames[i] AS name, p.proallargtypes[i] AS type, row_number() OVER (ORDER BY i) AS n
           FROM generate_subscripts(p.proargmodes, 1) AS i WHERE p.proargmodes[i] IN ('o', 'b', 't')) AS x
     HAVING p.prokind = 'p' OR count(*) > 1), '') ELSE '' END AS ".result",
  p.pronargdefaults AS ".defaults",
  CASE WHEN p.pronargdefaults > 0 AND EXISTS (SELECT FROM unnest(p.proargtypes) AS a (type)
    JOIN pg_type AS t ON t.oid = a.type AND t.typtype = 'p' AND t.typcategory = 'P' AND t.typname LIKE 'any%')
    THEN pg_get_expr(p.proargdefaults, 0) END AS ".any_defaults")";
}

}  // namespace

std::vector<CatalogQuery> type_queries() {
    std::vector<CatalogQuery> queries;
    std::string const head = R"(
SELECT t.oid, t.typnamespace AS schema, quote_ident(t.typname) AS name, t.typowner AS owner,
  )" + acl_of("t.typacl") + " AS acl,";
    queries.push_back(
        {Kind::collation, catalog::kCollation, InvalidOid,
         std::string(R"(
SELECT o.oid, o.collnamespace AS schema, quote_ident(o.collname) AS name, o.collowner AS owner,
  format('CREATE COLLATION %I.%I (provider = %s%s%s%s)', n.nspname, o.collname,
    CASE o.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,)") +
             (pg::kMajorVersion >= 15
                  ? R"(
    CASE WHEN )" + std::string(pg::kMajorVersion >= 17 ? "o.colllocale" : "o.colliculocale") +
                        R"( IS NOT NULL THEN ', locale = ' || quote_literal()" +
                        (pg::kMajorVersion >= 17 ? "o.colllocale" : "o.colliculocale") +
                        R"()
      WHEN o.collcollate = o.collctype THEN ', locale = ' || quote_literal(o.collcollate)
      ELSE ', lc_collate = ' || quote_literal(o.collcollate) || ', lc_ctype = ' || quote_literal(o.collctype)
    END,)"
                  : R"(
    CASE WHEN o.collcollate = o.collctype THEN ', locale = ' || quote_literal(o.collcollate)
      ELSE ', lc_collate = ' || quote_literal(o.collcollate) || ', lc_ctype = ' || quote_literal(o.collctype)
    END,)") +
             (pg::kMajorVersion >= 16 ? "CASE WHEN o.collicurules IS NOT NULL THEN ', rules = ' || "
                                        "quote_literal(o.collicurules) ELSE '' END,"
                                      : "'',") +
             R"(
    CASE WHEN NOT o.collisdeterministic THEN ', deterministic = false' ELSE '' END) AS definition
FROM pg_collation AS o JOIN pg_namespace AS n ON n.oid = o.collnamespace
WHERE o.oid >= 16384 ORDER BY o.oid)"});
    queries.push_back({Kind::enumeration, catalog::kType, InvalidOid, head + R"(
  coalesce((SELECT string_agg(quote_literal(e.enumlabel), E'\x1f' ORDER BY e.enumsortorder)
   FROM pg_enum AS e WHERE e.enumtypid = t.oid), '') AS values
FROM pg_type AS t WHERE t.typtype = 'e' AND t.oid >= 16384 ORDER BY t.oid)"});
    queries.push_back({Kind::domain, catalog::kType, InvalidOid,
                       head + R"(
  format_type(t.typbasetype, t.typtypmod) AS type,
  CASE WHEN t.typcollation <> b.typcollation THEN )" +
                           named("pg_collation", "coll", "t.typcollation") +
                           R"( END AS collation,
  pg_get_expr(t.typdefaultbin, 'pg_type'::regclass) AS default,
  CASE WHEN t.typnotnull THEN 'yes' END AS not_null
FROM pg_type AS t JOIN pg_type AS b ON b.oid = t.typbasetype
WHERE t.typtype = 'd' AND t.oid >= 16384 ORDER BY t.oid)"});
    queries.push_back({Kind::composite, catalog::kType, InvalidOid, head + R"(
  coalesce((SELECT string_agg(quote_ident(a.attname), E'\x1f' ORDER BY a.attnum) FROM pg_attribute AS a
   WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped), '') AS attributes
FROM pg_type AS t JOIN pg_class AS c ON c.oid = t.typrelid AND c.relkind = 'c'
WHERE t.typtype = 'c' AND t.oid >= 16384 ORDER BY t.oid)"});
    queries.push_back({Kind::attribute, catalog::kClass, catalog::kType,
                       R"(
SELECT a.attrelid AS oid, c.reltype AS parent, a.attnum AS subid, a.attnum AS position,
  quote_ident(a.attname) AS name, format_type(a.atttypid, a.atttypmod) AS type,
  CASE WHEN a.attcollation <> y.typcollation AND a.attcollation <> 0 THEN )" +
                           named("pg_collation", "coll", "a.attcollation") +
                           R"( END AS collation
FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid AND c.relkind = 'c'
  JOIN pg_type AS y ON y.oid = a.atttypid
WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid >= 16384
ORDER BY a.attrelid, a.attnum)"});
    std::string const multirange = pg::kMajorVersion >= 14 ? R"(,
    CASE WHEN m.typnamespace <> t.typnamespace OR m.typname <>
           CASE WHEN t.typname ~ 'range' THEN regexp_replace(t.typname, 'range', 'multirange')
                ELSE t.typname || '_multirange' END
         THEN 'multirange_type_name = ' || )" + named("pg_type", "typ", "m.oid") +
                                                                 " END"
                                                           : "";
    queries.push_back({Kind::range, catalog::kType, InvalidOid,
                       head + R"(
  concat_ws(E'\x1f', 'subtype = ' || format_type(r.rngsubtype, NULL)
    )" + multirange + R"(,
    CASE WHEN NOT oc.opcdefault THEN 'subtype_opclass = ' || )" +
                           named("pg_opclass", "opc", "r.rngsubopc") + R"( END,
    CASE WHEN r.rngcollation <> st.typcollation THEN 'collation = ' || )" +
                           named("pg_collation", "coll", "r.rngcollation") +
                           R"( END,
    CASE WHEN r.rngcanonical <> 0 THEN 'canonical = ' || r.rngcanonical::regproc END,
    CASE WHEN r.rngsubdiff <> 0 THEN 'subtype_diff = ' || r.rngsubdiff::regproc END) AS definition,
  CASE WHEN r.rngcanonical <> 0 THEN 'yes' END AS ".shell"
FROM pg_type AS t JOIN pg_range AS r ON r.rngtypid = t.oid JOIN pg_type AS st ON st.oid = r.rngsubtype
  JOIN pg_opclass AS oc ON oc.oid = r.rngsubopc LEFT JOIN pg_type AS m ON m.oid = )" +
                           (pg::kMajorVersion >= 14 ? "r.rngmultitypid" : "0") +
                           R"(
WHERE t.oid >= 16384 ORDER BY t.oid)"});
    queries.push_back({Kind::base_type, catalog::kType, InvalidOid, head + R"(
  concat_ws(E'\x1f', 'INPUT = ' || t.typinput::regproc, 'OUTPUT = ' || t.typoutput::regproc,
    CASE WHEN t.typreceive <> 0 THEN 'RECEIVE = ' || t.typreceive::regproc END,
    CASE WHEN t.typsend <> 0 THEN 'SEND = ' || t.typsend::regproc END,
    CASE WHEN t.typmodin <> 0 THEN 'TYPMOD_IN = ' || t.typmodin::regproc END,
    CASE WHEN t.typmodout <> 0 THEN 'TYPMOD_OUT = ' || t.typmodout::regproc END,
    CASE WHEN t.typanalyze <> 0 THEN 'ANALYZE = ' || t.typanalyze::regproc END,
    'INTERNALLENGTH = ' || CASE t.typlen WHEN -1 THEN 'VARIABLE' ELSE t.typlen::text END,
    CASE WHEN t.typbyval THEN 'PASSEDBYVALUE' END,
    'ALIGNMENT = ' || CASE t.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2' WHEN 'i' THEN 'int4'
      ELSE 'double' END,
    'STORAGE = ' || CASE t.typstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'x'
      THEN 'extended' ELSE 'main' END,
    CASE WHEN t.typcategory <> 'U' THEN 'CATEGORY = ' || quote_literal(t.typcategory::text) END,
    CASE WHEN t.typispreferred THEN 'PREFERRED = true' END,
    CASE WHEN t.typdefault IS NOT NULL THEN 'DEFAULT = ' || quote_literal(t.typdefault) END,
    CASE WHEN t.typelem <> 0 THEN 'ELEMENT = ' || format_type(t.typelem, NULL) END,
    CASE WHEN t.typdelim <> ',' THEN 'DELIMITER = ' || quote_literal(t.typdelim::text) END,
    CASE WHEN t.typcollation <> 0 THEN 'COLLATABLE = true' END,
    CASE WHEN t.typsubscript <> 0 THEN 'SUBSCRIPT = ' || t.typsubscript::regproc END) AS definition,
  'yes' AS ".shell"
FROM pg_type AS t
WHERE t.typtype = 'b' AND t.oid >= 16384
  AND NOT (t.typelem <> 0 AND t.typsubscript = 'array_subscript_handler'::regproc)
ORDER BY t.oid)"});
    queries.push_back({Kind::shell_type, catalog::kType, InvalidOid, head + R"(
  'yes' AS shell
FROM pg_type AS t WHERE t.typtype = 'p' AND NOT t.typisdefined AND t.oid >= 16384 ORDER BY t.oid)"});
    queries.push_back({Kind::domain_constraint, catalog::kConstraint, catalog::kType, R"(
SELECT o.oid, o.contypid AS parent, quote_ident(o.conname) AS name,
  pg_get_constraintdef(o.oid) AS definition,
  CASE WHEN NOT o.convalidated THEN 'yes' END AS not_valid
FROM pg_constraint AS o WHERE o.contypid >= 16384 AND o.contype = 'c'
ORDER BY o.contypid, o.conname)"});
    return queries;
}

std::vector<CatalogQuery> routine_queries() {
    std::vector<CatalogQuery> queries;
    queries.push_back({Kind::function, catalog::kFunction, InvalidOid, R"(
SELECT p.oid, CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END AS kind,
  p.pronamespace AS schema, quote_ident(p.proname) AS name, p.proowner AS owner,
  '(' || oidvectortypes(p.proargtypes) || ')' AS suffix,
  )" + acl_of("p.proacl") + R"( AS acl,
  pg_get_functiondef(p.oid) AS definition,)" + replaceable_by() + R"(
FROM pg_proc AS p WHERE p.prokind IN ('f', 'p', 'w') AND p.oid >= 16384
  AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 1255 AND d.objid = p.oid
                  AND d.deptype = 'i')
ORDER BY p.oid)"});
    auto const function = [](const std::string &column, const std::string &word) {
        return "CASE WHEN a." + column + " <> 0 THEN '" + word + " = ' || a." + column +
               "::regproc END";
    };
    auto const modify = [](const std::string &column, const std::string &word, const char *direct) {
        // By default a final function may modify its state, but not of ordered-set aggregates.
        return "CASE WHEN a." + column + " <> CASE WHEN a.aggkind = 'n' THEN 'r' ELSE 'w' END " +
               direct + " THEN '" + word + " = ' || CASE a." + column +
               " WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END";
    };
    queries.push_back({Kind::aggregate, catalog::kFunction, InvalidOid,
                       R"(
SELECT p.oid, p.pronamespace AS schema, quote_ident(p.proname) AS name, p.proowner AS owner,
  '(' || CASE WHEN p.pronargs = 0 THEN '*' ELSE oidvectortypes(p.proargtypes) END || ')' AS suffix,
  quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '(' ||
    CASE WHEN pg_get_function_arguments(p.oid) = '' THEN '*' ELSE pg_get_function_arguments(p.oid) END
    || ')' AS signature,
  )" + acl_of("p.proacl") + " AS acl," +
                           replaceable_by() + R"(,
  concat_ws(E'\x1f', 'SFUNC = ' || a.aggtransfn::regproc, 'STYPE = ' || format_type(a.aggtranstype, NULL),
    CASE WHEN a.aggtransspace <> 0 THEN 'SSPACE = ' || a.aggtransspace END,
    CASE WHEN a.agginitval IS NOT NULL THEN 'INITCOND = ' || quote_literal(a.agginitval) END,
    )" + function("aggfinalfn", "FINALFUNC") +
                           R"(,
    CASE WHEN a.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
    )" + modify("aggfinalmodify", "FINALFUNC_MODIFY", "AND a.aggfinalfn <> 0") +
                           R"(,
    )" + function("aggcombinefn", "COMBINEFUNC") +
                           "," + function("aggserialfn", "SERIALFUNC") + "," +
                           function("aggdeserialfn", "DESERIALFUNC") + "," +
                           function("aggmtransfn", "MSFUNC") + "," +
                           function("aggminvtransfn", "MINVFUNC") + R"(,
    CASE WHEN a.aggmtranstype <> 0 THEN 'MSTYPE = ' || format_type(a.aggmtranstype, NULL) END,
    CASE WHEN a.aggmtransspace <> 0 THEN 'MSSPACE = ' || a.aggmtransspace END,
    CASE WHEN a.aggminitval IS NOT NULL THEN 'MINITCOND = ' || quote_literal(a.aggminitval) END,
    )" + function("aggmfinalfn", "MFINALFUNC") +
                           R"(,
    CASE WHEN a.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END,
    )" + modify("aggmfinalmodify", "MFINALFUNC_MODIFY", "AND a.aggmfinalfn <> 0") +
                           R"(,
    CASE WHEN a.aggsortop <> 0 THEN 'SORTOP = ' || (SELECT format('OPERATOR(%I.%s)', sn.nspname, o.oprname)
      FROM pg_operator AS o JOIN pg_namespace AS sn ON sn.oid = o.oprnamespace WHERE o.oid = a.aggsortop) END,
    CASE WHEN a.aggkind = 'h' THEN 'HYPOTHETICAL' END,
    CASE p.proparallel WHEN 's' THEN 'PARALLEL = SAFE' WHEN 'r' THEN 'PARALLEL = RESTRICTED' END)
    AS definition
FROM pg_proc AS p JOIN pg_aggregate AS a ON a.aggfnoid = p.oid JOIN pg_namespace AS n ON n.oid = p.pronamespace
WHERE p.oid >= 16384 ORDER BY p.oid)"});
    queries.push_back({Kind::cast, catalog::kCast, InvalidOid, R"(
SELECT c.oid, 'cast' AS name,
  format('(%s AS %s)', format_type(c.castsource, NULL), format_type(c.casttarget, NULL)) AS identity,
  format('CREATE CAST (%s AS %s) %s%s', format_type(c.castsource, NULL), format_type(c.casttarget, NULL),
    CASE c.castmethod WHEN 'b' THEN 'WITHOUT FUNCTION' WHEN 'i' THEN 'WITH INOUT'
      ELSE 'WITH FUNCTION ' || c.castfunc::regprocedure END,
    CASE c.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' ELSE '' END)
    AS definition
FROM pg_cast AS c WHERE c.oid >= 16384
  AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 2605 AND d.objid = c.oid
                  AND d.deptype = 'i')
ORDER BY c.oid)"});
    queries.push_back({Kind::transform, catalog::kTransform, InvalidOid, R"(
SELECT t.oid, 'transform' AS name,
  format('FOR %s LANGUAGE %I', format_type(t.trftype, NULL), l.lanname) AS identity,
  format('CREATE TRANSFORM FOR %s LANGUAGE %I (%s)', format_type(t.trftype, NULL), l.lanname,
    concat_ws(', ',
      CASE WHEN t.trffromsql <> 0 THEN 'FROM SQL WITH FUNCTION ' || t.trffromsql::regprocedure END,
      CASE WHEN t.trftosql <> 0 THEN 'TO SQL WITH FUNCTION ' || t.trftosql::regprocedure END)) AS definition
FROM pg_transform AS t JOIN pg_language AS l ON l.oid = t.trflang
WHERE t.oid >= 16384 ORDER BY t.oid)"});
    std::string const other_operator =
        "(SELECT format('OPERATOR(%I.%s)', on_.nspname, o2.oprname) FROM pg_operator AS o2"
        " JOIN pg_namespace AS on_ ON on_.oid = o2.oprnamespace WHERE o2.oid = ";
    queries.push_back({Kind::operator_, catalog::kOperator, InvalidOid, R"(
SELECT o.oid, o.oprnamespace AS schema, o.oprname AS name, o.oprowner AS owner,
  format('(%s, %s)', CASE o.oprleft WHEN 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END,
         CASE o.oprright WHEN 0 THEN 'NONE' ELSE format_type(o.oprright, NULL) END) AS suffix,
  concat_ws(E'\x1f',
    'FUNCTION = ' || o.oprcode::regproc,
    CASE WHEN o.oprleft <> 0 THEN 'LEFTARG = ' || format_type(o.oprleft, NULL) END,
    CASE WHEN o.oprright <> 0 THEN 'RIGHTARG = ' || format_type(o.oprright, NULL) END,
    CASE WHEN o.oprcom <> 0 THEN 'COMMUTATOR = ' || )" + other_operator + R"(o.oprcom) END,
    CASE WHEN o.oprnegate <> 0 THEN 'NEGATOR = ' || )" + other_operator + R"(o.oprnegate) END,
    CASE WHEN o.oprrest <> 0 THEN 'RESTRICT = ' || o.oprrest::regproc END,
    CASE WHEN o.oprjoin <> 0 THEN 'JOIN = ' || o.oprjoin::regproc END,
    CASE WHEN o.oprcanhash THEN 'HASHES' END, CASE WHEN o.oprcanmerge THEN 'MERGES' END) AS definition
FROM pg_operator AS o WHERE o.oid >= 16384 AND o.oprcode <> 0 ORDER BY o.oid)"});
    // Members of a family that no class brings along are the family's own. "key" is what they are
    // dropped by.
    std::string const members = R"(
    FROM (
      SELECT format('OPERATOR %s (%s, %s)', m.amopstrategy, format_type(m.amoplefttype, NULL),
                    format_type(m.amoprighttype, NULL)) AS key,
        format('OPERATOR %s %s', m.amopstrategy, m.amopopr::regoperator) ||
        CASE WHEN m.amopsortfamily <> 0 THEN ' FOR ORDER BY ' ||
          (SELECT format('%I.%I', sn.nspname, sf.opfname) FROM pg_opfamily AS sf
           JOIN pg_namespace AS sn ON sn.oid = sf.opfnamespace WHERE sf.oid = m.amopsortfamily) ELSE '' END AS item
      FROM pg_amop AS m JOIN pg_depend AS d ON d.classid = 2602 AND d.objid = m.oid
      WHERE MEMBER_OF
      UNION ALL
      SELECT k.key, k.key || ' ' || q.amproc::regprocedure
      FROM pg_amproc AS q JOIN pg_depend AS d ON d.classid = 2603 AND d.objid = q.oid
        CROSS JOIN LATERAL format('FUNCTION %s (%s, %s)', q.amprocnum, format_type(q.amproclefttype, NULL),
                                  format_type(q.amprocrighttype, NULL)) AS k (key)
      WHERE MEMBER_OF) AS x))";
    auto const members_of = [&](const std::string &list, const std::string &condition) {
        std::string text = "(SELECT " + list + members;
        for (std::size_t at = text.find("MEMBER_OF"); at != std::string::npos;
             at = text.find("MEMBER_OF"))
            text.replace(at, 9, condition);
        return text;
    };
    queries.push_back(
        {Kind::operator_family, catalog::kFamilyOfOperators, InvalidOid,
         R"(
SELECT f.oid, f.opfnamespace AS schema, quote_ident(f.opfname) AS name, f.opfowner AS owner,
  ' USING ' || quote_ident(am.amname) AS suffix,
  )" +
             members_of(R"(string_agg(x.key || E'\x1e' || x.item, E'\x1f' ORDER BY x.item))",
                        "d.refclassid = 2753 AND d.refobjid = f.oid AND d.deptype = 'a'") +
             R"( AS members
FROM pg_opfamily AS f JOIN pg_am AS am ON am.oid = f.opfmethod
WHERE f.oid >= 16384 ORDER BY f.oid)"});
    queries.push_back(
        {Kind::operator_class, catalog::kClassOfOperators, InvalidOid,
         R"(
SELECT c.oid, c.opcnamespace AS schema, quote_ident(c.opcname) AS name, c.opcowner AS owner,
  ' USING ' || quote_ident(am.amname) AS suffix,
  format(E'CREATE OPERATOR CLASS %I.%I%s FOR TYPE %s USING %I FAMILY %I.%I AS\n    %s', n.nspname, c.opcname,
    CASE WHEN c.opcdefault THEN ' DEFAULT' ELSE '' END, format_type(c.opcintype, NULL), am.amname,
    fn.nspname, f.opfname,
    concat_ws(E',\n    ', CASE WHEN c.opckeytype <> 0 THEN 'STORAGE ' || format_type(c.opckeytype, NULL)
      END,)" +
             members_of(R"(string_agg(x.item, E',\n    ' ORDER BY x.item))",
                        "d.refclassid = 2616 AND d.refobjid = c.oid AND d.deptype = 'i'") +
             R"(,
      CASE WHEN c.opckeytype = 0 AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.refclassid = 2616
        AND d.refobjid = c.oid AND d.deptype = 'i') THEN 'STORAGE ' || format_type(c.opcintype, NULL) END))
    AS definition
FROM pg_opclass AS c JOIN pg_am AS am ON am.oid = c.opcmethod JOIN pg_opfamily AS f ON f.oid = c.opcfamily
  JOIN pg_namespace AS n ON n.oid = c.opcnamespace JOIN pg_namespace AS fn ON fn.oid = f.opfnamespace
WHERE c.oid >= 16384 ORDER BY c.oid)"});
    queries.push_back({Kind::conversion, catalog::kConversion, InvalidOid, R"(
SELECT c.oid, c.connamespace AS schema, quote_ident(c.conname) AS name, c.conowner AS owner,
  format('CREATE %sCONVERSION %I.%I FOR %L TO %L FROM %s', CASE WHEN c.condefault THEN 'DEFAULT ' ELSE '' END,
    n.nspname, c.conname, pg_encoding_to_char(c.conforencoding), pg_encoding_to_char(c.contoencoding),
    c.conproc::regproc) AS definition
FROM pg_conversion AS c JOIN pg_namespace AS n ON n.oid = c.connamespace WHERE c.oid >= 16384 ORDER BY c.oid)"});
    queries.push_back({Kind::text_search_parser, catalog::kParser, InvalidOid, R"(
SELECT p.oid, p.prsnamespace AS schema, quote_ident(p.prsname) AS name,
  format('CREATE TEXT SEARCH PARSER %I.%I (%s)', n.nspname, p.prsname, concat_ws(', ',
    'START = ' || p.prsstart::regproc, 'GETTOKEN = ' || p.prstoken::regproc, 'END = ' || p.prsend::regproc,
    CASE WHEN p.prsheadline <> 0 THEN 'HEADLINE = ' || p.prsheadline::regproc END,
    'LEXTYPES = ' || p.prslextype::regproc)) AS definition
FROM pg_ts_parser AS p JOIN pg_namespace AS n ON n.oid = p.prsnamespace WHERE p.oid >= 16384 ORDER BY p.oid)"});
    queries.push_back({Kind::text_search_template, catalog::kTemplate, InvalidOid, R"(
SELECT t.oid, t.tmplnamespace AS schema, quote_ident(t.tmplname) AS name,
  format('CREATE TEXT SEARCH TEMPLATE %I.%I (%s)', n.nspname, t.tmplname, concat_ws(', ',
    CASE WHEN t.tmplinit <> 0 THEN 'INIT = ' || t.tmplinit::regproc END,
    'LEXIZE = ' || t.tmpllexize::regproc)) AS definition
FROM pg_ts_template AS t JOIN pg_namespace AS n ON n.oid = t.tmplnamespace WHERE t.oid >= 16384 ORDER BY t.oid)"});
    queries.push_back({Kind::text_search_dictionary, catalog::kDictionary, InvalidOid, R"(
SELECT d.oid, d.dictnamespace AS schema, quote_ident(d.dictname) AS name, d.dictowner AS owner,
  )" + named("pg_ts_template", "tmpl", "d.dicttemplate") + R"( AS template,
  -- In the order in which the server has them, split where a comma is not within quotes.
  (SELECT string_agg(ltrim(m[1]), E'\x1f' ORDER BY n)
   FROM regexp_matches(d.dictinitoption, '(?:[^''",]|''[^'']*''|"[^"]*")+', 'g')
     WITH ORDINALITY AS r (m, n)) AS init_options
FROM pg_ts_dict AS d WHERE d.oid >= 16384 ORDER BY d.oid)"});
    queries.push_back({Kind::text_search_configuration, catalog::kConfiguration, InvalidOid,
                       R"(
SELECT c.oid, c.cfgnamespace AS schema, quote_ident(c.cfgname) AS name, c.cfgowner AS owner,
  )" + named("pg_ts_parser", "prs", "c.cfgparser") +
                           R"( AS parser,
  (SELECT string_agg(x.token || ' ' || x.dictionaries, E'\x1f' ORDER BY x.token) FROM (
    SELECT (SELECT quote_ident(alias) FROM ts_token_type(c.cfgparser) WHERE tokid = m.maptokentype) AS token,
      string_agg()" + named("pg_ts_dict", "dict", "m.mapdict") +
                           R"(, ', ' ORDER BY m.mapseqno) AS dictionaries
    FROM pg_ts_config_map AS m WHERE m.mapcfg = c.oid GROUP BY m.maptokentype) AS x) AS mappings
FROM pg_ts_config AS c WHERE c.oid >= 16384 ORDER BY c.oid)"});
    return queries;
}

}  // namespace migrate::engine
