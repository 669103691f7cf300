create extension btree_gist; create table t(a text, s timestamp, e timestamp, constraint x exclude using gist (lower(a) with =, tsrange(s,e,'[]') with &&) with (fillfactor=80) where (a is not null));
