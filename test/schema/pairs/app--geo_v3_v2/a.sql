create extension cube; create extension earthdistance; create schema geo; create domain geo.lat as float8 check (value between -90 and 90); create domain geo.lon as float8 check (value between -180 and 180);
create table place(id bigint generated always as identity primary key, name text not null, lat geo.lat, lon geo.lon, loc point generated always as (point(lon,lat)) stored, area polygon); create index on place using gist(loc); create index place_earth on place using gist(ll_to_earth(lat,lon));
create view near as select p.id, p.loc <@> point(0,0) as d from place p;
