-- Who may hear that an object is gone: also those who saw it from above, by a permission that may go in the same
-- transaction (a VM's owner and its disks). Those on System see everything and need not be named.
CREATE OR REPLACE FUNCTION tell_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('changes', OLD.kind || ' ' || OLD.id || ' removed '
        || coalesce((SELECT string_agg(ancestor_id::text, ',') FROM object_ancestors WHERE object_id = OLD.id), '') || ' '
        || coalesce((SELECT string_agg(principal_id::text, ',') FROM (
               SELECT p.principal_id FROM permissions p
               JOIN object_ancestors a ON a.object_id = p.object_id AND a.ancestor_id = OLD.id
               UNION
               SELECT p.principal_id FROM permissions p JOIN roles r ON r.id = p.role_id
               JOIN object_ancestors a ON a.object_id = OLD.id AND a.ancestor_id = p.object_id
               WHERE r.views_children AND p.object_id <> 'aaa00000-0000-0000-0000-123456789aaa'
               LIMIT 100) few), ''));
    RETURN OLD;
END $$;
