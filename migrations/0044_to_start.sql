-- What is to run once it is made is asked for every few seconds, and is nearly always nothing.
CREATE INDEX vms_to_start ON vms (id) WHERE start_for IS NOT NULL;
