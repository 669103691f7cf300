create table t(a int); create view v with (security_invoker) as select * from t with cascaded check option;
