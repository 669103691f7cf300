create type r as range(subtype=float8);
create view v as select range_agg(a) x from unnest(array['[1,2]'::r]) a;
