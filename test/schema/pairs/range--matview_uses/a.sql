create type r as range(subtype=float8); create materialized view m as select '[1,2]'::r as x; create index on m(x);
