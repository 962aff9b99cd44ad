//! The application on a real PostgreSQL and simulated hosts.

#![allow(clippy::unwrap_used)]

mod apply;
mod bookmarks;
mod bulk;
mod concurrency;
mod copies;
mod dashboard;
mod estate;
mod export;
mod flows;
mod input;
mod lists;
mod live;
mod options;
mod permissions;
mod reconcile;
mod settings;
mod statistics;
mod support;
mod suspend;
mod tags;
mod templates;
mod upkeep;
mod users;
mod vms;
