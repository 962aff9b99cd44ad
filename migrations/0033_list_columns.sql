-- What lists show and sort by that no column had yet.

-- The first address by which others could reach a guest, as the list of virtual machines shows it (`vms::reachable`):
-- neither the guest's own loop nor one that only its link knows. What a guest tells is not to be trusted: what is no
-- address is none, and no reason to refuse the row.
CREATE FUNCTION guest_address(guest jsonb) RETURNS inet LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE told text; address inet;
BEGIN
    FOR told IN SELECT x #>> '{}' FROM jsonb_path_query(guest, '$.interfaces[*].addresses[*]') x LOOP
        CONTINUE WHEN told ~ '/';
        BEGIN
            address := told::inet;
        EXCEPTION WHEN invalid_text_representation THEN
            CONTINUE;
        END;
        IF NOT address <<= ANY (ARRAY['127.0.0.0/8', '169.254.0.0/16', '::1/128', 'fe80::/10']::inet[]) THEN
            RETURN address;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
ALTER TABLE vms ADD COLUMN first_address inet GENERATED ALWAYS AS (guest_address(guest)) STORED;

-- Whose a disk is that no virtual machine has.
CREATE INDEX templates_disk ON templates (disk_id);

ALTER TABLE disks ADD COLUMN description text NOT NULL DEFAULT '';
