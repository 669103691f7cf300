insert into account values('1','c','A'); insert into txn default values; insert into entry values(1,1,'1',5),(1,2,'1',-5);
