CREATE TYPE mood AS ENUM ('happy','ok'); CREATE DOMAIN d AS bigint CHECK (VALUE > 0);
CREATE TABLE t (id int, m mood, n d, c mood[]) PARTITION BY RANGE (id); CREATE TABLE t1 PARTITION OF t DEFAULT;
