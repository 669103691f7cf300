create table t(a text, b int, c timestamptz, d varchar(5), e numeric(7,3), f date, g jsonb, h text[], i int, j text, k varchar(3), l varbit(5), m numeric, n cidr);
