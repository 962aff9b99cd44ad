-- Leases: a template or a quota says how long what is made from it, or in it, is there (`model::lease`). A VM keeps what
-- was said when it was made, its end, how far it is on the way there, and when to look at it again.

ALTER TABLE templates ADD COLUMN lease jsonb;
ALTER TABLE quotas ADD COLUMN lease jsonb;

ALTER TABLE vms
    ADD COLUMN lease       jsonb,
    ADD COLUMN expires_at  timestamptz,
    ADD COLUMN lease_stage text NOT NULL DEFAULT 'running' CHECK (lease_stage IN (
        'running', 'warned', 'last_day', 'stopping', 'forced', 'kept', 'held', 'removing')),
    ADD COLUMN lease_due   timestamptz,
    -- What has an end is looked at, and nothing else is.
    ADD CONSTRAINT vms_lease CHECK ((expires_at IS NULL) = (lease_due IS NULL));
CREATE INDEX vms_lease_due ON vms (lease_due) WHERE lease_due IS NOT NULL;
