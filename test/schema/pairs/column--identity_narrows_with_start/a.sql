create table t(id bigint generated always as identity (start with 3000000000));

