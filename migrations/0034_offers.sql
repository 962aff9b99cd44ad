-- A role that does not show what is below shows of it what one makes something in, or of, by it: whoever may make
-- virtual machines in a data center chooses among its clusters, templates and storage domains, and sees nobody's
-- machines. The numbers are action groups (`model::action`).
CREATE FUNCTION offers(p_kind text, p_groups integer[]) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE p_kind
        WHEN 'cluster' THEN ARRAY[1]                        -- create-vm
        WHEN 'template' THEN ARRAY[1]                       -- use-template
        WHEN 'storage_domain' THEN ARRAY[1100]              -- create-disk
        WHEN 'network' THEN ARRAY[9]                        -- oVirt's "configure VM network", as VnicProfileUser has it
        WHEN 'quota' THEN ARRAY[901]                        -- use-quota
        WHEN 'data_center' THEN ARRAY[1, 1100, 9, 901, 200] -- what these are in; create-template
        ELSE ARRAY[]::integer[]
    END && p_groups
$$;

-- The few objects of such kinds, so that nobody's virtual machines and disks are gone through for them.
CREATE VIEW places AS
    SELECT id, 'data_center' AS kind FROM data_centers
    UNION ALL SELECT id, 'cluster' FROM clusters
    UNION ALL SELECT id, 'template' FROM templates
    UNION ALL SELECT id, 'storage_domain' FROM storage_domains
    UNION ALL SELECT id, 'network' FROM networks
    UNION ALL SELECT id, 'quota' FROM quotas;

CREATE FUNCTION offered(p_object uuid, p_groups integer[]) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    SELECT p.id FROM places p WHERE offers(p.kind, p_groups) AND EXISTS (
        SELECT 1 FROM object_ancestors a WHERE a.object_id = p.id AND a.ancestor_id = p_object)
$$;

CREATE OR REPLACE FUNCTION visible(p_user uuid, p_object uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM permissions p JOIN roles r ON r.id = p.role_id
        WHERE p.principal_id IN (SELECT id FROM principals(p_user))
          AND (p.object_id = p_object
               OR EXISTS (
                       SELECT 1 FROM object_ancestors a JOIN objects o ON o.id = a.object_id
                       WHERE a.object_id = p_object AND a.ancestor_id = p.object_id
                         AND (r.views_children OR offers(o.kind, r.groups)))
               OR EXISTS (
                       SELECT 1 FROM object_ancestors a
                       WHERE a.object_id = p.object_id AND a.ancestor_id = p_object)))
$$;

CREATE OR REPLACE FUNCTION seen(p_user uuid) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    WITH held AS MATERIALIZED (
        SELECT p.object_id, r.views_children, r.groups FROM permissions p JOIN roles r ON r.id = p.role_id
        WHERE p.principal_id IN (SELECT id FROM principals(p_user)))
    SELECT a.object_id FROM held h JOIN object_ancestors a ON a.ancestor_id = h.object_id AND h.views_children
    UNION
    SELECT a.ancestor_id FROM held h JOIN object_ancestors a ON a.object_id = h.object_id
    UNION
    SELECT o.id FROM held h CROSS JOIN LATERAL offered(h.object_id, h.groups) o (id) WHERE NOT h.views_children
$$;

-- Who was offered something hears, too, that it is gone.
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
               WHERE (r.views_children OR offers(OLD.kind, r.groups))
                 AND p.object_id <> 'aaa00000-0000-0000-0000-123456789aaa'
               LIMIT 100) few), ''));
    RETURN OLD;
END $$;
