create table t(a date, b interval, c text, d int, e int, f text, g macaddr8, h bit(8), i int, j polygon);
