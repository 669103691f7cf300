insert into t default values; insert into r values(1)
