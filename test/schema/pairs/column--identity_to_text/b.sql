create table t(id text not null);

