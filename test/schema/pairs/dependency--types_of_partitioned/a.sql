CREATE TYPE mood AS ENUM ('sad','ok','happy'); CREATE DOMAIN d AS int CHECK (VALUE > 0);
CREATE TABLE t (id int, m mood, n d, c mood[]);
