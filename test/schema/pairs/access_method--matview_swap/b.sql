create access method h3 type table handler heap_tableam_handler; create materialized view m using h3 as select 1 as x;
