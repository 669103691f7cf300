create type a as (x int); create function a2t(a) returns text immutable language sql as 'select ($1).x::text';
