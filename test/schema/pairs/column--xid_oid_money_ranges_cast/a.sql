create table t(r int4range, m money, o oid, i inet);
