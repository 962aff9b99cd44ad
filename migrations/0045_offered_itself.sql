-- A network that all may use is one permission of Everyone on one object. What a permission on such an object offers is
-- that object itself; only a box is looked through for what is offered in it.
CREATE OR REPLACE FUNCTION offered(p_object uuid, p_groups integer[]) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    SELECT o.id FROM objects o WHERE o.id = p_object AND offers(o.kind, p_groups)
    UNION ALL
    SELECT p.id FROM places p
    WHERE offers(p.kind, p_groups)
      AND (SELECT o.kind IN ('system', 'data_center', 'cluster', 'storage_domain') FROM objects o WHERE o.id = p_object)
      AND EXISTS (SELECT 1 FROM object_ancestors a WHERE a.object_id = p.id AND a.ancestor_id = p_object)
$$;
