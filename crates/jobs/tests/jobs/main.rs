//! The engine on a real PostgreSQL, with a small flow whose outside world is a set of names.

#![allow(clippy::unwrap_used)]

mod basics;
mod cancelling;
mod database;
mod failing;
mod flow;
mod generic;
mod leases;
mod locks;
mod logging;
mod retrying;
mod stopping;
mod world;
