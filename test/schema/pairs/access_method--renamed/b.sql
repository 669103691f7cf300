create access method h3 type table handler heap_tableam_handler;
