-- Groups of people, and through which somebody holds permissions. A directory's groups are known by their id there; who
-- is in a group is kept flat, with the groups around it, so that no question walks a nest.
CREATE TABLE groups (
    id          uuid PRIMARY KEY,
    name        text NOT NULL,
    domain      text NOT NULL,
    external_id text NOT NULL DEFAULT '',    -- what the directory calls it
    created_at  timestamptz NOT NULL,
    UNIQUE (domain, name)
);

CREATE TABLE user_groups (
    user_id  uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    group_id uuid NOT NULL REFERENCES groups ON DELETE CASCADE,
    PRIMARY KEY (user_id, group_id)
);
CREATE INDEX user_groups_group ON user_groups (group_id);

-- Everybody as whom a person holds permissions: themselves, their groups, Everyone.
CREATE FUNCTION principals(p_user uuid) RETURNS TABLE (id uuid) LANGUAGE sql STABLE AS $$
    SELECT p_user
    UNION ALL SELECT 'eee00000-0000-0000-0000-123456789eee'
    UNION ALL SELECT g.group_id FROM user_groups g WHERE g.user_id = p_user
$$;

CREATE OR REPLACE FUNCTION visible(p_user uuid, p_object uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM permissions p JOIN roles r ON r.id = p.role_id
        WHERE p.principal_id IN (SELECT id FROM principals(p_user))
          AND (p.object_id = p_object
               OR (r.views_children AND EXISTS (
                       SELECT 1 FROM object_ancestors a
                       WHERE a.object_id = p_object AND a.ancestor_id = p.object_id))
               OR EXISTS (
                       SELECT 1 FROM object_ancestors a
                       WHERE a.object_id = p.object_id AND a.ancestor_id = p_object)))
$$;

CREATE OR REPLACE FUNCTION seen(p_user uuid) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    WITH held AS MATERIALIZED (
        SELECT p.object_id, r.views_children FROM permissions p JOIN roles r ON r.id = p.role_id
        WHERE p.principal_id IN (SELECT id FROM principals(p_user)))
    SELECT a.object_id FROM held h JOIN object_ancestors a ON a.ancestor_id = h.object_id AND h.views_children
    UNION
    SELECT a.ancestor_id FROM held h JOIN object_ancestors a ON a.object_id = h.object_id
$$;
