create table t(a int not null unique, b int primary key); create table u(x int references t(a)); create view v as select a, b from t group by b;
