-- Whether the estate is what the product would have made of it; every line is something wrong.
SELECT 'an ancestor too few or too many: ' || object_id || ' ' || ancestor_id FROM (
    WITH RECURSIVE above (object_id, ancestor_id) AS (
        SELECT id, id FROM objects
        UNION SELECT a.object_id, p.parent_id FROM object_parents p JOIN above a ON p.child_id = a.ancestor_id
    )
    (SELECT * FROM above EXCEPT SELECT * FROM object_ancestors) UNION ALL (SELECT * FROM object_ancestors EXCEPT SELECT * FROM above)
) wrong;
SELECT 'a VM on a host of another cluster: ' || v.name FROM vms v JOIN hosts h ON h.id = v.host_id WHERE h.cluster_id <> v.cluster_id;
SELECT 'a disk outside the data center of its VM: ' || k.alias FROM vm_disks x JOIN vms v ON v.id = x.vm_id
    JOIN clusters c ON c.id = v.cluster_id JOIN disks k ON k.id = x.disk_id JOIN storage_domains s ON s.id = k.storage_domain_id
    WHERE s.data_center_id <> c.data_center_id;
SELECT 'a NIC on a network of another data center: ' || i.mac FROM nics i JOIN vms v ON v.id = i.vm_id
    JOIN clusters c ON c.id = v.cluster_id JOIN networks n ON n.id = i.network_id WHERE n.data_center_id <> c.data_center_id;
SELECT 'an object of an event that is not there: ' || o.event_id FROM event_objects o LEFT JOIN events e ON e.id = o.event_id
    WHERE e.id IS NULL;
SELECT 'counted ' || what || ': ' || n FROM (
    SELECT 'hosts' AS what, count(*) AS n, 500 AS should FROM hosts UNION ALL SELECT 'VMs', count(*), 10000 FROM vms
    UNION ALL SELECT 'VMs that run', count(*), 8000 FROM vms WHERE host_id IS NOT NULL
    UNION ALL SELECT 'disks of VMs', count(*), 20000 FROM vm_disks
    UNION ALL SELECT 'users beside the one who asks', count(*), 2000 FROM users WHERE name LIKE 'user%'
    UNION ALL SELECT 'groups', count(*), 200 FROM groups
    UNION ALL SELECT 'permissions of these', count(*), 50000 FROM permissions WHERE role_id = 'def00006-0000-0000-0000-def000000006'
    UNION ALL SELECT 'events', count(*), current_setting('bench.events')::int FROM events WHERE correlation_id LIKE 'bench-%') c WHERE n <> should;
