//! The objects that were gone to last in this browser: what an empty palette shows.

use leptos::prelude::*;
use model::palette::Found;

use crate::api::data::read;

/// Where the browser keeps them.
const KEPT: &str = "drover-palette";
const MOST: usize = 8;

pub fn all() -> Vec<Found> {
    let text = storage().and_then(|s| s.get_item(KEPT).ok().flatten()).unwrap_or_default();
    read(&text).unwrap_or_default()
}

pub fn remember(object: &Found) {
    let kept = serde_json::to_string(&with(all(), object)).unwrap_or_default();
    if let Some(storage) = storage() {
        // Full or forbidden: then it is forgotten.
        let _ = storage.set_item(KEPT, &kept);
    }
}

/// Of one that is gone.
pub fn forget(object: &Found) {
    let left: Vec<Found> = all().into_iter().filter(|one| one.id != object.id).collect();
    if let Some(storage) = storage() {
        let _ = storage.set_item(KEPT, &serde_json::to_string(&left).unwrap_or_default());
    }
}

/// The newest first, each once. What state it was in is another one by the time it is read.
fn with(mut all: Vec<Found>, object: &Found) -> Vec<Found> {
    all.retain(|one| (one.kind, one.id) != (object.kind, object.id));
    all.insert(0, object.kept());
    all.truncate(MOST);
    all
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::id::Kind;
    use uuid::Uuid;

    #[test]
    fn the_newest_are_kept_once_and_without_their_state() {
        let object = |n: u128| Found {
            kind: Kind::Vm,
            id: Uuid::from_u128(n),
            name: format!("vm{n}"),
            place: None,
            status: Some("up".into()),
            leads: None,
        };
        let all = (0..20).chain([15]).fold(Vec::new(), |all, n| with(all, &object(n)));
        let names: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["vm15", "vm19", "vm18", "vm17", "vm16", "vm14", "vm13", "vm12"]);
        assert!(all.iter().all(|one| one.status.is_none()));
    }
}
