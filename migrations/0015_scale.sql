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

-- That a host answered again is no news. It is written every few seconds, and everybody who listens would hear it.
DROP TRIGGER tell ON hosts;
CREATE TRIGGER tell AFTER INSERT ON hosts FOR EACH ROW EXECUTE FUNCTION tell_change('host');
CREATE TRIGGER tell_update AFTER UPDATE ON hosts FOR EACH ROW
    WHEN (to_jsonb(OLD) - 'last_seen' IS DISTINCT FROM to_jsonb(NEW) - 'last_seen')
    EXECUTE FUNCTION tell_change('host');
-- What the hosts say of one storage domain; the primary key has the hosts first.
CREATE INDEX host_storage_domain ON host_storage (storage_domain_id, host_id);
