-- What searches and completion need when the estate is large.

-- Names are walked in their order from where what was typed begins. By bytes, so that a beginning is a range whatever
-- the database's collation is; hosts and what is above them are too few to need it.
CREATE INDEX vms_names ON vms ((lower(name) COLLATE "C"), name);
CREATE INDEX disks_names ON disks ((lower(alias) COLLATE "C"), alias);

-- Every VM that runs is written again every few seconds. With room in its page the new row lies beside the old one and
-- the indexes stay as they are; without, the table grows to many times its size before it is swept, and whoever reads
-- it through reads all of that. None of these tables is so large that a second process would read it sooner.
ALTER TABLE vms SET (
    fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0, parallel_workers = 0);
ALTER TABLE hosts SET (
    fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0, parallel_workers = 0);
ALTER TABLE disks SET (parallel_workers = 0);
