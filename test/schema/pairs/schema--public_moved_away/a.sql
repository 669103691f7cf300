alter schema public rename to old; create schema public; create table old.t(a int);
