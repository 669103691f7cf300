create type r as range(subtype=float8, subtype_diff=float8mi); create materialized view m as select '[1,2]'::r as x; create index on m(x);
