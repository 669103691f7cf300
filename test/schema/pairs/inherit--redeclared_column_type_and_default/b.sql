create table p(a bigint); create table d(a bigint default 4) inherits(p);

