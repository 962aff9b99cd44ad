//! The chunk of what somebody meets before the first page: with it and that page, the portal is entered.
#![allow(unsafe_code, reason = "the macro's own way into the chunk")]

use leptos::prelude::*;
use leptos::wasm_split::wasm_split;

use super::{Chunk, Given, called, later};
use crate::pages::account::Password;
use crate::pages::code::Code;
use crate::pages::sign_in::SignIn;

/// What the chunk makes.
#[derive(Clone, Copy)]
pub enum Own {
    SignIn,
    /// The second step.
    Code,
    Password,
}

pub fn own(what: Own) -> AnyView {
    later(Chunk::Account, Box::new(move || called(made(what))))
}

#[wasm_split(account, fallible, wasm_split_path = leptos::wasm_split, preload(fetch))]
pub(super) fn made(what: Own) -> Given {
    Ok(match what {
        Own::SignIn => view! { <SignIn/> }.into_any(),
        Own::Code => view! { <Code/> }.into_any(),
        Own::Password => view! { <Password/> }.into_any(),
    })
}
