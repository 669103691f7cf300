create schema ledger; set search_path=ledger;
create domain amount as numeric(16,4) check (value<>0); create domain currency as char(3) default 'EUR' check (value = upper(value));
create table account(no text primary key, name text not null, kind char(1) not null check (kind in ('A','L','E','X')), parent text references account, currency currency not null default 'EUR', unique(no,currency));
create table txn(id bigserial primary key, at date default current_date not null, memo text, posted boolean not null default false);
create table entry(txn bigint references txn on delete cascade deferrable initially deferred, line int, account text not null, currency currency not null default 'EUR', amount amount not null, primary key(txn,line), foreign key(account,currency) references account(no,currency) on update cascade deferrable initially deferred);
create view balance as select account, currency, sum(amount) as total from entry group by account, currency;
create function balanced() returns trigger language plpgsql set search_path=ledger as $$begin if (select sum(amount) from entry where txn=new.txn)<>0 then raise 'unbalanced %', new.txn; end if; return null; end$$;
create constraint trigger balanced after insert or update on entry deferrable initially deferred for each row execute function balanced();
create function immutable_row() returns trigger language plpgsql as $$begin raise 'no'; end$$; create trigger posted before update or delete on txn for each row when (old.posted) execute function immutable_row();
