-- A page deep in a list is found in the index alone: what it sorts by is an expression, which PostgreSQL only takes
-- from an index that has its column too.
DROP INDEX vms_by_name;
CREATE INDEX vms_by_name ON vms (lower(name), id) INCLUDE (name);
DROP INDEX disks_by_alias;
CREATE INDEX disks_by_alias ON disks (lower(alias), id) INCLUDE (alias);
DROP INDEX vms_host;
CREATE INDEX vms_host ON vms (host_id, id);
