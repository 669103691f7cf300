create table b(id int generated always as identity); create table t(id int generated always as identity);
