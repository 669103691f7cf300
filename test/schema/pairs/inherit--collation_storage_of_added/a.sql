create table a(x text collate "C"); create table b() inherits(a);
