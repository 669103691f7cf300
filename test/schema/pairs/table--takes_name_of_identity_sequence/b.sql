create table t(a int not null); create table t_a_seq(m int);
