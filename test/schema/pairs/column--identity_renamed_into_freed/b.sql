create table t(a int generated always as identity); create table u(b int not null);
