-- Quotas: how much of a data center's vCPUs, memory and storage may be used by what is in one. What is used is no
-- column: it is counted from the virtual machines and disks that are there (`quota_uses`), so that nothing can drift.

ALTER TABLE data_centers ADD COLUMN quota_mode text NOT NULL DEFAULT 'disabled'
    CHECK (quota_mode IN ('disabled', 'audit', 'enforced'));

-- A limit that is not there is none; 0 is nothing. Where a part is limited in each cluster (or domain), one without a
-- row gives nothing, also one that is made later.
CREATE TABLE quotas (
    id                uuid PRIMARY KEY REFERENCES objects ON DELETE CASCADE,
    data_center_id    uuid NOT NULL REFERENCES data_centers,
    name              text NOT NULL,
    description       text NOT NULL DEFAULT '',
    is_default        boolean NOT NULL DEFAULT false,
    per_cluster       boolean NOT NULL DEFAULT false,
    vcpus             bigint CHECK (vcpus >= 0),
    memory            bigint CHECK (memory >= 0),
    per_domain        boolean NOT NULL DEFAULT false,
    storage           bigint CHECK (storage >= 0),
    cluster_threshold integer NOT NULL DEFAULT 80,
    cluster_grace     integer NOT NULL DEFAULT 20,
    storage_threshold integer NOT NULL DEFAULT 80,
    storage_grace     integer NOT NULL DEFAULT 20,
    version           bigint NOT NULL DEFAULT 1,
    created_at        timestamptz NOT NULL
);
CREATE UNIQUE INDEX quotas_name ON quotas (data_center_id, lower(name));
CREATE UNIQUE INDEX quotas_default ON quotas (data_center_id) WHERE is_default;

CREATE TABLE quota_clusters (
    quota_id   uuid NOT NULL REFERENCES quotas ON DELETE CASCADE,
    cluster_id uuid NOT NULL REFERENCES clusters ON DELETE CASCADE,
    vcpus      bigint CHECK (vcpus >= 0),
    memory     bigint CHECK (memory >= 0),
    PRIMARY KEY (quota_id, cluster_id)
);
CREATE INDEX quota_clusters_cluster ON quota_clusters (cluster_id);
CREATE TABLE quota_domains (
    quota_id          uuid NOT NULL REFERENCES quotas ON DELETE CASCADE,
    storage_domain_id uuid NOT NULL REFERENCES storage_domains ON DELETE CASCADE,
    storage           bigint CHECK (storage >= 0),
    PRIMARY KEY (quota_id, storage_domain_id)
);
CREATE INDEX quota_domains_domain ON quota_domains (storage_domain_id);

-- What a VM is counted in is one of its options, which its template and its run have, too.
ALTER TABLE vms ADD COLUMN quota_id uuid GENERATED ALWAYS AS ((options ->> 'quota')::uuid) STORED REFERENCES quotas;
ALTER TABLE templates ADD COLUMN quota_id uuid GENERATED ALWAYS AS ((options ->> 'quota')::uuid) STORED REFERENCES quotas;
ALTER TABLE disks ADD COLUMN quota_id uuid REFERENCES quotas;
CREATE INDEX vms_quota ON vms (quota_id) WHERE quota_id IS NOT NULL;
CREATE INDEX templates_quota ON templates (quota_id) WHERE quota_id IS NOT NULL;
CREATE INDEX disks_quota ON disks (quota_id, storage_domain_id) WHERE quota_id IS NOT NULL;
-- A VM's other columns change every few seconds, and none of these does: its rows stay where the index has them.
CREATE INDEX vms_counted ON vms (quota_id, cluster_id)
    WHERE quota_id IS NOT NULL AND status NOT IN ('down', 'suspended', 'image_locked', 'image_illegal');

-- What is used of each limit of a quota, as oVirt counts it: sockets times cores and the memory of what runs, from when
-- its start was asked for, by what the run began with; and the virtual size of disks. The saved memory of a suspended VM
-- is not counted. A place without a limit of its own has one of 0, if something is used there.
CREATE FUNCTION quota_uses(p_quota uuid)
RETURNS TABLE (what text, place_id uuid, place text, used bigint, most bigint) LANGUAGE sql STABLE AS $$
    WITH q AS MATERIALIZED (SELECT * FROM quotas WHERE id = p_quota AND NOT is_default),
    ran AS MATERIALIZED (
        SELECT v.cluster_id,
               sum(coalesce((v.running ->> 'sockets')::bigint * (v.running ->> 'cores')::bigint,
                            v.sockets::bigint * v.cores)) AS vcpus,
               sum(coalesce((v.running ->> 'memory')::bigint, v.memory)) AS memory
        FROM vms v
        WHERE v.quota_id = (SELECT id FROM q)
          AND v.quota_id IS NOT NULL AND v.status NOT IN ('down', 'suspended', 'image_locked', 'image_illegal')
        GROUP BY v.cluster_id),
    stored AS MATERIALIZED (
        SELECT k.storage_domain_id, sum(k.virtual_size) AS storage FROM disks k
        WHERE k.quota_id = (SELECT id FROM q) AND k.content = 'data' GROUP BY k.storage_domain_id),
    in_clusters AS (
        SELECT coalesce(l.cluster_id, r.cluster_id) AS cluster_id, r.vcpus AS vcpus_used, r.memory AS memory_used,
               CASE WHEN l.quota_id IS NULL THEN 0 ELSE l.vcpus END AS vcpus,
               CASE WHEN l.quota_id IS NULL THEN 0 ELSE l.memory END AS memory
        FROM (SELECT * FROM quota_clusters WHERE quota_id = p_quota) l FULL JOIN ran r ON r.cluster_id = l.cluster_id),
    on_domains AS (
        SELECT coalesce(l.storage_domain_id, r.storage_domain_id) AS storage_domain_id, r.storage AS storage_used,
               CASE WHEN l.quota_id IS NULL THEN 0 ELSE l.storage END AS storage
        FROM (SELECT * FROM quota_domains WHERE quota_id = p_quota) l
        FULL JOIN stored r ON r.storage_domain_id = l.storage_domain_id)
    SELECT 'vcpus', NULL::uuid, NULL::text, coalesce((SELECT sum(vcpus) FROM ran), 0)::bigint, q.vcpus
        FROM q WHERE NOT q.per_cluster
    UNION ALL
    SELECT 'vcpus', c.id, c.name, coalesce(i.vcpus_used, 0)::bigint, i.vcpus
        FROM q JOIN in_clusters i ON q.per_cluster JOIN clusters c ON c.id = i.cluster_id
    UNION ALL
    SELECT 'memory', NULL, NULL, coalesce((SELECT sum(memory) FROM ran), 0)::bigint, q.memory
        FROM q WHERE NOT q.per_cluster
    UNION ALL
    SELECT 'memory', c.id, c.name, coalesce(i.memory_used, 0)::bigint, i.memory
        FROM q JOIN in_clusters i ON q.per_cluster JOIN clusters c ON c.id = i.cluster_id
    UNION ALL
    SELECT 'storage', NULL, NULL, coalesce((SELECT sum(storage) FROM stored), 0)::bigint, q.storage
        FROM q WHERE NOT q.per_domain
    UNION ALL
    SELECT 'storage', s.id, s.name, coalesce(o.storage_used, 0)::bigint, o.storage
        FROM q JOIN on_domains o ON q.per_domain JOIN storage_domains s ON s.id = o.storage_domain_id
$$;

-- Every data center has a quota without limits, whoever makes it; it goes with the data center, as all its quotas do.
CREATE FUNCTION quota_default() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE new_id uuid := gen_random_uuid();
BEGIN
    PERFORM object_place(new_id, 'quota', ARRAY[NEW.id]);
    INSERT INTO quotas (id, data_center_id, name, is_default, created_at)
        VALUES (new_id, NEW.id, 'Default', true, NEW.created_at);
    RETURN NULL;
END $$;
CREATE TRIGGER quota_default AFTER INSERT ON data_centers FOR EACH ROW EXECUTE FUNCTION quota_default();

CREATE FUNCTION quotas_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM objects WHERE id IN (SELECT id FROM quotas WHERE data_center_id = OLD.id);
    RETURN OLD;
END $$;
CREATE TRIGGER quotas_end BEFORE DELETE ON data_centers FOR EACH ROW EXECUTE FUNCTION quotas_end();

WITH made AS (SELECT gen_random_uuid() AS id, d.id AS center, d.created_at FROM data_centers d),
placed AS MATERIALIZED (SELECT m.*, object_place(m.id, 'quota', ARRAY[m.center]) FROM made m)
INSERT INTO quotas (id, data_center_id, name, is_default, created_at)
    SELECT id, center, 'Default', true, created_at FROM placed;

CREATE TRIGGER tell AFTER INSERT OR UPDATE ON quotas FOR EACH ROW EXECUTE FUNCTION tell_change('quota');

-- What is used of a quota is shown, and changes with what is in it.
CREATE FUNCTION tell_quota_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('changes', 'quota ' || id || ' changed')
        FROM unnest(ARRAY[OLD.quota_id, NEW.quota_id]) id WHERE id IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER tell_quota AFTER UPDATE ON vms FOR EACH ROW
    WHEN ((OLD.quota_id IS NOT NULL OR NEW.quota_id IS NOT NULL)
          AND (OLD.status, OLD.quota_id, OLD.running) IS DISTINCT FROM (NEW.status, NEW.quota_id, NEW.running))
    EXECUTE FUNCTION tell_quota_use();
CREATE TRIGGER tell_quota AFTER INSERT OR DELETE OR UPDATE OF quota_id, virtual_size ON disks
    FOR EACH ROW EXECUTE FUNCTION tell_quota_use();

-- A quota has a name as well.
CREATE OR REPLACE FUNCTION object_name(p_id uuid) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        (SELECT name FROM vms WHERE id = p_id),
        (SELECT name FROM clusters WHERE id = p_id),
        (SELECT name FROM data_centers WHERE id = p_id),
        (SELECT name FROM hosts WHERE id = p_id),
        (SELECT name FROM networks WHERE id = p_id),
        (SELECT name FROM storage_domains WHERE id = p_id),
        (SELECT name FROM templates WHERE id = p_id),
        (SELECT alias FROM disks WHERE id = p_id),
        (SELECT name FROM quotas WHERE id = p_id),
        '')
$$;
