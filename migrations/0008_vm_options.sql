-- What is said of a VM beside its name and hardware is one document: model::vm_options::VmOptions.
ALTER TABLE vms ADD COLUMN options jsonb NOT NULL DEFAULT '{}';
UPDATE vms SET
    options = jsonb_strip_nulls(jsonb_build_object(
        'graphics', CASE WHEN headless THEN 'none' ELSE 'vnc' END, 'keyboard', keyboard)),
    running = CASE WHEN running IS NOT NULL THEN
        (running - 'headless' - 'keyboard') || jsonb_build_object('options', jsonb_strip_nulls(jsonb_build_object(
            'graphics', CASE WHEN (running ->> 'headless')::boolean THEN 'none' ELSE 'vnc' END,
            'keyboard', running -> 'keyboard')))
    END;
ALTER TABLE vms DROP COLUMN headless, DROP COLUMN keyboard;

-- How often a highly available VM was started again in vain, and when it is tried next.
ALTER TABLE vms ADD COLUMN ha_attempts integer NOT NULL DEFAULT 0, ADD COLUMN ha_next_at timestamptz;
CREATE INDEX vms_to_restart ON vms (ha_next_at) WHERE intended = 'up' AND status = 'down' AND host_id IS NULL;

-- Files of storage domains that are no disks: what can be put into a CD drive.
CREATE TABLE media (
    storage_domain_id uuid NOT NULL REFERENCES storage_domains ON DELETE CASCADE,
    name              text NOT NULL,
    format            text NOT NULL,
    size              bigint NOT NULL,
    PRIMARY KEY (storage_domain_id, name)
);
