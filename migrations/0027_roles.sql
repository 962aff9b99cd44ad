-- Roles of one's own beside the shipped ones, and what a permission's coming and going tells.
ALTER TABLE roles
    ADD COLUMN description text NOT NULL DEFAULT '',
    ADD COLUMN predefined  boolean NOT NULL DEFAULT false,
    ADD COLUMN version     bigint NOT NULL DEFAULT 1;
CREATE UNIQUE INDEX roles_lower_name ON roles (lower(name));
CREATE INDEX permissions_role ON permissions (role_id);

-- The name of an object, whatever its kind.
CREATE FUNCTION object_name(p_id uuid) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        (SELECT name FROM vms WHERE id = p_id),
        (SELECT name FROM clusters WHERE id = p_id),
        (SELECT name FROM data_centers WHERE id = p_id),
        (SELECT name FROM hosts WHERE id = p_id),
        (SELECT name FROM networks WHERE id = p_id),
        (SELECT name FROM storage_domains WHERE id = p_id),
        (SELECT name FROM templates WHERE id = p_id),
        (SELECT alias FROM disks WHERE id = p_id),
        '')
$$;

-- Everybody who holds something as this principal hears that it ended: a group's members one by one, since a stream
-- knows whose it is and not in which groups they are.
CREATE FUNCTION tell_principal(p_principal uuid) RETURNS void LANGUAGE sql AS $$
    SELECT pg_notify('access', 'principal ' || p_principal);
    SELECT pg_notify('access', 'principal ' || user_id) FROM user_groups WHERE group_id = p_principal;
$$;

CREATE OR REPLACE FUNCTION tell_permission_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tell_principal(OLD.principal_id);
    RETURN NULL;
END $$;

-- Whoever leaves a group holds less, too.
CREATE FUNCTION tell_group_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('access', 'principal ' || OLD.user_id);
    RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER DELETE ON user_groups FOR EACH ROW EXECUTE FUNCTION tell_group_left();

-- And so does everybody whose role lost something.
CREATE FUNCTION tell_role_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT OLD.groups <@ NEW.groups OR OLD.views_children > NEW.views_children
       OR OLD.administrative <> NEW.administrative THEN
        PERFORM tell_principal(principal_id) FROM (
            SELECT DISTINCT principal_id FROM permissions WHERE role_id = NEW.id) p;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ended AFTER UPDATE ON roles FOR EACH ROW EXECUTE FUNCTION tell_role_changed();

-- A permission shows on its object's page. "kind id changed"; System has no row, and is not told of.
CREATE FUNCTION tell_permission() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('changes', kind || ' ' || id || ' changed') FROM objects
        WHERE id = coalesce(NEW.object_id, OLD.object_id) AND kind <> 'system';
    PERFORM pg_notify('changes', 'user ' || id || ' changed') FROM users
        WHERE id = coalesce(NEW.principal_id, OLD.principal_id);
    RETURN NULL;
END $$;
CREATE TRIGGER shown AFTER INSERT OR DELETE ON permissions FOR EACH ROW EXECUTE FUNCTION tell_permission();

-- Roles have no place in the tree, and no secrets. "kind id change  principals"
CREATE FUNCTION tell_role() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('changes', 'role ' || coalesce(NEW.id, OLD.id) || ' '
        || CASE TG_OP WHEN 'INSERT' THEN 'added' WHEN 'UPDATE' THEN 'changed' ELSE 'removed' END
        || '  eee00000-0000-0000-0000-123456789eee');
    RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON roles FOR EACH ROW EXECUTE FUNCTION tell_role();

-- Whoever is gone holds nothing.
CREATE FUNCTION drop_permissions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM permissions WHERE principal_id = OLD.id;
    RETURN NULL;
END $$;
CREATE TRIGGER permissions_end AFTER DELETE ON users FOR EACH ROW EXECUTE FUNCTION drop_permissions();
CREATE TRIGGER permissions_end AFTER DELETE ON groups FOR EACH ROW EXECUTE FUNCTION drop_permissions();
