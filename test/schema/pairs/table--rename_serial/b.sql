create table u(i serial primary key, n text);
