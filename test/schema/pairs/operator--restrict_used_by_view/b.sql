CREATE FUNCTION lt(int, money) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1 < $2::numeric';
CREATE OPERATOR <<< (FUNCTION = lt, LEFTARG = int, RIGHTARG = money, RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
CREATE TABLE t (i int, m money);
CREATE VIEW v AS SELECT i <<< m AS x FROM t;
CREATE INDEX ix ON t ((i <<< m));
