create table t(id int constraint k primary key, a int, b int); create view v as select id from t;
