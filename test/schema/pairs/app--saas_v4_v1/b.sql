create table tenants(id int primary key, name text not null unique);
create table projects(id serial primary key, tenant_id int not null references tenants, name text);
create table tasks(id serial primary key, project_id int not null references projects on delete cascade, title text not null, done bool default false, unique(project_id,title));
create view open_tasks as select t.id, t.title, p.name from tasks t join projects p on p.id=t.project_id where not done;
grant select, insert, update, delete on projects, tasks to bench_r1; grant select on open_tasks to bench_r1;
