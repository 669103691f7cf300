create access method h3 type table handler heap_tableam_handler; create table t(a int) using h3;
