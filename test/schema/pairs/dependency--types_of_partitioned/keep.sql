SELECT m::text || n || c::text = 'ok5{ok}' FROM t;
