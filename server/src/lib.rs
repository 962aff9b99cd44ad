//! The binary `drover`: reads the configuration, wires the crates together and serves them. Rules live in
//! `control`, pages in `app`; what is here knows about processes, sockets, certificates and HTTP.

pub mod assets;
pub mod backup;
pub mod commands;
pub mod config;
pub mod console;
pub mod engine;
pub mod health;
pub mod http;
pub mod lifecycle;
pub mod pki;
pub mod postgres;
pub mod secret_key;
pub mod sign_in;
#[cfg(feature = "sim")]
mod sim;
pub mod web;

/// A page is made of tens of thousands of small pieces of memory, and the C library's allocator took a third of the time.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;
