-- Of compose.yaml, when the database is new: a database of the schema registry, and a login for each service. The
-- migrations give the roles their rights.
create database registry;
create role tributary_scheduler nologin;
create role tributary_worker nologin;
create role tributary_sink nologin;
create role scheduler login password 'scheduler' in role tributary_scheduler;
create role worker login password 'worker' in role tributary_worker;
create role sink login password 'sink' in role tributary_sink;
