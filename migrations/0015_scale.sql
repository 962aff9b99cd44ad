-- What lists need when the estate is large.

-- All that a person may see, at once: what `visible` says of one object, for a list that would ask it of each row.
CREATE FUNCTION seen(p_user uuid) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    WITH held AS MATERIALIZED (
        SELECT p.object_id, r.views_children FROM permissions p JOIN roles r ON r.id = p.role_id
        WHERE p.principal_id IN (p_user, 'eee00000-0000-0000-0000-123456789eee'))
    SELECT a.object_id FROM held h JOIN object_ancestors a ON a.ancestor_id = h.object_id AND h.views_children
    UNION
    SELECT a.ancestor_id FROM held h JOIN object_ancestors a ON a.object_id = h.object_id
$$;
CREATE INDEX permissions_principal ON permissions (principal_id);

-- The order that long lists have when nobody asked for another.
CREATE INDEX vms_by_name ON vms (lower(name), id);
CREATE INDEX disks_by_alias ON disks (lower(alias), id);
