-- A template is below the storage domain of its disk too, so that the domain's page lists it.
SELECT object_place(t.id, 'template', ARRAY[t.data_center_id, k.storage_domain_id])
FROM templates t JOIN disks k ON k.id = t.disk_id;
