create table p(a text collate "C" not null); create table d(a text collate "C" not null) inherits(p);

