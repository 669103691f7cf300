create type r as range(subtype=float8, subtype_diff=float8mi);
create table t(a r); create view v as select a, array_agg(a) x from t group by a;
