create table t(id bigserial primary key, b int not null);
