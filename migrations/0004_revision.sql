-- A VM's `version` is what two editors collide on; `revision` counts everything that was written of it, so
-- that a report that is older than a change is known to be so. A VM that comes up must not make an open form stale.
ALTER TABLE vms ADD COLUMN revision bigint NOT NULL DEFAULT 1;

-- Who held a permission on a removed object itself may hear that it is gone; afterwards nobody can tell any more.
-- At most a hundred of them, because a payload has a limit.
CREATE OR REPLACE FUNCTION tell_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('changes', OLD.kind || ' ' || OLD.id || ' removed '
        || coalesce((SELECT string_agg(ancestor_id::text, ',') FROM object_ancestors WHERE object_id = OLD.id), '') || ' '
        || coalesce((SELECT string_agg(principal_id::text, ',') FROM (
               SELECT DISTINCT p.principal_id FROM permissions p
               JOIN object_ancestors a ON a.object_id = p.object_id AND a.ancestor_id = OLD.id LIMIT 100) few), ''));
    RETURN OLD;
END $$;
