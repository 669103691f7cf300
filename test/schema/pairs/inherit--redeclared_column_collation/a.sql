create table p(a text); create table d(a text not null) inherits(p);

