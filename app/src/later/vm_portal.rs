//! The chunk of the VM portal's pages.
#![allow(unsafe_code, reason = "the macro's own way into the chunk")]

use leptos::prelude::*;
use leptos::wasm_split::wasm_split;

use super::{Chunk, Given, called, later};
use crate::vm_portal::events::Events;
use crate::vm_portal::frame::Frame;
use crate::vm_portal::home::Home;
use crate::vm_portal::machine::MachinePage;
use crate::vm_portal::resources::Resources;
use crate::vm_portal::settings::Settings;
use crate::vm_portal::templates::Templates;
use crate::vm_portal::wizard::Wizard;

/// What the chunk makes.
#[derive(Clone, Copy)]
pub enum Place {
    /// Around all others.
    Frame,
    Home,
    Machine,
    Wizard,
    Templates,
    Resources,
    Events,
    Settings,
}

pub fn place(what: Place) -> AnyView {
    later(Chunk::VmPortal, Box::new(move || called(made(what))))
}

#[wasm_split(vm_portal, fallible, wasm_split_path = leptos::wasm_split, preload(fetch))]
pub(super) fn made(what: Place) -> Given {
    Ok(match what {
        Place::Frame => view! { <Frame/> }.into_any(),
        Place::Home => view! { <Home/> }.into_any(),
        Place::Machine => view! { <MachinePage/> }.into_any(),
        Place::Wizard => view! { <Wizard/> }.into_any(),
        Place::Templates => view! { <Templates/> }.into_any(),
        Place::Resources => view! { <Resources/> }.into_any(),
        Place::Events => view! { <Events/> }.into_any(),
        Place::Settings => view! { <Settings/> }.into_any(),
    })
}
