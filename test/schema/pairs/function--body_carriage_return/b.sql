do $$begin execute E'create function f() returns int language sql as ''select 1\r\n  + 1\r\n'''; end$$;
