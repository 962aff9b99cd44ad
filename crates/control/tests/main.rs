//! The application on a real PostgreSQL and simulated hosts.

#![allow(clippy::unwrap_used)]

mod accounts;
mod alerts;
mod apply;
mod audit;
mod bookmarks;
mod bulk;
mod concurrency;
mod copies;
mod dashboard;
mod directories;
mod estate;
mod export;
mod flows;
mod grants;
mod hardware;
mod input;
mod leases;
mod lists;
mod live;
mod makers;
mod offered;
mod options;
mod palette;
mod permissions;
mod portal;
mod providers;
mod quotas;
mod reconcile;
mod roles;
mod search;
mod second_factor;
mod sessions;
mod settings;
mod shares;
mod statistics;
mod support;
mod suspend;
mod tags;
mod templates;
mod told;
mod upkeep;
mod users;
mod vms;
