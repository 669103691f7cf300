create schema s;
create table t(id serial, v text, w text, x int);
