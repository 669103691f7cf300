create type r as range(subtype=float8, subtype_diff=float8mi);
create view v as select range_agg(a) x from unnest(array['[1,2]'::r]) a;
