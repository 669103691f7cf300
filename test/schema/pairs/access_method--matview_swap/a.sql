create access method h2 type table handler heap_tableam_handler; create materialized view m using h2 as select 1 as x;
