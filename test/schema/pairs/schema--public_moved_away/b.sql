alter schema public rename to old; create schema public; create table public.t(a int);
