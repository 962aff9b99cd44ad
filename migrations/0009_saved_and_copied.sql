-- The saved memory of a suspended VM is a disk as well: counted, listed, and never forgotten.
ALTER TABLE disks ADD COLUMN content text NOT NULL DEFAULT 'data' CHECK (content IN ('data', 'memory'));
ALTER TABLE vms ADD COLUMN memory_disk_id uuid REFERENCES disks;
CREATE INDEX vms_memory_disk ON vms (memory_disk_id);

-- What a disk is being made a copy of (model::disk::Source), until it is.
ALTER TABLE disks ADD COLUMN source jsonb;

-- A template that was made of a VM has all that was said of it.
ALTER TABLE templates ADD COLUMN cpu_model text, ADD COLUMN options jsonb NOT NULL DEFAULT '{}';
