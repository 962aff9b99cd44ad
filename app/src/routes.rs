//! Which page stands at which address. The dashboard, lists and their *new* dialogs, objects and everything below them; all of it
//! in the frame, but the sign-in and the password, which stand alone. The console of a VM does too: its route goes
//! beside theirs. What is not on the first page comes later (`crate::later`).

use leptos::prelude::*;
use leptos_router::any_nested_route::IntoAnyNestedRoute;
use leptos_router::components::{ParentRoute, Route, Routes};
use leptos_router::hooks::use_location;
use leptos_router::{MatchNestedRoutes, path};

use crate::forms::form::Posted;
use crate::frame::ListTab;
use crate::later::{Dialog, Entity, Own, Place, dialog, entity, own, place};
use crate::not_found::Nowhere;
use crate::pages::portal::Portal;
use crate::pages::vms;

/// An outlet with nothing over the page.
#[component]
fn Nothing() -> impl IntoView {}

/// A list with the dialogs that have an address of their own beside it.
macro_rules! list {
    ($name:ident, $path:tt, $tab:ident $(, $word:tt => $dialog:ident)*) => {
        list!($name, $path, || entity(Entity::List(ListTab::$tab)), $tab $(, $word => $dialog)*);
    };
    ($name:ident, $path:tt, $list:expr, $tab:ident $(, $word:tt => $dialog:ident)*) => {
        #[component(transparent)]
        fn $name() -> impl MatchNestedRoutes + Clone {
            view! {
                <ParentRoute path=path!($path) view=$list>
                    <Route path=path!("") view=Nothing/>
                    $(<Route path=path!($word) view=|| dialog(Dialog::$dialog(ListTab::$tab))/>)*
                </ParentRoute>
            }
            .into_inner()
            .into_any_nested_route()
        }
    };
}

/// An object's page with its parts and dialogs.
macro_rules! details {
    ($name:ident, $path:tt, $tab:ident) => {
        #[component(transparent)]
        fn $name() -> impl MatchNestedRoutes + Clone {
            view! {
                <ParentRoute path=path!($path) view=|| entity(Entity::Details(ListTab::$tab))>
                    <Route path=path!("") view=Nothing/>
                    <Route path=path!(":part") view=|| dialog(Dialog::Part(ListTab::$tab))/>
                </ParentRoute>
            }
            .into_inner()
            .into_any_nested_route()
        }
    };
}

list!(Dashboard, "/dashboard", Dashboard);
list!(DataCenters, "/data-centers", DataCenters, "new" => New, "bulk" => Bulk, "columns" => Columns);
list!(Clusters, "/clusters", Clusters, "new" => New, "bulk" => Bulk, "columns" => Columns);
list!(Hosts, "/hosts", Hosts, "new" => New, "bulk" => Bulk, "columns" => Columns);
list!(Networks, "/networks", Networks, "new" => New, "bulk" => Bulk, "columns" => Columns);
list!(StorageDomains, "/storage", Storage, "new" => New, "bulk" => Bulk, "columns" => Columns);
list!(Disks, "/disks", Disks, "bulk" => Bulk, "columns" => Columns);
// The first page, and so the one that is there from the beginning.
list!(Vms, "/vms", vms::List, Vms, "new" => New, "bulk" => Bulk, "columns" => Columns);
list!(Templates, "/templates", Templates, "bulk" => Bulk, "columns" => Columns);
list!(Events, "/events", Events, "bulk" => Bulk, "columns" => Columns);
list!(Jobs, "/jobs", Jobs, "bulk" => Bulk, "columns" => Columns);
list!(Quotas, "/quotas", Quotas, "new" => New, "bulk" => Bulk, "columns" => Columns);
list!(Users, "/users", Users, "new" => New, "add" => Many, "columns" => Columns);
list!(Directories, "/directories", Directories, "new" => New, "add" => Many, "columns" => Columns);
list!(Bookmarks, "/bookmarks", Bookmarks, "new" => New, "bulk" => Bulk, "columns" => Columns);
list!(Tags, "/tags", Tags, "new" => New, "assign" => Many, "bulk" => Bulk, "columns" => Columns);
list!(Roles, "/roles", Roles, "new" => New, "bulk" => Bulk, "columns" => Columns);
details!(Role, "/roles/:id", Roles);
details!(DataCenter, "/data-centers/:id", DataCenters);
details!(Cluster, "/clusters/:id", Clusters);
details!(Host, "/hosts/:id", Hosts);
details!(Network, "/networks/:id", Networks);
details!(StorageDomain, "/storage/:id", Storage);
details!(Disk, "/disks/:id", Disks);
details!(Vm, "/vms/:id", Vms);
details!(Template, "/templates/:id", Templates);
details!(Event, "/events/:id", Events);
details!(Job, "/jobs/:id", Jobs);
details!(Quota, "/quotas/:id", Quotas);
details!(User, "/users/:id", Users);
details!(Directory, "/directories/:id", Directories);
details!(Bookmark, "/bookmarks/:id", Bookmarks);
details!(Tag, "/tags/:id", Tags);

/// The permissions on the whole system, with their dialogs.
#[component(transparent)]
fn Permissions() -> impl MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("/permissions") view=|| entity(Entity::Permissions)>
            <Route path=path!("") view=Nothing/>
            <Route path=path!("add") view=|| dialog(Dialog::Permission("add"))/>
            <Route path=path!("remove") view=|| dialog(Dialog::Permission("remove"))/>
            <Route path=path!("explain") view=|| dialog(Dialog::Permission("explain"))/>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

#[component(transparent)]
fn Account() -> impl MatchNestedRoutes + Clone {
    view! { <Route path=path!("/account") view=|| entity(Entity::Account)/> }
        .into_inner()
        .into_any_nested_route()
}

#[component(transparent)]
fn InFrame() -> impl MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("") view=Portal>
            <Account/>
            <Dashboard/>
            <DataCenters/>
            <Clusters/>
            <Hosts/>
            <Networks/>
            <StorageDomains/>
            <Disks/>
            <Vms/>
            <Templates/>
            <Events/>
            <Jobs/>
            <Quotas/>
            <Users/>
            <Directories/>
            <Bookmarks/>
            <Tags/>
            <Roles/>
            <Permissions/>
            <DataCenter/>
            <Cluster/>
            <Host/>
            <Network/>
            <StorageDomain/>
            <Disk/>
            <Vm/>
            <Template/>
            <Event/>
            <Job/>
            <Quota/>
            <User/>
            <Directory/>
            <Bookmark/>
            <Tag/>
            <Role/>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

/// The VM portal. Its dialogs are the other portal's, over its own pages.
#[component(transparent)]
fn InVmPortal() -> impl MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("/portal") view=|| place(Place::Frame)>
            <Route path=path!("") view=|| place(Place::Home)/>
            <Route path=path!("events") view=|| place(Place::Events)/>
            <Route path=path!("settings") view=|| place(Place::Settings)/>
            <Route path=path!("vms/new") view=|| place(Place::Wizard)/>
            <ParentRoute path=path!("vms/:id") view=|| place(Place::Machine)>
                <Route path=path!("") view=Nothing/>
                <Route path=path!(":part") view=|| dialog(Dialog::Part(ListTab::Vms))/>
            </ParentRoute>
            <Route path=path!("templates") view=|| place(Place::Templates)/>
            <ParentRoute path=path!("templates/:id") view=|| place(Place::Templates)>
                <Route path=path!(":part") view=|| dialog(Dialog::Part(ListTab::Templates))/>
            </ParentRoute>
            <Route path=path!("resources") view=|| place(Place::Resources)/>
            <ParentRoute path=path!("disks/:id") view=|| place(Place::Resources)>
                <Route path=path!(":part") view=|| dialog(Dialog::Part(ListTab::Disks))/>
            </ParentRoute>
            <ParentRoute path=path!("quotas/:id") view=|| place(Place::Resources)>
                <Route path=path!(":part") view=|| dialog(Dialog::Part(ListTab::Quotas))/>
            </ParentRoute>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

/// What was posted belongs to the page that answered it, and not to those that are gone to from there.
fn forget_posted() {
    let Some(Posted(posted)) = use_context::<Posted>() else { return };
    let path = use_location().pathname;
    Effect::new(move |first: Option<String>| {
        let now = path.get();
        if first.is_some_and(|before| before != now) {
            posted.set_value(None);
        }
        now
    });
}

/// Every page.
#[component]
pub fn Pages() -> impl IntoView {
    forget_posted();
    view! {
        <Routes fallback=Nowhere>
            <Route path=path!("/sign-in") view=|| own(Own::SignIn)/>
            <Route path=path!("/sign-in/code") view=|| own(Own::Code)/>
            <Route path=path!("/sign-in/oidc/:provider") view=|| own(Own::SignIn)/>
            <Route path=path!("/account/second-factor") view=|| entity(Entity::SecondFactor)/>
            <Route path=path!("/account/second-factor/off") view=|| entity(Entity::SecondFactorOff)/>
            <Route path=path!("/password") view=|| own(Own::Password)/>
            <Route path=path!("/vms/:id/console") view=|| entity(Entity::Console)/>
            <Route path=path!("/help") view=|| entity(Entity::Help)/>
            <Route path=path!("/help/:page") view=|| entity(Entity::Help)/>
            <InVmPortal/>
            <InFrame/>
        </Routes>
    }
}
