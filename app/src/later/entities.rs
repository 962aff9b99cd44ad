//! The chunk of the other lists, the pages of objects, and the help.
#![allow(unsafe_code, reason = "the macro's own way into the chunk")]

use leptos::prelude::*;
use leptos::wasm_split::wasm_split;
use model::bookmark::BookmarkRow;
use model::cluster::ClusterRow;
use model::data_center::DataCenterRow;
use model::directory::DirectoryRow;
use model::disk::DiskRow;
use model::event::EventRow;
use model::host::HostDetails;
use model::job::JobDetails;
use model::network::NetworkRow;
use model::quota::QuotaRow;
use model::role::RoleRow;
use model::storage_domain::StorageRow;
use model::tag::TagRow;
use model::template::TemplateRow;
use model::user::UserRow;
use model::vm::VmDetails;
use uuid::Uuid;

use super::{Chunk, Given, called, later};
use crate::frame::ListTab;
use crate::not_found::NotFound;
use crate::pages::account_home::Account;
use crate::pages::console::Console;
use crate::pages::help::Help;
use crate::pages::second_factor::{SetUp, TurnOff};
use crate::pages::{
    bookmarks, clusters, dashboard, data_centers, directories, disks, events, hosts, jobs, networks,
    permissions, quotas, roles, storage, tags, templates, users, vms,
};
use crate::palette::offer::{Offers, offers};
use crate::parts::details::{Place, below};

/// What the chunk makes.
#[derive(Clone, Copy)]
pub enum Entity {
    /// A list of its own; the virtual machines', the portal's first page, is not among them.
    List(ListTab),
    /// An object's page.
    Details(ListTab),
    /// An object in the lower pane of its list.
    Below(ListTab, Uuid, Place),
    /// What can be done with an object, told to the command palette.
    Offers(ListTab, Uuid, Offers),
    Help,
    /// The permissions on the whole system.
    Permissions,
    /// One's own account.
    Account,
    SecondFactor,
    SecondFactorOff,
    /// A VM's screen. Nothing of it runs here (`pages::console`), but its address is one of the router's.
    Console,
}

pub fn entity(what: Entity) -> AnyView {
    later(Chunk::Entities, Box::new(move || called(made(what))))
}

#[wasm_split(entities, fallible, wasm_split_path = leptos::wasm_split, preload(fetch))]
pub(super) fn made(what: Entity) -> Given {
    Ok(match what {
        Entity::List(tab) => list(tab),
        Entity::Details(tab) => details(tab),
        Entity::Below(tab, id, place) => lower(tab, id, place),
        Entity::Offers(tab, id, out) => offered(tab, id, out),
        Entity::Help => view! { <Help/> }.into_any(),
        Entity::Permissions => view! { <permissions::System/> }.into_any(),
        Entity::Account => view! { <Account/> }.into_any(),
        Entity::SecondFactor => view! { <SetUp/> }.into_any(),
        Entity::SecondFactorOff => view! { <TurnOff/> }.into_any(),
        Entity::Console => view! { <Console/> }.into_any(),
    })
}

fn list(tab: ListTab) -> AnyView {
    match tab {
        ListTab::Dashboard => view! { <dashboard::Dashboard/> }.into_any(),
        ListTab::DataCenters => view! { <data_centers::List/> }.into_any(),
        ListTab::Clusters => view! { <clusters::List/> }.into_any(),
        ListTab::Hosts => view! { <hosts::List/> }.into_any(),
        ListTab::Networks => view! { <networks::List/> }.into_any(),
        ListTab::Storage => view! { <storage::List/> }.into_any(),
        ListTab::Disks => view! { <disks::List/> }.into_any(),
        ListTab::Vms => view! { <vms::List/> }.into_any(),
        ListTab::Templates => view! { <templates::List/> }.into_any(),
        ListTab::Events => view! { <events::List/> }.into_any(),
        ListTab::Jobs => view! { <jobs::List/> }.into_any(),
        ListTab::Quotas => view! { <quotas::List/> }.into_any(),
        ListTab::Users => view! { <users::List/> }.into_any(),
        ListTab::Directories => view! { <directories::List/> }.into_any(),
        ListTab::Bookmarks => view! { <bookmarks::List/> }.into_any(),
        ListTab::Tags => view! { <tags::List/> }.into_any(),
        ListTab::Roles => view! { <roles::List/> }.into_any(),
    }
}

fn details(tab: ListTab) -> AnyView {
    match tab {
        ListTab::DataCenters => view! { <data_centers::Details/> }.into_any(),
        ListTab::Clusters => view! { <clusters::Details/> }.into_any(),
        ListTab::Hosts => view! { <hosts::Details/> }.into_any(),
        ListTab::Networks => view! { <networks::Details/> }.into_any(),
        ListTab::Storage => view! { <storage::Details/> }.into_any(),
        ListTab::Disks => view! { <disks::Details/> }.into_any(),
        ListTab::Vms => view! { <vms::Details/> }.into_any(),
        ListTab::Templates => view! { <templates::Details/> }.into_any(),
        ListTab::Jobs => view! { <jobs::Details/> }.into_any(),
        ListTab::Quotas => view! { <quotas::Details/> }.into_any(),
        ListTab::Users => view! { <users::Details/> }.into_any(),
        ListTab::Directories => view! { <directories::Details/> }.into_any(),
        ListTab::Bookmarks => view! { <bookmarks::Details/> }.into_any(),
        ListTab::Tags => view! { <tags::Details/> }.into_any(),
        ListTab::Roles => view! { <roles::Details/> }.into_any(),
        ListTab::Events => view! { <events::Details/> }.into_any(),
        // It has no objects.
        ListTab::Dashboard => view! { <NotFound/> }.into_any(),
    }
}

fn lower(tab: ListTab, id: Uuid, place: Place) -> AnyView {
    match tab {
        ListTab::DataCenters => below::<DataCenterRow>(id, place),
        ListTab::Clusters => below::<ClusterRow>(id, place),
        ListTab::Hosts => below::<HostDetails>(id, place),
        ListTab::Networks => below::<NetworkRow>(id, place),
        ListTab::Storage => below::<StorageRow>(id, place),
        ListTab::Disks => below::<DiskRow>(id, place),
        ListTab::Vms => below::<VmDetails>(id, place),
        ListTab::Templates => below::<TemplateRow>(id, place),
        ListTab::Jobs => below::<JobDetails>(id, place),
        ListTab::Quotas => below::<QuotaRow>(id, place),
        ListTab::Users => below::<UserRow>(id, place),
        ListTab::Directories => below::<DirectoryRow>(id, place),
        ListTab::Tags => below::<TagRow>(id, place),
        ListTab::Roles => below::<RoleRow>(id, place),
        ListTab::Events => below::<EventRow>(id, place),
        ListTab::Dashboard | ListTab::Bookmarks => ().into_any(),
    }
}

fn offered(tab: ListTab, id: Uuid, out: Offers) -> AnyView {
    match tab {
        ListTab::DataCenters => offers::<DataCenterRow>(id, out),
        ListTab::Clusters => offers::<ClusterRow>(id, out),
        ListTab::Hosts => offers::<HostDetails>(id, out),
        ListTab::Networks => offers::<NetworkRow>(id, out),
        ListTab::Storage => offers::<StorageRow>(id, out),
        ListTab::Disks => offers::<DiskRow>(id, out),
        ListTab::Vms => offers::<VmDetails>(id, out),
        ListTab::Templates => offers::<TemplateRow>(id, out),
        ListTab::Jobs => offers::<JobDetails>(id, out),
        ListTab::Quotas => offers::<QuotaRow>(id, out),
        ListTab::Users => offers::<UserRow>(id, out),
        ListTab::Directories => offers::<DirectoryRow>(id, out),
        ListTab::Bookmarks => offers::<BookmarkRow>(id, out),
        ListTab::Tags => offers::<TagRow>(id, out),
        ListTab::Roles => offers::<RoleRow>(id, out),
        ListTab::Dashboard | ListTab::Events => ().into_any(),
    }
}
