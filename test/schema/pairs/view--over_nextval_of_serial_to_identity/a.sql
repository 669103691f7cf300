create table t(id serial); create view v as select last_value from t_id_seq;

