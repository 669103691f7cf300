create table b(id int generated always as identity); create table t(like b including identity);
