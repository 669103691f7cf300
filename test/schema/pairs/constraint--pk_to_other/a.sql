create table t(a int primary key, b int not null); create table u(x int references t); create view v as select a, b from t group by a;
