-- What somebody sees is asked several times for each page. In this language the plan of it is kept by the connection, and
-- not made anew each time: that took ten times as long as finding it.
CREATE OR REPLACE FUNCTION seen(p_user uuid) RETURNS SETOF uuid LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    WITH held AS MATERIALIZED (
        SELECT p.object_id, r.views_children, r.groups FROM permissions p JOIN roles r ON r.id = p.role_id
        WHERE p.principal_id IN (SELECT id FROM principals(p_user)))
    SELECT a.object_id FROM held h JOIN object_ancestors a ON a.ancestor_id = h.object_id AND h.views_children
    UNION
    SELECT a.ancestor_id FROM held h JOIN object_ancestors a ON a.object_id = h.object_id
    UNION
    SELECT o.id FROM held h CROSS JOIN LATERAL offered(h.object_id, h.groups) o (id) WHERE NOT h.views_children;
END $$;

-- The same of one object: what is above it is a handful, and meets the permissions at once; each of the permissions used
-- to be asked whether it is above. An object is above itself, too.
CREATE OR REPLACE FUNCTION visible(p_user uuid, p_object uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM object_ancestors a JOIN permissions p ON p.object_id = a.ancestor_id
        JOIN roles r ON r.id = p.role_id
        WHERE a.object_id = p_object AND p.principal_id IN (SELECT id FROM principals(p_user))
          AND (p.object_id = p_object OR r.views_children
               OR offers((SELECT o.kind FROM objects o WHERE o.id = p_object), r.groups)))
    OR EXISTS (
        SELECT 1 FROM permissions p JOIN object_ancestors a ON a.object_id = p.object_id AND a.ancestor_id = p_object
        WHERE p.principal_id IN (SELECT id FROM principals(p_user)));
END $$;
