//! The chunk of the command palette.
#![allow(unsafe_code, reason = "the macro's own way into the chunk")]

use leptos::prelude::*;
use leptos::wasm_split::wasm_split;

use super::{Chunk, Given, called, later};
use crate::palette::early::Early;
use crate::palette::view::Palette;

/// The palette, open until it says otherwise.
pub fn palette(open: RwSignal<bool>, early: Early) -> AnyView {
    later(Chunk::Palette, Box::new(move || called(made(open, early))))
}

#[wasm_split(palette, fallible, wasm_split_path = leptos::wasm_split, preload(fetch))]
pub(super) fn made(open: RwSignal<bool>, early: Early) -> Given {
    Ok(view! { <Palette open=open early=early/> }.into_any())
}
