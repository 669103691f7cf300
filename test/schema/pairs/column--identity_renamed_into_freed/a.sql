create table t(a int generated always as identity (sequence name q)); create table u(b int generated always as identity (sequence name t_a_seq));
