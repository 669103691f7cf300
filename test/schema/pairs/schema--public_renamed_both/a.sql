alter schema public rename to app; create table app.t(a int);
