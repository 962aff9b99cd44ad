-- The estate: objects with their place in the tree, who may do what on them, and the objects themselves.
-- `status` is what was observed, `intended` what was asked for; no column is ever both.

-- Every object that can carry a permission, with all that lies above it (itself and System included).
-- `object_place` keeps the closure right, so that "below X" and "granted on or above X" are one index look-up.
CREATE TABLE objects (
    id   uuid PRIMARY KEY,
    kind text NOT NULL
);
CREATE TABLE object_parents (
    child_id  uuid NOT NULL REFERENCES objects ON DELETE CASCADE,
    parent_id uuid NOT NULL REFERENCES objects ON DELETE CASCADE,
    PRIMARY KEY (child_id, parent_id)
);
CREATE INDEX object_parents_parent ON object_parents (parent_id);
CREATE TABLE object_ancestors (
    object_id   uuid NOT NULL REFERENCES objects ON DELETE CASCADE,
    ancestor_id uuid NOT NULL REFERENCES objects ON DELETE CASCADE,
    PRIMARY KEY (object_id, ancestor_id)
);
CREATE INDEX object_ancestors_ancestor ON object_ancestors (ancestor_id, object_id);

-- Puts an object (new or known) under the given parents and rebuilds the closure of it and all below it.
CREATE FUNCTION object_place(p_id uuid, p_kind text, p_parents uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO objects (id, kind) VALUES (p_id, p_kind) ON CONFLICT (id) DO NOTHING;
    DELETE FROM object_parents WHERE child_id = p_id AND NOT parent_id = ANY (p_parents);
    INSERT INTO object_parents (child_id, parent_id)
        SELECT p_id, unnest(p_parents) ON CONFLICT DO NOTHING;
    CREATE TEMP TABLE IF NOT EXISTS moved (id uuid PRIMARY KEY) ON COMMIT DELETE ROWS;
    DELETE FROM moved;
    INSERT INTO moved
        WITH RECURSIVE below (id) AS (
            SELECT p_id UNION SELECT c.child_id FROM object_parents c JOIN below b ON c.parent_id = b.id
        ) SELECT id FROM below;
    DELETE FROM object_ancestors WHERE object_id IN (SELECT id FROM moved);
    INSERT INTO object_ancestors (object_id, ancestor_id)
        WITH RECURSIVE above (object_id, ancestor_id) AS (
            SELECT id, id FROM moved
            UNION SELECT a.object_id, p.parent_id FROM object_parents p JOIN above a ON p.child_id = a.ancestor_id
        ) SELECT object_id, ancestor_id FROM above;
END $$;

SELECT object_place('aaa00000-0000-0000-0000-123456789aaa', 'system', '{}');

CREATE TABLE users (
    id                   uuid PRIMARY KEY,
    name                 text NOT NULL,
    domain               text NOT NULL DEFAULT 'internal',
    password_hash        text,
    must_change_password boolean NOT NULL DEFAULT false,
    created_at           timestamptz NOT NULL,
    UNIQUE (domain, name)
);

CREATE TABLE roles (
    id             uuid PRIMARY KEY,
    name           text NOT NULL UNIQUE,
    administrative boolean NOT NULL,
    views_children boolean NOT NULL,
    groups         integer[] NOT NULL
);

-- The principal is a user, or Everyone; groups of users come with directories.
CREATE TABLE permissions (
    id           uuid PRIMARY KEY,
    principal_id uuid NOT NULL,
    role_id      uuid NOT NULL REFERENCES roles,
    object_id    uuid NOT NULL REFERENCES objects ON DELETE CASCADE,
    created_at   timestamptz NOT NULL,
    UNIQUE (principal_id, role_id, object_id)
);
CREATE INDEX permissions_object ON permissions (object_id);

-- What a person may see: granted on it or above it with a role that shows children, on it, or below it
-- (a VM's user sees the name of its cluster). One function, so that no list forgets it.
CREATE FUNCTION visible(p_user uuid, p_object uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM permissions p JOIN roles r ON r.id = p.role_id
        WHERE p.principal_id IN (p_user, 'eee00000-0000-0000-0000-123456789eee')
          AND (p.object_id = p_object
               OR (r.views_children AND EXISTS (
                       SELECT 1 FROM object_ancestors a
                       WHERE a.object_id = p_object AND a.ancestor_id = p.object_id))
               OR EXISTS (
                       SELECT 1 FROM object_ancestors a
                       WHERE a.object_id = p.object_id AND a.ancestor_id = p_object)))
$$;

CREATE TABLE sessions (
    id         text PRIMARY KEY,             -- a hash; the browser alone has the id
    user_id    uuid REFERENCES users ON DELETE CASCADE,
    address    text NOT NULL DEFAULT '',
    agent      text NOT NULL DEFAULT '',
    data       jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    last_seen  timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE data_centers (
    id          uuid PRIMARY KEY REFERENCES objects ON DELETE CASCADE,
    name        text NOT NULL UNIQUE,
    description text NOT NULL DEFAULT '',
    comment     text NOT NULL DEFAULT '',
    version     bigint NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL
);

CREATE TABLE clusters (
    id             uuid PRIMARY KEY REFERENCES objects ON DELETE CASCADE,
    data_center_id uuid NOT NULL REFERENCES data_centers,
    name           text NOT NULL UNIQUE,
    description    text NOT NULL DEFAULT '',
    comment        text NOT NULL DEFAULT '',
    version        bigint NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL
);

CREATE TABLE networks (
    id             uuid PRIMARY KEY REFERENCES objects ON DELETE CASCADE,
    data_center_id uuid NOT NULL REFERENCES data_centers,
    name           text NOT NULL,
    description    text NOT NULL DEFAULT '',
    comment        text NOT NULL DEFAULT '',
    bridge         text NOT NULL,
    version        bigint NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL,
    UNIQUE (data_center_id, name)
);

CREATE TABLE hosts (
    id            uuid PRIMARY KEY REFERENCES objects ON DELETE CASCADE,
    cluster_id    uuid NOT NULL REFERENCES clusters,
    name          text NOT NULL UNIQUE,
    comment       text NOT NULL DEFAULT '',
    address       text NOT NULL,
    transport     text NOT NULL CHECK (transport IN ('tls', 'local', 'tcp')),
    port          integer CHECK (port BETWEEN 1 AND 65535),
    acceleration  text NOT NULL CHECK (acceleration IN ('auto', 'kvm', 'emulation')),
    memory_limit  bigint,
    cpu_limit     integer,
    intended      text NOT NULL CHECK (intended IN ('active', 'maintenance')),
    status        text NOT NULL,
    status_reason jsonb,
    status_since  timestamptz NOT NULL,
    facts         jsonb,                     -- model::host::HostFacts
    host_uuid     text,
    last_seen     timestamptz,
    memory_free   bigint,
    cpu_percent   real,
    version       bigint NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL
);
CREATE INDEX hosts_cluster ON hosts (cluster_id);
CREATE UNIQUE INDEX hosts_address ON hosts (lower(address), transport, coalesce(port, 0));
CREATE UNIQUE INDEX hosts_uuid ON hosts (host_uuid);

CREATE TABLE storage_domains (
    id             uuid PRIMARY KEY REFERENCES objects ON DELETE CASCADE,
    data_center_id uuid NOT NULL REFERENCES data_centers,
    name           text NOT NULL UNIQUE,
    description    text NOT NULL DEFAULT '',
    comment        text NOT NULL DEFAULT '',
    path           text NOT NULL,
    status         text NOT NULL DEFAULT 'unknown',
    capacity       bigint,
    available      bigint,
    version        bigint NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL,
    UNIQUE (data_center_id, path)
);

-- How each host sees each storage domain.
CREATE TABLE host_storage (
    host_id           uuid NOT NULL REFERENCES hosts ON DELETE CASCADE,
    storage_domain_id uuid NOT NULL REFERENCES storage_domains ON DELETE CASCADE,
    active            boolean NOT NULL,
    reason            jsonb,
    checked_at        timestamptz NOT NULL,
    PRIMARY KEY (host_id, storage_domain_id)
);

CREATE TABLE disks (
    id                uuid PRIMARY KEY REFERENCES objects ON DELETE CASCADE,
    storage_domain_id uuid NOT NULL REFERENCES storage_domains,
    alias             text NOT NULL,
    virtual_size      bigint NOT NULL,
    actual_size       bigint NOT NULL DEFAULT 0,
    allocation        text NOT NULL CHECK (allocation IN ('thin', 'preallocated')),
    format            text NOT NULL CHECK (format IN ('qcow2', 'raw')),
    status            text NOT NULL CHECK (status IN ('locked', 'ok', 'illegal')),
    volume            text NOT NULL,
    backing_disk_id   uuid REFERENCES disks,
    version           bigint NOT NULL DEFAULT 1,
    created_at        timestamptz NOT NULL,
    UNIQUE (storage_domain_id, volume)
);
CREATE INDEX disks_backing ON disks (backing_disk_id);

CREATE TABLE templates (
    id             uuid PRIMARY KEY REFERENCES objects ON DELETE CASCADE,
    data_center_id uuid NOT NULL REFERENCES data_centers,
    name           text NOT NULL,
    description    text NOT NULL DEFAULT '',
    comment        text NOT NULL DEFAULT '',
    status         text NOT NULL CHECK (status IN ('locked', 'ok', 'illegal')),
    memory         bigint NOT NULL,
    sockets        integer NOT NULL,
    cores          integer NOT NULL,
    threads        integer NOT NULL,
    disk_id        uuid NOT NULL REFERENCES disks,
    version        bigint NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL,
    UNIQUE (data_center_id, name)
);

CREATE TABLE vms (
    id            uuid PRIMARY KEY REFERENCES objects ON DELETE CASCADE,
    cluster_id    uuid NOT NULL REFERENCES clusters,
    template_id   uuid REFERENCES templates,
    name          text NOT NULL UNIQUE,
    description   text NOT NULL DEFAULT '',
    comment       text NOT NULL DEFAULT '',
    memory        bigint NOT NULL CHECK (memory > 0),
    sockets       integer NOT NULL CHECK (sockets > 0),
    cores         integer NOT NULL CHECK (cores > 0),
    threads       integer NOT NULL CHECK (threads > 0),
    cpu_model     text,
    headless      boolean NOT NULL DEFAULT false,
    keyboard      text,
    intended      text NOT NULL CHECK (intended IN ('down', 'up')),
    status        text NOT NULL,
    status_since  timestamptz NOT NULL,
    status_reason jsonb,
    host_id       uuid REFERENCES hosts,     -- where a process is, or is about to be; the one that may hold it
    vnc_password  text,                      -- of the present run; told to nobody
    running       jsonb,                     -- the configuration of the present run, to tell what waits for the next
    stop_reason   text,
    started_at    timestamptz,
    agent_seen    boolean NOT NULL DEFAULT false,
    guest         jsonb,                     -- model::vm::GuestInfo
    cpu_percent   real,
    memory_percent real,
    network_rate  bigint,
    version       bigint NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL
);
CREATE INDEX vms_cluster ON vms (cluster_id);
CREATE INDEX vms_host ON vms (host_id);
CREATE INDEX vms_template ON vms (template_id);

CREATE TABLE vm_disks (
    vm_id    uuid NOT NULL REFERENCES vms ON DELETE CASCADE,
    disk_id  uuid NOT NULL REFERENCES disks ON DELETE CASCADE,
    position integer NOT NULL,
    bootable boolean NOT NULL,
    PRIMARY KEY (vm_id, disk_id)
);
CREATE INDEX vm_disks_disk ON vm_disks (disk_id);

CREATE TABLE nics (
    id         uuid PRIMARY KEY,
    vm_id      uuid NOT NULL REFERENCES vms ON DELETE CASCADE,
    name       text NOT NULL,
    mac        text NOT NULL UNIQUE,
    network_id uuid REFERENCES networks,
    UNIQUE (vm_id, name)
);
CREATE INDEX nics_network ON nics (network_id);

-- Samples of use, kept for an hour.
CREATE TABLE vm_samples (
    vm_id          uuid NOT NULL REFERENCES vms ON DELETE CASCADE,
    at             timestamptz NOT NULL,
    cpu_percent    real NOT NULL,
    memory_percent real NOT NULL,
    network_rate   bigint NOT NULL,
    PRIMARY KEY (vm_id, at)
);
