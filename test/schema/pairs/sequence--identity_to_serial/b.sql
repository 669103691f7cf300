create table t(a serial primary key); create table r(a int references t);
