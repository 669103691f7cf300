CREATE DOMAIN d AS numeric(14,2); CREATE TABLE t(a money);
