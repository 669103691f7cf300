create collation "nd" (provider=icu, locale='und', deterministic=false);
create domain d as text collate "C";
create table t(a d, primary key(a)) partition by list(a);
create table t1 partition of t for values in ('a','b');
create domain d2 as d default 'a';
create table u(x d2 unique);
