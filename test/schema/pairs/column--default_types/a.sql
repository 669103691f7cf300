create table t(a int default 1, b text default 'x', c date default now(), d int[] default '{}', e bool default false);
