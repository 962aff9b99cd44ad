//! A part is fetched when somebody points at what leads to it, with the mouse or the keyboard: by the time of the
//! click it is there. Nothing here runs on the server.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::{Closure, JsCast};
use web_sys::{Element, Event};

use super::fetch_for;
use crate::frame::ListTab;
use crate::paths;

/// Looks at every link of the page, whenever it came, for as long as the page is there.
pub fn follow() {
    let look = Closure::<dyn Fn(Event)>::new(|ev: Event| {
        if let Some(address) = ev.target().and_then(|at| at.dyn_into::<Element>().ok()).and_then(led_to) {
            let (path, search) = address.split_once('?').unwrap_or((&address, ""));
            let (path, search) = (path.to_owned(), search.to_owned());
            spawn_local(async move {
                // What could not be fetched is asked for again when it is needed.
                fetch_for(&path, &search).await;
            });
        }
    });
    for event in ["pointerover", "focusin"] {
        let _ = document().add_event_listener_with_callback(event, look.as_ref().unchecked_ref());
    }
    look.forget();
}

/// Where a click there would lead: a row of a list to the details below it.
fn led_to(at: Element) -> Option<String> {
    if let Ok(Some(link)) = at.closest("a[href]") {
        return link.get_attribute("href").filter(|href| href.starts_with('/'));
    }
    let row = at.closest("main tbody tr").ok().flatten();
    row.map(|_| format!("{}?chosen=", paths::list(ListTab::Vms)))
}
