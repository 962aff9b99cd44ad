-- An estate of the size that Drover is measured at: 5 data centers, 25 clusters, 500 hosts, 10,000 VMs (four of five
-- are up), 20,000 disks. Set-based, and the same each time: every id is made of what it names. Loaded into an empty
-- schema with its roles; the places come first, because `object_place` takes one object at a time.
-- Triggers sleep meanwhile: nobody listens, and what is inserted here refers only to what is here.
SET session_replication_role = replica;

CREATE FUNCTION bench_id(what text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE
    RETURN md5('bench ' || what || ' ' || n)::uuid;

CREATE FUNCTION bench_mac(vm bigint, nic bigint) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN '52:54:00:0' || nic || ':' || lpad(to_hex(vm / 256), 2, '0') || ':' || lpad(to_hex(vm % 256), 2, '0');

-- Where everything is. Host n and VM n are in cluster n mod 25, cluster n in data center n mod 5, so that each
-- cluster has 20 hosts and 400 VMs; VM n runs on one of its cluster's hosts.
CREATE TEMP TABLE place (id uuid, kind text, parent uuid);
INSERT INTO place
    SELECT bench_id('dc', n), 'data_center', 'aaa00000-0000-0000-0000-123456789aaa'::uuid FROM generate_series(0, 4) n
    UNION ALL SELECT bench_id('cluster', n), 'cluster', bench_id('dc', n % 5) FROM generate_series(0, 24) n
    UNION ALL SELECT bench_id('network', n), 'network', bench_id('dc', n % 5) FROM generate_series(0, 19) n
    UNION ALL SELECT bench_id('sd', n), 'storage_domain', bench_id('dc', n % 5) FROM generate_series(0, 39) n
    UNION ALL SELECT bench_id('host', n), 'host', bench_id('cluster', n % 25) FROM generate_series(0, 499) n
    UNION ALL SELECT bench_id('vm', n), 'vm', bench_id('cluster', n % 25) FROM generate_series(0, 9999) n
    -- One without limits and four with, in each data center; half of the VMs are in one of these.
    UNION ALL SELECT bench_id('quota', n), 'quota', bench_id('dc', n % 5) FROM generate_series(0, 24) n
    -- Disks 0 to 19,999 are two of each VM's, the rest are templates'.
    UNION ALL SELECT bench_id('disk', n), 'disk', bench_id('sd', n % 40) FROM generate_series(0, 20009) n
    UNION ALL SELECT bench_id('disk', n), 'disk', bench_id('vm', n % 10000) FROM generate_series(0, 19999) n
    UNION ALL SELECT bench_id('template', n), 'template', bench_id('dc', n % 5) FROM generate_series(0, 9) n
    UNION ALL SELECT bench_id('template', n), 'template', bench_id('sd', n % 40) FROM generate_series(0, 9) n;

INSERT INTO objects SELECT DISTINCT id, kind FROM place;
INSERT INTO object_parents SELECT id, parent FROM place;
INSERT INTO object_ancestors
    WITH RECURSIVE above (object_id, ancestor_id) AS (
        SELECT id, id FROM objects WHERE kind <> 'system'
        UNION SELECT a.object_id, p.parent_id FROM object_parents p JOIN above a ON p.child_id = a.ancestor_id
    ) SELECT object_id, ancestor_id FROM above;

INSERT INTO data_centers (id, name, description, created_at)
    SELECT bench_id('dc', n), 'site' || n, 'Data center ' || n, now() - interval '300 days' FROM generate_series(0, 4) n;
INSERT INTO clusters (id, data_center_id, name, description, created_at)
    SELECT bench_id('cluster', n), bench_id('dc', n % 5), 'cluster' || n, 'Cluster ' || n, now() - interval '299 days'
    FROM generate_series(0, 24) n;
INSERT INTO networks (id, data_center_id, name, bridge, created_at)
    SELECT bench_id('network', n), bench_id('dc', n % 5), 'net' || n, 'br' || n / 5, now() - interval '298 days'
    FROM generate_series(0, 19) n;
INSERT INTO storage_domains (id, data_center_id, name, path, status, capacity, available, created_at)
    SELECT bench_id('sd', n), bench_id('dc', n % 5), 'storage' || n, '/srv/storage' || n, 'active', 1::bigint << 46, 1::bigint << 45,
           now() - interval '297 days'
    FROM generate_series(0, 39) n;

INSERT INTO quotas (id, data_center_id, name, is_default, vcpus, memory, storage, created_at)
    SELECT bench_id('quota', n), bench_id('dc', n % 5), CASE WHEN n < 20 THEN 'team' || n ELSE 'Default' END, n >= 20,
           CASE WHEN n < 20 THEN 1000 END, CASE WHEN n < 20 THEN 4::bigint << 40 END, CASE WHEN n < 20 THEN 64::bigint << 40 END,
           now() - interval '296 days'
    FROM generate_series(0, 24) n;

INSERT INTO hosts (id, cluster_id, name, comment, address, transport, acceleration, intended, status, status_since,
                   facts, host_uuid, last_seen, memory_free, cpu_percent, created_at)
    SELECT id, bench_id('cluster', n % 25), 'host' || lpad(n::text, 3, '0'), 'rack ' || n % 40, 'host' || n || '.example.org',
           'tls', 'auto', 'active', 'up', now() - interval '20 days',
           jsonb_build_object(
               'hostname', 'host' || n, 'host_uuid', id, 'cpu_model', 'EPYC', 'cpu_vendor', 'AMD', 'arch', 'x86_64',
               'sockets', 2, 'cores', 16, 'threads', 2, 'numa_nodes', 2, 'memory', 256::bigint << 30, 'cpus', 64,
               'libvirt_version', '9.0.0', 'qemu_version', '7.2.0', 'kvm_offered', true,
               'machine_types', jsonb_build_array('q35'), 'cpu_models', jsonb_build_array('EPYC', 'qemu64'),
               'bridges', jsonb_build_array('br0', 'br1', 'br2', 'br3'), 'spice', true),
           id, now(), 128::bigint << 30, n % 90, now() - interval '200 days'
    FROM generate_series(0, 499) n, LATERAL (SELECT bench_id('host', n) AS id) i;
INSERT INTO host_storage (host_id, storage_domain_id, active, checked_at)
    SELECT h.id, s.id, true, now() FROM hosts h JOIN clusters c ON c.id = h.cluster_id
    JOIN storage_domains s ON s.data_center_id = c.data_center_id;

INSERT INTO disks (id, storage_domain_id, alias, virtual_size, actual_size, allocation, format, status, volume, created_at,
                   quota_id)
    SELECT id, bench_id('sd', n % 40),
           CASE WHEN n < 20000 THEN 'vm' || n % 10000 || '_disk' || n / 10000 + 1 ELSE 'template' || n - 20000 || '_disk' END,
           (10 + n % 50)::bigint << 30, (2 + n % 8)::bigint << 30, 'thin', 'qcow2', 'ok', id || '.qcow2',
           now() - interval '100 days' + n * interval '1 minute',
           CASE WHEN n < 10000 AND n % 10 < 5 THEN bench_id('quota', n % 5 + 5 * (n / 2500)) END
    FROM generate_series(0, 20009) n, LATERAL (SELECT bench_id('disk', n) AS id) i;
INSERT INTO templates (id, data_center_id, name, status, memory, sockets, cores, threads, disk_id, created_at)
    SELECT bench_id('template', n), bench_id('dc', n % 5), 'debian-' || n, 'ok', 2::bigint << 30, 1, 2, 1,
           bench_id('disk', 20000 + n), now() - interval '100 days'
    FROM generate_series(0, 9) n;

INSERT INTO vms (id, cluster_id, template_id, name, description, comment, memory, sockets, cores, threads, intended,
                 status, status_since, host_id, running, vnc_password, started_at, agent_seen, guest, cpu_percent,
                 memory_percent, network_rate, created_at, options)
    SELECT bench_id('vm', n), bench_id('cluster', n % 25), bench_id('template', n % 5), name, 'Serves application ' || n % 300,
           'team ' || n % 60, memory, 1, cores, 1, CASE WHEN up THEN 'up' ELSE 'down' END,
           CASE WHEN up THEN 'up' ELSE 'down' END, now() - n * interval '3 minutes',
           CASE WHEN up THEN bench_id('host', n % 500) END,
           CASE WHEN up THEN jsonb_build_object('name', name, 'description', '', 'comment', '', 'memory', memory, 'sockets', 1,
                'cores', cores, 'threads', 1, 'cpu_model', NULL, 'options', '{}'::jsonb) END,
           CASE WHEN up THEN 'bench123' END, CASE WHEN up THEN now() - n * interval '3 minutes' END, up,
           CASE WHEN up THEN jsonb_build_object('hostname', name || '.example.org', 'os', 'Debian GNU/Linux 12 (bookworm)',
                'kernel', NULL, 'agent_version', '7.2', 'interfaces', jsonb_build_array(jsonb_build_object('name', 'eth0',
                'mac', bench_mac(n, 0), 'addresses', jsonb_build_array('10.' || n / 2500 || '.' || n % 2500 / 250 || '.' || n % 250 + 1)))) END,
           CASE WHEN up THEN n % 100 END, CASE WHEN up THEN n % 97 END, CASE WHEN up THEN n % 1000 * 1000 END,
           now() - interval '90 days' + n * interval '1 minute',
           CASE WHEN n % 10 < 5 THEN jsonb_build_object('quota', bench_id('quota', n % 5 + 5 * (n / 2500))) ELSE '{}'::jsonb END
    FROM generate_series(0, 9999) n,
         LATERAL (SELECT 'vm' || n AS name, (1 + n % 8)::bigint << 30 AS memory, 1 + n % 4 AS cores, n / 500 % 5 <> 4 AS up) v;
INSERT INTO vm_disks SELECT bench_id('vm', n % 10000), bench_id('disk', n), n / 10000, n < 10000 FROM generate_series(0, 19999) n;
INSERT INTO nics (id, vm_id, name, mac, network_id)
    SELECT bench_id('nic', n), bench_id('vm', n % 10000), 'nic' || n / 10000 + 1, bench_mac(n % 10000, n / 10000),
           bench_id('network', n % 5 + n / 5 % 4 * 5)
    FROM generate_series(0, 12499) n;

-- 2,000 users in 200 groups, with 50,000 permissions. User 0 has 50 VMs, user 1 a cluster, user 22 twenty VMs and twenty
-- more through group 0, the others five (to user 21) or nineteen VMs and what three of the groups have, fifty each.
INSERT INTO users (id, name, created_at)
    SELECT bench_id('user', n), 'user' || n, now() - interval '90 days' FROM generate_series(0, 1999) n;
INSERT INTO groups (id, name, domain, created_at)
    SELECT bench_id('group', n), 'group' || n, 'example.org', now() - interval '90 days' FROM generate_series(0, 199) n;
INSERT INTO user_groups
    SELECT bench_id('user', 22), bench_id('group', 0) UNION ALL
    SELECT bench_id('user', n), bench_id('group', 1 + (n + k * 61) % 199) FROM generate_series(23, 1999) n, generate_series(0, 2) k;
INSERT INTO permissions (id, principal_id, role_id, object_id, created_at)
    SELECT bench_id('permission', row_number() OVER ()), who, 'def00006-0000-0000-0000-def000000006', object, now()
    FROM (SELECT bench_id('user', 0) AS who, bench_id('vm', n * 200 + 1) AS object FROM generate_series(0, 49) n
          UNION ALL SELECT bench_id('user', 1), bench_id('cluster', 3)
          UNION ALL SELECT bench_id('user', 2 + n % 20), bench_id('vm', n * 97) FROM generate_series(0, 99) n
          UNION ALL SELECT bench_id('user', 22), bench_id('vm', n * 300 + 2) FROM generate_series(0, 19) n
          UNION ALL SELECT bench_id('group', 0), bench_id('vm', n * 300 + 3) FROM generate_series(0, 19) n
          UNION ALL SELECT bench_id('group', 1 + n % 199), bench_id('vm', n * 31 % 10000) FROM generate_series(0, 9949) n
          UNION ALL SELECT bench_id('user', 23 + n % 1977), bench_id('vm', n * 7 % 10000) FROM generate_series(0, 39858) n) p;
