-- Requests for more of a quota. An approved one is a grant: quota_uses adds it to the limit, until the leader ends it
-- (control::reconcile::expiry). Who asked is kept by name, since what was granted is everybody's who uses the quota, and
-- stays when they leave. 0 is nothing more of it.
CREATE TABLE quota_requests (
    id                uuid PRIMARY KEY,
    quota_id          uuid NOT NULL REFERENCES quotas ON DELETE CASCADE,
    user_id           uuid NOT NULL,
    user_name         text NOT NULL,
    vcpus             bigint NOT NULL CHECK (vcpus >= 0),
    memory            bigint NOT NULL CHECK (memory >= 0),
    storage           bigint NOT NULL CHECK (storage >= 0),
    -- Where the quota limits each by itself. Of a place that is gone nothing is granted any more.
    cluster_id        uuid REFERENCES clusters ON DELETE SET NULL,
    storage_domain_id uuid REFERENCES storage_domains ON DELETE SET NULL,
    reason            text NOT NULL,
    until             timestamptz NOT NULL,
    asked_at          timestamptz NOT NULL,
    state             text NOT NULL DEFAULT 'asked'
                      CHECK (state IN ('asked', 'approved', 'declined', 'withdrawn', 'ended')),
    decided_by        text,
    word              text NOT NULL DEFAULT '',
    decided_at        timestamptz
);
-- One open request of somebody for a quota.
CREATE UNIQUE INDEX quota_requests_open ON quota_requests (quota_id, user_id) WHERE state = 'asked';
CREATE INDEX quota_requests_quota ON quota_requests (quota_id, asked_at);
CREATE INDEX quota_requests_user ON quota_requests (user_id, asked_at);
CREATE INDEX quota_requests_granted ON quota_requests (quota_id) WHERE state = 'approved';
CREATE INDEX quota_requests_due ON quota_requests (until) WHERE state IN ('asked', 'approved');
CREATE INDEX quota_requests_cluster ON quota_requests (cluster_id) WHERE cluster_id IS NOT NULL;
CREATE INDEX quota_requests_domain ON quota_requests (storage_domain_id) WHERE storage_domain_id IS NOT NULL;

-- A limit with what is granted beyond it; none stays none.
CREATE FUNCTION quota_more(p_most bigint, p_more numeric) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN p_most IS NOT NULL
                THEN least(p_most + coalesce(p_more, 0), 9223372036854775807)::bigint END
$$;

-- What is used of each limit of a quota, as migration 0029 says, and the limit with what is granted of it. Where a part is
-- limited in each place, what is granted in one counts there.
CREATE OR REPLACE FUNCTION quota_uses(p_quota uuid)
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
    granted AS MATERIALIZED (
        SELECT g.cluster_id, g.storage_domain_id, g.vcpus, g.memory, g.storage FROM quota_requests g
        WHERE g.quota_id = (SELECT id FROM q) AND g.state = 'approved'),
    total AS MATERIALIZED (
        SELECT sum(vcpus) AS vcpus, sum(memory) AS memory, sum(storage) AS storage FROM granted),
    of_clusters AS (
        SELECT cluster_id, sum(vcpus) AS vcpus, sum(memory) AS memory FROM granted
        WHERE cluster_id IS NOT NULL GROUP BY cluster_id),
    of_domains AS (
        SELECT storage_domain_id, sum(storage) AS storage FROM granted
        WHERE storage_domain_id IS NOT NULL GROUP BY storage_domain_id),
    in_clusters AS (
        SELECT cluster_id, r.vcpus AS vcpus_used, r.memory AS memory_used,
               quota_more(CASE WHEN l.quota_id IS NULL THEN 0 ELSE l.vcpus END, g.vcpus) AS vcpus,
               quota_more(CASE WHEN l.quota_id IS NULL THEN 0 ELSE l.memory END, g.memory) AS memory
        FROM (SELECT * FROM quota_clusters WHERE quota_id = p_quota) l
        FULL JOIN ran r USING (cluster_id) FULL JOIN of_clusters g USING (cluster_id)),
    on_domains AS (
        SELECT storage_domain_id, r.storage AS storage_used,
               quota_more(CASE WHEN l.quota_id IS NULL THEN 0 ELSE l.storage END, g.storage) AS storage
        FROM (SELECT * FROM quota_domains WHERE quota_id = p_quota) l
        FULL JOIN stored r USING (storage_domain_id) FULL JOIN of_domains g USING (storage_domain_id))
    SELECT 'vcpus', NULL::uuid, NULL::text, coalesce((SELECT sum(vcpus) FROM ran), 0)::bigint,
           quota_more(q.vcpus, (SELECT vcpus FROM total))
        FROM q WHERE NOT q.per_cluster
    UNION ALL
    SELECT 'vcpus', c.id, c.name, coalesce(i.vcpus_used, 0)::bigint, i.vcpus
        FROM q JOIN in_clusters i ON q.per_cluster JOIN clusters c ON c.id = i.cluster_id
    UNION ALL
    SELECT 'memory', NULL, NULL, coalesce((SELECT sum(memory) FROM ran), 0)::bigint,
           quota_more(q.memory, (SELECT memory FROM total))
        FROM q WHERE NOT q.per_cluster
    UNION ALL
    SELECT 'memory', c.id, c.name, coalesce(i.memory_used, 0)::bigint, i.memory
        FROM q JOIN in_clusters i ON q.per_cluster JOIN clusters c ON c.id = i.cluster_id
    UNION ALL
    SELECT 'storage', NULL, NULL, coalesce((SELECT sum(storage) FROM stored), 0)::bigint,
           quota_more(q.storage, (SELECT storage FROM total))
        FROM q WHERE NOT q.per_domain
    UNION ALL
    SELECT 'storage', s.id, s.name, coalesce(o.storage_used, 0)::bigint, o.storage
        FROM q JOIN on_domains o ON q.per_domain JOIN storage_domains s ON s.id = o.storage_domain_id
$$;

-- What is asked of a quota and granted shows on its page.
CREATE FUNCTION tell_quota_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('changes', 'quota ' || NEW.quota_id || ' changed');
    RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT OR UPDATE ON quota_requests FOR EACH ROW EXECUTE FUNCTION tell_quota_request();
