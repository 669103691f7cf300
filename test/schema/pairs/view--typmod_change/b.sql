create table t(a varchar(20), n numeric(8,3));
create view v as select a, n, a || 'x' as ax from t; create view w as select a, n from v; create materialized view m as select * from w; create index on m (a varchar_pattern_ops); alter materialized view m alter a set statistics 5; cluster m using m_a_idx;
