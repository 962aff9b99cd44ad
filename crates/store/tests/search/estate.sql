-- A data center with two hosts and three VMs: web1 is up on kvm1, db1 on kvm2, web2 is down. `ann` may use web1, `bob`
-- everything.
CREATE FUNCTION test_id(n integer) RETURNS uuid LANGUAGE sql IMMUTABLE RETURN lpad(to_hex(n), 32, '0')::uuid;

SELECT object_place(test_id(x'101'::int), 'data_center', ARRAY['aaa00000-0000-0000-0000-123456789aaa'::uuid]);
INSERT INTO data_centers (id, name, created_at) VALUES (test_id(x'101'::int), 'dc1', '2026-01-01Z');
SELECT object_place(test_id(x'102'::int), 'cluster', ARRAY[test_id(x'101'::int)]);
INSERT INTO clusters (id, data_center_id, name, created_at) VALUES (test_id(x'102'::int), test_id(x'101'::int), 'c1', '2026-01-01Z');
SELECT object_place(test_id(x'103'::int), 'storage_domain', ARRAY[test_id(x'101'::int)]);
INSERT INTO storage_domains (id, data_center_id, name, path, status, capacity, available, created_at)
    VALUES (test_id(x'103'::int), test_id(x'101'::int), 'nfs1', '/srv/nfs1', 'active', 100::bigint << 30, 10::bigint << 30, '2026-01-01Z');

INSERT INTO objects SELECT test_id(n), 'host' FROM unnest(ARRAY[x'201'::int, x'202'::int]) n;
INSERT INTO hosts (id, cluster_id, name, address, transport, acceleration, intended, status, status_since, created_at)
    SELECT test_id(512 + n), test_id(x'102'::int), 'kvm' || n, '10.0.1.' || n, 'tls', 'auto', 'active', 'up', '2026-11-01Z', '2026-01-01Z'
    FROM generate_series(1, 2) n;

SELECT object_place(test_id(768 + n), 'vm', ARRAY[test_id(x'102'::int)]) FROM generate_series(1, 3) n;
INSERT INTO vms (id, cluster_id, name, description, memory, sockets, cores, threads, intended, status, status_since, host_id,
                 started_at, cpu_percent, guest, options, created_at)
    VALUES
    (test_id(769), test_id(x'102'::int), 'web1', '100% it''s', 1::bigint << 30, 1, 1, 1, 'up', 'up', '2026-11-26Z', test_id(513),
     '2026-11-26 06:00Z', 80, '{"hostname": "web1.example.org", "interfaces": [{"name": "eth0", "mac": "", "addresses": ["fe80::1", "10.0.0.1"]}]}',
     '{"ha": true}', '2026-11-25 23:00Z'),
    (test_id(770), test_id(x'102'::int), 'db1', '', 2::bigint << 30, 1, 2, 1, 'up', 'up', '2026-11-26Z', test_id(514),
     '2026-11-26 11:30Z', 10, NULL, '{}', '2026-11-01Z'),
    (test_id(771), test_id(x'102'::int), 'web2', '', 1::bigint << 30, 1, 1, 1, 'down', 'down', '2026-11-26Z', NULL,
     NULL, NULL, NULL, '{}', '2026-11-01Z');
SELECT object_place(test_id(1024 + n), 'disk', ARRAY[test_id(x'103'::int), test_id(768 + n)]) FROM generate_series(1, 3) n;
INSERT INTO disks (id, storage_domain_id, alias, virtual_size, allocation, format, status, volume, created_at)
    SELECT test_id(1024 + n), test_id(x'103'::int), 'disk' || n, 1::bigint << 30, 'thin', 'qcow2', 'ok', 'disk' || n, '2026-11-01Z'
    FROM generate_series(1, 3) n;
INSERT INTO vm_disks SELECT test_id(768 + n), test_id(1024 + n), 0, true FROM generate_series(1, 3) n;
INSERT INTO nics (id, vm_id, name, mac) VALUES (test_id(1), test_id(769), 'nic1', '52:54:00:00:00:01');

INSERT INTO users (id, name, created_at) VALUES (test_id(x'501'::int), 'ann', '2026-01-01Z'), (test_id(x'502'::int), 'bob', '2026-01-01Z');
INSERT INTO roles (id, name, administrative, views_children, groups)
    VALUES (test_id(1), 'uses', false, false, '{}'), (test_id(2), 'sees', true, true, '{}');
INSERT INTO permissions (id, principal_id, role_id, object_id, created_at)
    VALUES (test_id(1), test_id(x'501'::int), test_id(1), test_id(769), '2026-01-01Z'),
           (test_id(2), test_id(x'502'::int), test_id(2), 'aaa00000-0000-0000-0000-123456789aaa', '2026-01-01Z');
