//! The frame around every page of the administration portal: masthead, tree, list tabs, footer. It shows plain
//! data and calls back; who is signed in, what runs and what the tree holds is the business of the pages.

mod brand;
mod connection;
mod footer;
mod language;
mod masthead;
mod search;
mod side;
mod tabs;
mod tree_pane;

use leptos::prelude::*;
use model::text::t;
use ui::PageFrame;

pub use brand::{Brand, BrandMark};
pub use connection::{Connection, ConnectionBanner};
pub use footer::{LastMessage, LastMessageBar};
pub use language::{LanguageItems, LanguageLinks};
pub use masthead::{AlertSummary, JobSummary, Mast, MastLinks, UserMenu};
pub use search::{PROPOSALS, SearchBar, Typing, proposal_id};
pub use side::SidePane;
pub use tabs::{ListTab, ListTabs};
pub use tree_pane::TreePane;

/// What the frame shows besides the page. All signals, so that the live stream can move them.
#[derive(Clone, Copy)]
pub struct FrameData {
    /// `admin@internal`
    pub principal: Signal<String>,
    /// The name of the person's highest role, below the principal in the menu.
    pub role: Signal<Option<String>>,
    pub jobs: Signal<Vec<JobSummary>>,
    /// The alerts that stand.
    pub alerts: Signal<Vec<AlertSummary>>,
    pub last: Signal<Option<LastMessage>>,
    pub tree: Signal<Vec<ui::TreeRow>>,
    pub connection: Signal<Connection>,
    pub current: Signal<Option<ListTab>>,
    /// What the left pane has beside the tree.
    pub bookmarks: fn() -> AnyView,
    pub tags: fn() -> AnyView,
}

/// What a person does to the frame.
#[derive(Clone, Copy)]
pub struct FrameDeeds {
    /// A node's id and whether it shall be open.
    pub toggle_node: Callback<(String, bool)>,
    pub expand_all: Callback<()>,
    pub collapse_all: Callback<()>,
    /// A node's id, and where its menu is asked for.
    pub node_menu: Callback<(String, (i32, i32))>,
}

/// Whether there is room for panes beside and below each other, as the style sheet has it. In handlers only.
pub fn is_wide() -> bool {
    window().inner_width().ok().and_then(|w| w.as_f64()).is_none_or(|w| w > 900.0)
}

/// The frame with a page in it. `links` are the addresses; `tab_href` makes the address of a list in the
/// scope of the chosen node.
#[component]
pub fn Frame(
    data: FrameData,
    deeds: FrameDeeds,
    links: MastLinks,
    #[prop(into)] tab_href: Callback<ListTab, String>,
    children: Children,
) -> impl IntoView {
    let side_open = RwSignal::new(None::<bool>);
    let events = links.events.clone();
    let masthead = move || view! { <Mast data=data links=links side_open=side_open/> };
    let banner = move || view! { <ConnectionBanner state=data.connection/> };
    let side = move || view! { <SidePane data=data deeds=deeds/> };
    let footer = move || view! { <LastMessageBar last=data.last events_href=events/> };
    view! {
        <PageFrame
            skip_label=t("frame-skip")
            side_label=t("frame-side")
            masthead=masthead
            banner=banner
            side=side
            footer=footer
            side_open=side_open
        >
            <ListTabs current=data.current href=tab_href administrator=Signal::derive(move || data.role.with(Option::is_some))/>
            {children()}
        </PageFrame>
    }
    .into_any()
}
