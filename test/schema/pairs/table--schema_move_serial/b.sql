create schema s; create table s.t(i serial);
