create table t(r int8range, m numeric, o bigint, i cidr);
