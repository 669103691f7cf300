create table t(id int generated always as identity); create view v as select last_value from t_id_seq;

