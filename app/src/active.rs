//! Tells the server that somebody is at work on this page: what a page reads by itself, because the live stream said
//! so, is no sign of a person. Runs in the browser only.

use std::cell::Cell;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::{Closure, JsCast};
use web_sys::Event;

use crate::paths;

/// How often it is told, in milliseconds.
const EVERY: f64 = 60_000.0;
const SIGNS: [&str; 2] = ["keydown", "pointerdown"];

/// Listens from the moment that the page is alive, as long as it lives.
pub fn provide() {
    Effect::new(|_| {
        let told = Cell::new(-EVERY);
        let hear = Closure::<dyn Fn(Event)>::new(move |ev: Event| {
            if ev.time_stamp() - told.get() < EVERY {
                return;
            }
            told.set(ev.time_stamp());
            // When it is lost, so is the page's stream, which is shown.
            spawn_local(async { drop(gloo_net::http::Request::post(paths::ACTIVE).send().await) });
        });
        for sign in SIGNS {
            let _ =
                window().add_event_listener_with_callback_and_bool(sign, hear.as_ref().unchecked_ref(), true);
        }
        hear.forget();
    });
}
