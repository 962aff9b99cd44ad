-- Statistics that Drover keeps itself, in one shape for hosts, VMs, storage domains and the whole (System): a point
-- each minute for a day, an average with its peak each hour for a month and each day for years.
-- The primary key is the only index: points are written, rolled up, read and deleted per object. An index on the time
-- alone would be as large as the points; one of block ranges never narrows again once old rows' room is used anew.

CREATE TABLE samples (
    object_id uuid NOT NULL REFERENCES objects ON DELETE CASCADE,
    at        timestamptz NOT NULL,
    cpu       real,                          -- percent
    memory    real,                          -- percent
    network   bigint,                        -- bytes per second, both ways; of a host: of its VMs
    disk      bigint,                        -- the same
    used      bigint,                        -- bytes of storage
    capacity  bigint,
    PRIMARY KEY (object_id, at)
);

CREATE TABLE samples_hourly (
    object_id    uuid NOT NULL REFERENCES objects ON DELETE CASCADE,
    at           timestamptz NOT NULL,       -- when the hour began
    points       integer NOT NULL,           -- how many it was made of, the weight of what is made of it
    cpu          real,
    cpu_peak     real,
    memory       real,
    memory_peak  real,
    network      bigint,
    network_peak bigint,
    disk         bigint,
    disk_peak    bigint,
    used         bigint,
    used_peak    bigint,
    capacity     bigint,
    PRIMARY KEY (object_id, at)
);
CREATE TABLE samples_daily (LIKE samples_hourly INCLUDING ALL);
ALTER TABLE samples_daily ADD FOREIGN KEY (object_id) REFERENCES objects ON DELETE CASCADE;

-- Up to when each kind of average is made. What is newer may be incomplete; what is older is not looked at again.
CREATE TABLE rollups (
    step  text PRIMARY KEY CHECK (step IN ('hour', 'day')),
    until timestamptz NOT NULL
);
INSERT INTO rollups VALUES ('hour', 'epoch'), ('day', 'epoch');

-- What was kept until now came every five seconds: one point of each minute stays.
INSERT INTO samples (object_id, at, cpu, memory, network)
    SELECT DISTINCT ON (vm_id, date_trunc('minute', at)) vm_id, at, cpu_percent, memory_percent, network_rate FROM vm_samples;
INSERT INTO samples (object_id, at, cpu, memory)
    SELECT DISTINCT ON (host_id, date_trunc('minute', at)) host_id, at, cpu_percent, memory_percent FROM host_samples;
DROP TABLE vm_samples, host_samples;

-- How many errors and alerts there were lately is asked all the time, and most events are neither.
CREATE INDEX events_bad ON events (time DESC, severity) WHERE severity <> 'normal';
