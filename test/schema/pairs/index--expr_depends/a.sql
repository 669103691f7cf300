create function lo(text) returns text immutable language sql as 'select lower($1)'; create table t(a text); create index i on t(lo(a)); create table u(a text, check (lo(a) <> ''));
