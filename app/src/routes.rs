//! Which page stands at which address. Lists and their *new* dialogs, objects and everything below them; all of it
//! in the frame, but the sign-in and the password, which stand alone. The console of a VM does too: its route goes
//! beside theirs.

use leptos::prelude::*;
use leptos_router::any_nested_route::IntoAnyNestedRoute;
use leptos_router::components::{ParentRoute, Route, Routes};
use leptos_router::hooks::use_location;
use leptos_router::{MatchNestedRoutes, path};

use crate::forms::form::Posted;
use crate::not_found::Nowhere;
use crate::pages::account::Password;
use crate::pages::console::Console;
use crate::pages::help::Help;
use crate::pages::portal::Portal;
use crate::pages::sign_in::SignIn;
use crate::pages::{
    clusters, data_centers, disks, events, hosts, hosts_dialog, jobs, networks, storage, templates, vms,
    vms_dialog,
};

/// An outlet with nothing over the page.
#[component]
fn Nothing() -> impl IntoView {}

/// A list with the dialog that makes something new.
macro_rules! list {
    ($name:ident, $path:tt, $list:path $(, $new:path)?) => {
        #[component(transparent)]
        fn $name() -> impl MatchNestedRoutes + Clone {
            view! {
                <ParentRoute path=path!($path) view=$list>
                    <Route path=path!("") view=Nothing/>
                    $(<Route path=path!("new") view=$new/>)?
                </ParentRoute>
            }
            .into_inner()
            .into_any_nested_route()
        }
    };
}

/// An object's page with its parts and dialogs.
macro_rules! details {
    ($name:ident, $path:tt, $module:ident) => {
        #[component(transparent)]
        fn $name() -> impl MatchNestedRoutes + Clone {
            view! {
                <ParentRoute path=path!($path) view=$module::Details>
                    <Route path=path!("") view=Nothing/>
                    <Route path=path!(":part") view=$module::Part/>
                </ParentRoute>
            }
            .into_inner()
            .into_any_nested_route()
        }
    };
}

list!(DataCenters, "/data-centers", data_centers::List, data_centers::New);
list!(Clusters, "/clusters", clusters::List, clusters::New);
list!(Hosts, "/hosts", hosts::List, hosts_dialog::New);
list!(Networks, "/networks", networks::List, networks::New);
list!(StorageDomains, "/storage", storage::List, storage::New);
list!(Disks, "/disks", disks::List);
list!(Vms, "/vms", vms::List, vms_dialog::New);
list!(Templates, "/templates", templates::List);
list!(Events, "/events", events::List);
list!(Jobs, "/jobs", jobs::List);
details!(DataCenter, "/data-centers/:id", data_centers);
details!(Cluster, "/clusters/:id", clusters);
details!(Host, "/hosts/:id", hosts);
details!(Network, "/networks/:id", networks);
details!(StorageDomain, "/storage/:id", storage);
details!(Disk, "/disks/:id", disks);
details!(Vm, "/vms/:id", vms);
details!(Template, "/templates/:id", templates);
details!(Event, "/events/:id", events);
details!(Job, "/jobs/:id", jobs);

#[component(transparent)]
fn InFrame() -> impl MatchNestedRoutes + Clone {
    view! {
        <ParentRoute path=path!("") view=Portal>
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
            <Route path=path!("/sign-in") view=SignIn/>
            <Route path=path!("/password") view=Password/>
            <Route path=path!("/vms/:id/console") view=Console/>
            <Route path=path!("/help") view=Help/>
            <Route path=path!("/help/:page") view=Help/>
            <InFrame/>
        </Routes>
    }
}
