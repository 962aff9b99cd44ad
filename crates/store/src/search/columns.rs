//! What each field of the search language is in the database. An expression names only the alias that its object has in
//! every query (`v` a VM, `h` a host, …) and `x`, `y` within itself, so that it fits wherever the object is.

use search::{Entity, Object};

/// Where a field's value is.
#[derive(Debug, Clone, Copy)]
pub enum Column {
    /// An expression.
    Is(&'static str),
    /// A query of any number of values, called `value`.
    Any(&'static str),
    /// The name of what the object belongs to: an expression, the object's column, and a query of what that may be,
    /// which goes on with a condition on `x.name`. So the few names are asked, once, and not each object for its own.
    Of(&'static str, &'static str, &'static str),
    /// Names of what belongs to the object, the other way round: the object's id, what that is in a query of the names
    /// (`x.name`), and that query from its tables on. The names are asked for the objects, once.
    Among(&'static str, &'static str, &'static str),
    /// Since when: what is asked is how long ago that is.
    Since(&'static str),
}

use Column::{Among, Any, Is, Of, Since};

/// Names that an index has by bytes (migration 0019).
pub const BY_BYTES: [&str; 2] = ["v.name", "k.alias"];

/// Texts that an index has by the letters in them (migration 0026): even a whole one is found by those.
pub const BY_LETTERS: [&str; 1] = ["e.message"];

/// What nobody types by heart, as it stands in an index.
pub const EXACT: [&str; 2] = ["e.correlation_id", "j.correlation_id"];

type Columns = &'static [(&'static str, Column)];

const VMS: Columns = &[
    ("name", Is("v.name")),
    ("comment", Is("v.comment")),
    ("description", Is("v.description")),
    ("status", Is("v.status")),
    ("fqdn", Is("v.guest ->> 'hostname'")),
    ("address", Is("v.guest ->> 'hostname'")),
    (
        "ip",
        Any("SELECT x #>> '{}' AS value FROM jsonb_path_query(v.guest, '$.interfaces[*].addresses[*]') x"),
    ),
    (
        "cluster",
        Of(
            "(SELECT x.name FROM clusters x WHERE x.id = v.cluster_id)",
            "v.cluster_id",
            "SELECT x.id FROM clusters x",
        ),
    ),
    (
        "datacenter",
        Of(
            "(SELECT x.name FROM data_centers x JOIN clusters y ON y.data_center_id = x.id WHERE y.id = v.cluster_id)",
            "v.cluster_id",
            "SELECT y.id FROM data_centers x JOIN clusters y ON y.data_center_id = x.id",
        ),
    ),
    (
        "on_host",
        Of("(SELECT x.name FROM hosts x WHERE x.id = v.host_id)", "v.host_id", "SELECT x.id FROM hosts x"),
    ),
    (
        "template",
        Of(
            "coalesce((SELECT x.name FROM templates x WHERE x.id = v.template_id), 'Blank')",
            "coalesce(v.template_id, '00000000-0000-0000-0000-000000000000')",
            "SELECT x.id FROM (SELECT id, name FROM templates
                 UNION ALL SELECT '00000000-0000-0000-0000-000000000000', 'Blank') x",
        ),
    ),
    ("os", Is("v.guest ->> 'os'")),
    ("architecture", Is("(SELECT x.facts ->> 'arch' FROM hosts x WHERE x.id = v.host_id)")),
    ("custom_cpu_type", Is("v.cpu_model")),
    ("cpu_usage", Is("v.cpu_percent")),
    ("mem_usage", Is("v.memory_percent")),
    ("network_usage", Is("v.network_rate")),
    ("memory", Is("v.memory")),
    ("vcpus", Is("v.sockets * v.cores * v.threads")),
    ("uptime", Since("v.started_at")),
    ("creationdate", Is("v.created_at")),
    ("expires", Is("v.expires_at")),
    (
        "has_illegal_images",
        Is("EXISTS (SELECT 1 FROM vm_disks x JOIN disks y ON y.id = x.disk_id
                    WHERE x.vm_id = v.id AND y.status = 'illegal')"),
    ),
    ("highly_available", Is("coalesce((v.options ->> 'ha')::boolean, false)")),
    (
        "quota",
        Of(
            "(SELECT x.name FROM quotas x WHERE x.id = v.quota_id)",
            "v.quota_id",
            "SELECT x.id FROM quotas x",
        ),
    ),
    ("_quota_id", Is("v.quota_id")),
    ("id", Is("v.id")),
];

const HOSTS: Columns = &[
    ("name", Is("h.name")),
    ("comment", Is("h.comment")),
    ("address", Is("h.address")),
    ("status", Is("h.status")),
    (
        "cluster",
        Of(
            "(SELECT x.name FROM clusters x WHERE x.id = h.cluster_id)",
            "h.cluster_id",
            "SELECT x.id FROM clusters x",
        ),
    ),
    (
        "datacenter",
        Of(
            "(SELECT x.name FROM data_centers x JOIN clusters y ON y.data_center_id = x.id WHERE y.id = h.cluster_id)",
            "h.cluster_id",
            "SELECT y.id FROM data_centers x JOIN clusters y ON y.data_center_id = x.id",
        ),
    ),
    ("version", Is("h.facts ->> 'libvirt_version'")),
    ("cpu_model", Is("h.facts ->> 'cpu_model'")),
    ("architecture", Is("h.facts ->> 'arch'")),
    ("cpu_usage", Is("h.cpu_percent")),
    ("mem_usage", Is("100 * (1 - h.memory_free / nullif((h.facts ->> 'memory')::double precision, 0))")),
    ("cpus", Is("(h.facts ->> 'cpus')::integer")),
    ("memory", Is("(h.facts ->> 'memory')::bigint")),
    ("committed_mem", Is("(SELECT coalesce(sum(x.memory), 0) FROM vms x WHERE x.host_id = h.id)")),
    ("active_vms", Is("(SELECT count(*) FROM vms x WHERE x.host_id = h.id)")),
    ("hw_id", Is("h.host_uuid")),
    ("id", Is("h.id")),
];

const TEMPLATES: Columns = &[
    ("name", Is("t.name")),
    ("comment", Is("t.comment")),
    ("description", Is("t.description")),
    ("status", Is("t.status")),
    ("datacenter", Is("(SELECT x.name FROM data_centers x WHERE x.id = t.data_center_id)")),
    (
        "storage",
        Is(
            "(SELECT x.name FROM storage_domains x JOIN disks y ON y.storage_domain_id = x.id WHERE y.id = t.disk_id)",
        ),
    ),
    ("creationdate", Is("t.created_at")),
    ("childcount", Is("(SELECT count(*) FROM vms x WHERE x.template_id = t.id)")),
    ("mem", Is("t.memory")),
    ("vcpus", Is("t.sockets * t.cores * t.threads")),
    ("_vmt_id", Is("t.id")),
    ("id", Is("t.id")),
];

const CLUSTERS: Columns = &[
    ("name", Is("c.name")),
    ("description", Is("c.description")),
    ("comment", Is("c.comment")),
    ("datacenter", Is("(SELECT x.name FROM data_centers x WHERE x.id = c.data_center_id)")),
    ("hosts_count", Is("(SELECT count(*) FROM hosts x WHERE x.cluster_id = c.id)")),
    ("vms_count", Is("(SELECT count(*) FROM vms x WHERE x.cluster_id = c.id)")),
    ("id", Is("c.id")),
];

const DATA_CENTERS: Columns = &[
    ("name", Is("d.name")),
    ("description", Is("d.description")),
    ("comment", Is("d.comment")),
    ("id", Is("d.id")),
];

const STORAGE: Columns = &[
    ("name", Is("s.name")),
    ("comment", Is("s.comment")),
    ("description", Is("s.description")),
    ("datacenter", Is("(SELECT x.name FROM data_centers x WHERE x.id = s.data_center_id)")),
    ("status", Is("s.status")),
    ("path", Is("s.path")),
    ("free_size", Is("s.available")),
    ("used_size", Is("s.capacity - s.available")),
    ("total_size", Is("s.capacity")),
    (
        "committed",
        Is("(SELECT coalesce(sum(x.virtual_size), 0) FROM disks x WHERE x.storage_domain_id = s.id)"),
    ),
    ("id", Is("s.id")),
];

const DISKS: Columns = &[
    ("alias", Is("k.alias")),
    ("name", Is("k.alias")),
    ("description", Is("k.description")),
    ("vm_names", Among("k.id", "y.disk_id", "vms x JOIN vm_disks y ON y.vm_id = x.id WHERE true")),
    ("provisioned_size", Is("k.virtual_size")),
    ("size", Is("k.virtual_size")),
    ("actual_size", Is("k.actual_size")),
    ("creation_date", Is("k.created_at")),
    ("number_of_vms", Is("(SELECT count(*) FROM vm_disks x WHERE x.disk_id = k.id)")),
    ("status", Is("k.status")),
    ("disk_type", Is("'image'::text")),
    ("disk_content_type", Is("k.content")),
    ("allocation_policy", Is("k.allocation")),
    (
        "quota",
        Of(
            "(SELECT x.name FROM quotas x WHERE x.id = k.quota_id)",
            "k.quota_id",
            "SELECT x.id FROM quotas x",
        ),
    ),
    ("_quota_id", Is("k.quota_id")),
    ("id", Is("k.id")),
];

const NETWORKS: Columns = &[
    ("name", Is("n.name")),
    ("description", Is("n.description")),
    ("comment", Is("n.comment")),
    ("datacenter", Is("(SELECT x.name FROM data_centers x WHERE x.id = n.data_center_id)")),
    ("bridge", Is("n.bridge")),
    ("id", Is("n.id")),
];

const QUOTAS: Columns = &[
    ("name", Is("q.name")),
    ("description", Is("q.description")),
    ("storagepoolname", Is("(SELECT x.name FROM data_centers x WHERE x.id = q.data_center_id)")),
    ("thresholdstoragepercentage", Is("q.storage_threshold")),
    ("thresholdclusterpercentage", Is("q.cluster_threshold")),
    ("gracestoragepercentage", Is("q.storage_grace")),
    ("graceclusterpercentage", Is("q.cluster_grace")),
    ("enforcementtype", Is("(SELECT x.quota_mode FROM data_centers x WHERE x.id = q.data_center_id)")),
    ("id", Is("q.id")),
];

const USERS: Columns = &[
    // `bob` and `bob@internal` both mean him.
    ("usrname", Any("SELECT unnest(ARRAY[u.name, u.name || '@' || u.domain]) AS value")),
    ("name", Is("u.name")),
    ("login", Is("u.name")),
    ("user_and_domain", Is("u.name || '@' || u.domain")),
    ("directory", Is("u.domain")),
    ("type", Is("u.kind")),
    ("id", Is("u.id")),
];

/// What events tell of, of a kind, as the index has it (migration 0026).
macro_rules! told {
    ($kind:literal) => {
        Among("e.id", "x.event_id", concat!("event_objects x WHERE x.kind = '", $kind, "' AND NOT x.above"))
    };
}

const EVENTS: Columns = &[
    ("severity", Is("e.severity")),
    ("message", Is("e.message")),
    ("time", Is("e.time")),
    ("type", Is("e.code")),
    ("usrname", Is("e.user_name")),
    ("event_host", told!("host")),
    ("event_vm", told!("vm")),
    ("event_template", told!("template")),
    ("event_storage", told!("storage_domain")),
    ("event_datacenter", told!("data_center")),
    ("event_cluster", told!("cluster")),
    ("correlation_id", Is("e.correlation_id")),
    ("usrid", Is("e.user_id")),
    ("_event_vm_id", OF_EVENT),
    ("_event_template_id", OF_EVENT),
    ("_event_storage_id", OF_EVENT),
    ("_event_host_id", OF_EVENT),
    ("_event_datacenter_id", OF_EVENT),
];

/// An id says of what kind it is by itself.
const OF_EVENT: Column =
    Any("SELECT x.object_id AS value FROM event_objects x WHERE x.event_id = e.id AND NOT x.above");

const JOBS: Columns = &[
    ("correlation_id", Is("j.correlation_id")),
    ("status", Is("j.status")),
    ("action", Is("j.kind")),
    ("owner", Is("j.owner_name")),
    ("time", Is("j.created_at")),
    ("id", Is("j.id")),
];

const VNIC: Columns = &[
    ("network_name", Is("(SELECT x.name FROM networks x WHERE x.id = i.network_id)")),
    ("mac", Is("i.mac")),
];

fn columns(object: Object) -> Columns {
    match object {
        Object::Of(Entity::Vms) => VMS,
        Object::Of(Entity::Hosts) => HOSTS,
        Object::Of(Entity::Templates) => TEMPLATES,
        Object::Of(Entity::Clusters) => CLUSTERS,
        Object::Of(Entity::DataCenters) => DATA_CENTERS,
        Object::Of(Entity::Storage) => STORAGE,
        Object::Of(Entity::Disks) => DISKS,
        Object::Of(Entity::Networks) => NETWORKS,
        Object::Of(Entity::Quotas) => QUOTAS,
        Object::Of(Entity::Users) => USERS,
        Object::Of(Entity::Events) => EVENTS,
        Object::Of(Entity::Jobs) => JOBS,
        Object::Vnic => VNIC,
    }
}

/// None for tags, which are looked up in a way of their own. A test sees that nothing else is missing.
pub fn column(object: Object, field: &str) -> Option<Column> {
    columns(object).iter().find(|(name, _)| *name == field).map(|(_, column)| *column)
}

/// The object's id, in the same alias.
pub fn id(object: Object) -> &'static str {
    match object {
        Object::Of(Entity::Vms) => "v.id",
        Object::Of(Entity::Hosts) => "h.id",
        Object::Of(Entity::Templates) => "t.id",
        Object::Of(Entity::Clusters) => "c.id",
        Object::Of(Entity::DataCenters) => "d.id",
        Object::Of(Entity::Storage) => "s.id",
        Object::Of(Entity::Disks) => "k.id",
        Object::Of(Entity::Networks) => "n.id",
        Object::Of(Entity::Quotas) => "q.id",
        Object::Of(Entity::Users) => "u.id",
        Object::Of(Entity::Events) => "e.id",
        Object::Of(Entity::Jobs) => "j.id",
        Object::Vnic => "i.id",
    }
}

/// The object's table with that alias.
pub fn table(entity: Entity) -> &'static str {
    match entity {
        Entity::Vms => "vms v",
        Entity::Hosts => "hosts h",
        Entity::Templates => "templates t",
        Entity::Clusters => "clusters c",
        Entity::DataCenters => "data_centers d",
        Entity::Storage => "storage_domains s",
        Entity::Disks => "disks k",
        Entity::Networks => "networks n",
        Entity::Quotas => "quotas q",
        Entity::Users => "people u",
        Entity::Events => "events e",
        Entity::Jobs => "jobs j",
    }
}

/// What an object of the entity is called; the others have no names.
pub fn name(entity: Entity) -> &'static str {
    match entity {
        Entity::Vms => "v.name",
        Entity::Hosts => "h.name",
        Entity::Templates => "t.name",
        Entity::Clusters => "c.name",
        Entity::DataCenters => "d.name",
        Entity::Storage => "s.name",
        Entity::Disks => "k.alias",
        Entity::Networks => "n.name",
        Entity::Quotas => "q.name",
        Entity::Users => "u.name",
        Entity::Events => "e.message",
        Entity::Jobs => "j.kind",
    }
}
