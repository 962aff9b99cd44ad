//! The frame around the VM portal's pages: who is signed in, where one can go, and what happened.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use leptos_router::nested_router::Outlet;
use model::portal::Begun as PortalBegun;
use model::text::t;
use ui::{Icon, Masthead, PageFrame, Tab, Tabs};

use super::messages::{Bell, Messages, Popping};
use crate::api::start::Start;
use crate::api::{self, ApiError};
use crate::asked::InPortal;
use crate::frame::{Brand, ConnectionBanner, UserMenu};
use crate::live::Live;
use crate::pages::portal::Begun;
use crate::parts::fault::fault_view;
use crate::parts::time::Now;
use crate::parts::trouble::{Trouble, TroubleAlert};
use crate::parts::waiting::shown;
use crate::paths;

/// What the page began with: what this person set, and whether they may make machines.
#[derive(Clone)]
pub struct Own(pub PortalBegun);

/// The same, for what is in the frame.
pub fn own() -> PortalBegun {
    use_context::<Own>().map(|own| own.0).unwrap_or_default()
}

#[component]
pub fn Frame() -> impl IntoView {
    provide_context(InPortal);
    match use_context::<Begun>().and_then(|begun| begun.0) {
        Some(start) if start.portal.is_some() => view! { <Signed start=start/> }.into_any(),
        // From the administration portal, whose pages began with other things.
        Some(_) => shown(4, api::Data::new(|| api::start::again(true)), |start: Start| {
            view! { <Signed start=start/> }.into_any()
        }),
        None => fault_view(ApiError(model::Fault::SignedOut)),
    }
}

#[component]
fn Signed(start: Start) -> impl IntoView {
    Now::provide();
    crate::active::provide();
    let live = Live::provide();
    let own = start.portal.unwrap_or_default();
    let messages = Messages::provide(own.set.quiet_until);
    provide_context(Own(own));
    let trouble = Trouble::provide();
    let administrator = start.me.administrator;
    let principal = start.me.principal;
    let masthead = move || {
        view! {
            <Masthead brand=|| view! { <Brand/> } home=paths::PORTAL home_label=t("portal-home")>
                <span class="dr-portal__name">{t("portal-title")}</span>
                <div class="dr-masthead__end">
                    <Bell messages=messages/>
                    <UserMenu
                        principal=Signal::stored(principal)
                        role=Signal::stored(None)
                        other=administrator.then(|| (t("portal-to-administration"), paths::HOME))
                        account=paths::PORTAL_SETTINGS.to_owned()
                        sign_out=paths::SIGN_OUT.to_owned()
                    />
                </div>
            </Masthead>
        }
    };
    view! {
        <PageFrame
            skip_label=t("frame-skip")
            side_label=""
            masthead=masthead
            banner=move || view! { <ConnectionBanner state=live.connection()/> }
        >
            <Places/>
            <TroubleAlert trouble=trouble/>
            <div class="dr-portal"><Outlet/></div>
        </PageFrame>
        <Popping messages=messages/>
    }
    .into_any()
}

/// Where one can go.
#[component]
fn Places() -> impl IntoView {
    let path = use_location().pathname;
    let place = move |href: &'static str, label: &str, icon: Icon| {
        let current = move || match href {
            paths::PORTAL => path.with(|path| path == href || path.starts_with("/portal/vms")),
            _ => path.with(|path| path.starts_with(href)),
        };
        let label = t(label);
        view! { <Tab href=href current=Signal::derive(current) icon=icon>{label}</Tab> }.into_any()
    };
    view! {
        <Tabs label=t("portal-places")>
            {place(paths::PORTAL, "tab-vms", Icon::Monitor)}
            {place(paths::PORTAL_TEMPLATES, "tab-templates", Icon::Template)}
            {place(paths::PORTAL_RESOURCES, "portal-resources", Icon::Gauge)}
            {place(paths::PORTAL_EVENTS, "tab-events", Icon::Events)}
        </Tabs>
    }
    .into_any()
}
