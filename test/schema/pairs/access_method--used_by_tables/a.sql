create access method "Heap 2" type table handler heap_tableam_handler;
create table t(a int) using "Heap 2"; create materialized view m using "Heap 2" as select 1 as x;
create access method bt2 type index handler bthandler;
