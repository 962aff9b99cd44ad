-- What the disks of a domain add up to is summed in an index, and in what clusters virtual machines are is read from one.
CREATE INDEX disks_of_domain ON disks (storage_domain_id) INCLUDE (virtual_size, actual_size);
DROP INDEX vms_cluster;
CREATE INDEX vms_cluster ON vms (cluster_id, id);
-- Who sees little searches for a time or a severity among the events that they see, by their numbers, and not in the log.
CREATE INDEX events_when ON events (id) INCLUDE (time, severity);
