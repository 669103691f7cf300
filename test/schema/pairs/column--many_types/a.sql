create table t(a int, b text, c date, d varchar(10), e numeric(5,2), f timestamp, g json, h int[], i bool, j interval, k char(3), l bit(3), m money, n inet);
