create schema es; create table t(id bigint generated always as identity, b int not null, primary key(id,b)) partition by range(b); create table es.t1 partition of t for values from (0) to (10);
