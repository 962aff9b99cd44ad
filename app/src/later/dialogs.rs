//! The chunk of the dialogs: what makes something new, and what is over an object's page.
#![allow(unsafe_code, reason = "the macro's own way into the chunk")]

use leptos::prelude::*;
use leptos::wasm_split::wasm_split;
use model::id::Kind;

use super::{Chunk, Given, called, later};
use crate::frame::ListTab;
use crate::not_found::NotFound;
use crate::pages::{
    bookmarks, bulk, clusters, columns, data_centers, directories, disks, events, hosts, hosts_dialog, jobs,
    networks, permissions, providers_dialog, quotas_dialog, roles, storage, tags, tags_assign, templates,
    users, users_dialogs, vms, vms_dialog,
};

/// What the chunk makes.
#[derive(Clone, Copy)]
pub enum Dialog {
    /// What makes a new one, over the list.
    New(ListTab),
    /// What is over the page of one.
    Part(ListTab),
    /// What puts on or takes in many at once.
    Many(ListTab),
    /// Which columns a list shows.
    Columns(ListTab),
    /// A deed on many at once.
    Bulk(ListTab),
    /// Over the permissions of the whole system.
    Permission(&'static str),
}

pub fn dialog(what: Dialog) -> AnyView {
    later(Chunk::Dialogs, Box::new(move || called(made(what))))
}

#[wasm_split(dialogs, fallible, wasm_split_path = leptos::wasm_split, preload(fetch))]
pub(super) fn made(what: Dialog) -> Given {
    Ok(match what {
        Dialog::New(tab) => new(tab),
        Dialog::Part(tab) => part(tab),
        Dialog::Columns(tab) => columns::dialog_of(tab),
        Dialog::Bulk(tab) => bulk::dialog_of(tab),
        Dialog::Permission(deed) => permissions::dialog(Kind::System, deed),
        Dialog::Many(ListTab::Users) => view! { <users_dialogs::Add/> }.into_any(),
        Dialog::Many(ListTab::Directories) => view! { <providers_dialog::New/> }.into_any(),
        Dialog::Many(_) => view! { <tags_assign::Many/> }.into_any(),
    })
}

fn new(tab: ListTab) -> AnyView {
    match tab {
        ListTab::DataCenters => view! { <data_centers::New/> }.into_any(),
        ListTab::Clusters => view! { <clusters::New/> }.into_any(),
        ListTab::Hosts => view! { <hosts_dialog::New/> }.into_any(),
        ListTab::Networks => view! { <networks::New/> }.into_any(),
        ListTab::Storage => view! { <storage::New/> }.into_any(),
        ListTab::Quotas => view! { <quotas_dialog::New/> }.into_any(),
        ListTab::Vms => view! { <vms_dialog::New/> }.into_any(),
        ListTab::Bookmarks => view! { <bookmarks::New/> }.into_any(),
        ListTab::Tags => view! { <tags::New/> }.into_any(),
        ListTab::Roles => view! { <roles::New/> }.into_any(),
        ListTab::Users => view! { <users_dialogs::New/> }.into_any(),
        ListTab::Directories => view! { <directories::New/> }.into_any(),
        // These are made of others.
        ListTab::Dashboard | ListTab::Disks | ListTab::Templates | ListTab::Events | ListTab::Jobs => {
            view! { <NotFound/> }.into_any()
        }
    }
}

fn part(tab: ListTab) -> AnyView {
    match tab {
        ListTab::DataCenters => view! { <data_centers::Part/> }.into_any(),
        ListTab::Clusters => view! { <clusters::Part/> }.into_any(),
        ListTab::Hosts => view! { <hosts::Part/> }.into_any(),
        ListTab::Networks => view! { <networks::Part/> }.into_any(),
        ListTab::Storage => view! { <storage::Part/> }.into_any(),
        ListTab::Disks => view! { <disks::Part/> }.into_any(),
        ListTab::Vms => view! { <vms::Part/> }.into_any(),
        ListTab::Templates => view! { <templates::Part/> }.into_any(),
        ListTab::Jobs => view! { <jobs::Part/> }.into_any(),
        ListTab::Quotas => view! { <quotas_dialog::Part/> }.into_any(),
        ListTab::Users => view! { <users::Part/> }.into_any(),
        ListTab::Directories => view! { <directories::Part/> }.into_any(),
        ListTab::Bookmarks => view! { <bookmarks::Part/> }.into_any(),
        ListTab::Tags => view! { <tags::Part/> }.into_any(),
        ListTab::Roles => view! { <roles::Part/> }.into_any(),
        ListTab::Events => view! { <events::Part/> }.into_any(),
        ListTab::Dashboard => view! { <NotFound/> }.into_any(),
    }
}
