create table t(a int, o name); create policy p on t using (o = current_user);
