create extension btree_gist; create table t(a text, s timestamp, e timestamp, constraint x exclude using gist (a with =, tsrange(s,e) with &&));
