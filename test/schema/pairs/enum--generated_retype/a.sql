create type e as enum('a','b'); create table t(n int, g e generated always as (case when n > 1 then 'a'::e end) stored);
