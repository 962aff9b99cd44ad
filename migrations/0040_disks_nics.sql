-- What a VM's disk hangs on, and where: no two share a place, so that what was put in while it ran keeps its name. Those
-- that are there were made with their VMs.
ALTER TABLE vm_disks ADD COLUMN interface text NOT NULL DEFAULT 'virtio' CHECK (interface IN ('virtio_scsi', 'virtio'));
ALTER TABLE vm_disks ADD CONSTRAINT vm_disks_place UNIQUE (vm_id, position);

-- What a guest sees of a NIC: which card, whether it has it at all, and whether its cable is in.
ALTER TABLE nics
    ADD COLUMN model text NOT NULL DEFAULT 'virtio' CHECK (model IN ('virtio', 'e1000', 'e1000e', 'rtl8139')),
    ADD COLUMN plugged boolean NOT NULL DEFAULT true,
    ADD COLUMN linked boolean NOT NULL DEFAULT true;
