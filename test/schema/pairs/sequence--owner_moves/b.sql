create table t(a int, b int); create sequence t_a_seq as integer; create table u(x int default nextval('t_a_seq')); alter sequence t_a_seq owned by u.x;
