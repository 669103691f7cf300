create table p(a bigint); create table d(a bigint) inherits(p);

