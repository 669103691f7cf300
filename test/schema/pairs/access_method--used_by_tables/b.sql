create access method heap3 type table handler heap_tableam_handler; comment on access method heap3 is 'h';
create table t(a int) using heap3; create materialized view m using heap3 as select 1 as x;
create access method bt2 type index handler bthandler; comment on access method bt2 is 'b';
