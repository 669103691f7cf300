create domain amount as numeric(14,2) check (value<>0);
create table account(no text primary key, name text not null, kind char(1) not null check (kind in ('A','L','E','X')), parent text references account);
create table txn(id serial primary key, at date default current_date not null, memo text, posted boolean not null default false);
create table entry(txn int references txn on delete cascade deferrable initially deferred, line int, account text references account on update cascade deferrable initially deferred, amount amount not null, primary key(txn,line));
create view balance as select account, sum(amount) as total from entry group by account;
create function balanced() returns trigger language plpgsql as $$begin if (select sum(amount) from entry where txn=new.txn)<>0 then raise 'unbalanced %', new.txn; end if; return null; end$$;
create constraint trigger balanced after insert or update on entry deferrable initially deferred for each row execute function balanced();
create function immutable_row() returns trigger language plpgsql as $$begin raise 'no'; end$$; create trigger posted before update or delete on txn for each row when (old.posted) execute function immutable_row();
comment on trigger balanced on entry is 'sum is zero';
