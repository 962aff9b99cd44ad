//! The application: every operation of Drover, whoever asks for it. An operation finds its objects through
//! `Ctx` (who may see and do what), asks the pure rule, and writes intent, job, lock and event in one
//! transaction; flows then act on hosts, and reconcilers keep what is observed true. Knows neither HTTP nor HTML.

pub mod accounts;
pub mod alerts;
pub mod app;
pub mod apply;
pub mod attempts;
pub mod audit;
pub mod bookmarks;
pub mod bulk;
pub mod clusters;
pub mod ctx;
pub mod dashboard;
pub mod data_centers;
pub mod directories;
pub mod disks;
pub mod events;
pub mod export;
pub mod flows;
mod grants;
pub mod host_pool;
pub mod hosts;
pub mod jobs;
pub mod live;
pub mod networks;
pub mod palette;
pub mod passwords;
pub mod permissions;
pub mod placement;
pub mod portal;
pub mod providers;
pub mod quotas;
pub mod reconcile;
pub mod roles;
pub mod search;
pub mod second_factor;
pub mod secrets;
pub mod sessions;
pub mod settings;
pub mod statistics;
pub mod storage_domains;
pub mod tags;
pub mod templates;
pub mod tree;
pub mod users;
pub mod vms;

pub use app::{App, Options, Services};
pub use ctx::{Ctx, Who};

/// What every operation answers.
pub type Outcome<T> = Result<T, model::Fault>;
