create table t(b int4range, constraint ex exclude using gist (b with &&) with (fillfactor=60));
