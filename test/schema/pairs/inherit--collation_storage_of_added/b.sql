create table a(x text collate "POSIX", n text collate "C" not null default ''); create table b() inherits(a); create index bi on b(n);
