-- One question of one object, asked by every operation: in this language its plan is kept by the connection, and not made anew each time.
CREATE OR REPLACE FUNCTION visible(p_user uuid, p_object uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM permissions p JOIN roles r ON r.id = p.role_id
        WHERE p.principal_id IN (SELECT id FROM principals(p_user))
          AND (p.object_id = p_object
               OR EXISTS (
                       SELECT 1 FROM object_ancestors a JOIN objects o ON o.id = a.object_id
                       WHERE a.object_id = p_object AND a.ancestor_id = p.object_id
                         AND (r.views_children OR offers(o.kind, r.groups)))
               OR EXISTS (
                       SELECT 1 FROM object_ancestors a
                       WHERE a.object_id = p.object_id AND a.ancestor_id = p_object)));
END $$;
