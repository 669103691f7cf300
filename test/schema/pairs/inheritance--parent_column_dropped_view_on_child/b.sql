CREATE TABLE fb (m int);
