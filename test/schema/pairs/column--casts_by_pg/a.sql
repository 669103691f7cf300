create table t(a timestamptz, b time, c "char", d bit(8), e jsonb, f xml, g macaddr, h int, i boolean, j circle);
