create table u(a int, b int); create view t as select a, b from u;
