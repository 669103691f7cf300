create type r as range(subtype=int); create view v as select range_agg(a) as x from unnest(array['[1,2]'::r]) a; create table t(a r);
