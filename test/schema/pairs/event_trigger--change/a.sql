create function e() returns event_trigger language plpgsql as 'begin end'; create event trigger ev on ddl_command_start when tag in ('CREATE TABLE') execute function e();
