create table place(id serial primary key, name text, lat float8, lon float8, loc point); create index on place using gist(loc); create type coord as (lat float8, lon float8);
create function dist(a coord, b coord) returns float8 language sql immutable as 'select sqrt(($1.lat-$2.lat)^2+($1.lon-$2.lon)^2)'; create operator <~> (leftarg=coord, rightarg=coord, function=dist, commutator = <~>);
create view near as select p.id, row(p.lat,p.lon)::coord <~> row(0,0)::coord as d from place p;
