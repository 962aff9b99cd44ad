//! How what is searched leads to what it refers to. Everything is joined from the left, so that nothing is lost before
//! the condition is asked (catalogue 01 §4).

use search::{Entity, Object};

use super::columns;

/// By the objects that an event tells of.
const EVENTS: &str = "(event_objects eo JOIN events e ON e.id = eo.event_id)
                      ON eo.object_id = {id} AND NOT eo.above";
/// Whoever holds a permission there or above.
const USERS: &str = "(object_ancestors ua JOIN permissions up ON up.object_id = ua.ancestor_id
                     JOIN people u ON u.id = up.principal_id) ON ua.object_id = {id}";

/// What a permission of the user reaches.
macro_rules! held {
    ($table:literal, $alias:literal) => {
        concat!(
            "(permissions ",
            $alias,
            "p JOIN object_ancestors ",
            $alias,
            "a ON ",
            $alias,
            "a.ancestor_id = ",
            $alias,
            "p.object_id JOIN ",
            $table,
            " ",
            $alias,
            " ON ",
            $alias,
            ".id = ",
            $alias,
            "a.object_id) ON ",
            $alias,
            "p.principal_id = u.id"
        )
    };
}

/// What an event tells of.
macro_rules! told {
    ($table:literal, $alias:literal) => {
        concat!(
            "(event_objects e",
            $alias,
            " JOIN ",
            $table,
            " ",
            $alias,
            " ON ",
            $alias,
            ".id = e",
            $alias,
            ".object_id) ON e",
            $alias,
            ".event_id = e.id"
        )
    };
}

fn joined(entity: Entity, object: Object) -> Option<&'static str> {
    use Entity::*;
    use Object::{Of, Vnic};
    Some(match (entity, object) {
        (_, Of(Users)) if !matches!(entity, Events) => USERS,
        (Users, Of(Events)) => "events e ON e.user_id = u.id",
        (Jobs, Of(Events)) => "events e ON e.job_id = j.id",
        (_, Of(Events)) => EVENTS,
        (Vms, Of(Hosts)) => "hosts h ON h.id = v.host_id",
        (Vms, Of(Templates)) => "templates t ON t.id = v.template_id",
        (Vms, Of(Storage)) => {
            "(vm_disks vd JOIN disks vk ON vk.id = vd.disk_id
              JOIN storage_domains s ON s.id = vk.storage_domain_id) ON vd.vm_id = v.id"
        }
        (Vms, Vnic) => "nics i ON i.vm_id = v.id",
        (Hosts, Of(Vms)) => "vms v ON v.host_id = h.id",
        (Hosts, Of(Templates)) => "(vms tv JOIN templates t ON t.id = tv.template_id) ON tv.host_id = h.id",
        (Hosts, Of(Storage)) => {
            "(host_storage hs JOIN storage_domains s ON s.id = hs.storage_domain_id) ON hs.host_id = h.id"
        }
        (Templates, Of(Vms)) => "vms v ON v.template_id = t.id",
        (Templates, Of(Hosts)) => "(vms hv JOIN hosts h ON h.id = hv.host_id) ON hv.template_id = t.id",
        (Templates, Of(Storage)) => {
            "(disks sk JOIN storage_domains s ON s.id = sk.storage_domain_id) ON sk.id = t.disk_id"
        }
        (Users, Of(Vms)) => held!("vms", "v"),
        (Users, Of(Hosts)) => held!("hosts", "h"),
        (Users, Of(Templates)) => held!("templates", "t"),
        (Events, Of(Vms)) => told!("vms", "v"),
        (Events, Of(Hosts)) => told!("hosts", "h"),
        (Events, Of(Templates)) => told!("templates", "t"),
        (Events, Of(Clusters)) => told!("clusters", "c"),
        (Events, Of(Users)) => "people u ON u.id = e.user_id",
        (Clusters, Of(DataCenters)) => "data_centers d ON d.id = c.data_center_id",
        (Clusters, Of(Storage)) => "storage_domains s ON s.data_center_id = c.data_center_id",
        (Clusters, Of(Hosts)) => "hosts h ON h.cluster_id = c.id",
        (Clusters, Of(Vms)) => "vms v ON v.cluster_id = c.id",
        (DataCenters, Of(Clusters)) => "clusters c ON c.data_center_id = d.id",
        (DataCenters, Of(Storage)) => "storage_domains s ON s.data_center_id = d.id",
        (DataCenters, Of(Networks)) => "networks n ON n.data_center_id = d.id",
        (Storage, Of(Hosts)) => {
            "(host_storage hs JOIN hosts h ON h.id = hs.host_id) ON hs.storage_domain_id = s.id"
        }
        (Storage, Of(Clusters)) => "clusters c ON c.data_center_id = s.data_center_id",
        (Disks, Of(DataCenters)) => {
            "(storage_domains ds JOIN data_centers d ON d.id = ds.data_center_id) ON ds.id = k.storage_domain_id"
        }
        (Disks, Of(Storage)) => "storage_domains s ON s.id = k.storage_domain_id",
        (Disks, Of(Vms)) => "(vm_disks vd JOIN vms v ON v.id = vd.vm_id) ON vd.disk_id = k.id",
        (Networks, Of(DataCenters)) => "data_centers d ON d.id = n.data_center_id",
        (Networks, Of(Vms)) => "(nics ni JOIN vms v ON v.id = ni.vm_id) ON ni.network_id = n.id",
        _ => return None,
    })
}

/// The join, of which whoever may not see everything gets only what they may see. `$2` is who looks.
pub fn join(entity: Entity, object: Object, all: bool) -> String {
    let Some(join) = joined(entity, object) else { return String::new() };
    let join = join.replace("{id}", columns::id(Object::Of(entity)));
    let seen = match object {
        _ if all => String::new(),
        // Events and interfaces are of an object that is itself in sight.
        Object::Vnic | Object::Of(Entity::Events | Entity::Jobs) => String::new(),
        Object::Of(Entity::Users) => " AND u.id = $2".to_owned(),
        _ => format!(" AND {} IN (SELECT seen($2))", columns::id(object)),
    };
    format!(" LEFT JOIN {join}{seen}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_may_be_referred_to_is_reached() {
        for entity in Entity::ALL {
            for object in entity.related() {
                assert!(joined(*entity, *object).is_some(), "{entity:?} to {object:?}");
            }
        }
    }
}
