CREATE TABLE t (a int);
CREATE EXTENSION pg_stat_statements;
GRANT SELECT (query, "userid") ON pg_stat_statements TO bench_r1 WITH GRANT OPTION;
GRANT SELECT (rolname) ON pg_catalog.pg_authid TO bench_r1;
