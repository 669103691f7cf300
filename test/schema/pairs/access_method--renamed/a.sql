create access method h2 type table handler heap_tableam_handler;
