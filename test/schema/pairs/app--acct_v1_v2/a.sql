create table account(no text primary key, name text, kind char(1) check (kind in ('A','L','E')));
create table txn(id serial primary key, at date default current_date, memo text);
create table entry(txn int references txn deferrable initially deferred, line int, account text references account on update cascade deferrable, amount money not null, primary key(txn,line));
create view balance as select account, sum(amount) as total from entry group by account;
