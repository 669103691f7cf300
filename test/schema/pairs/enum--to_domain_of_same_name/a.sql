create type st as enum('new','old');
create table t(id int, s st default 'new', ss st[]);
create index on t(s) where s = 'new';
create function f(st) returns st language sql as 'select $1';
