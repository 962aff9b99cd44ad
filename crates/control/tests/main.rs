//! The application on a real PostgreSQL and simulated hosts.

#![allow(clippy::unwrap_used)]

mod apply;
mod concurrency;
mod estate;
mod flows;
mod input;
mod lists;
mod live;
mod options;
mod permissions;
mod reconcile;
mod support;
mod templates;
mod users;
mod vms;
