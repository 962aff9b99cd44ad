-- Who wants a machine to be started once it is made. It is asked for as that person, by whoever leads then, and any
-- other wish about running takes its place.
ALTER TABLE vms ADD COLUMN start_for uuid REFERENCES users ON DELETE SET NULL;
CREATE INDEX vms_start_for ON vms (start_for) WHERE start_for IS NOT NULL;
