//! The left pane with its tabs: the tree, the bookmarks, the tags. Which one is up is remembered by the browser.

use leptos::prelude::*;
use model::text::t;
use ui::{PaneTab, PaneTabs};

use super::{FrameData, FrameDeeds, ListTab, TreePane};
use crate::paths;

const TABS: [&str; 3] = ["tree", "bookmarks", "tags"];
/// Where the browser keeps the one that is up.
const KEPT: &str = "drover-pane";

#[component]
pub fn SidePane(data: FrameData, deeds: FrameDeeds) -> impl IntoView {
    let shown = RwSignal::new(TABS[0]);
    remember(shown);
    let tree = move || view! { <TreePane rows=data.tree deeds=deeds/> };
    let [bookmarks, tags] = [ListTab::Bookmarks, ListTab::Tags].map(|tab| Some(paths::list(tab).to_owned()));
    let tabs = vec![
        PaneTab { id: TABS[0], title: t("frame-tree"), href: None, body: tree.into() },
        PaneTab {
            id: TABS[1],
            title: ListTab::Bookmarks.label(),
            href: bookmarks,
            body: data.bookmarks.into(),
        },
        PaneTab { id: TABS[2], title: ListTab::Tags.label(), href: tags, body: data.tags.into() },
    ];
    view! { <PaneTabs label=t("frame-side") shown=shown tabs=tabs/> }.into_any()
}

fn remember(shown: RwSignal<&'static str>) {
    Effect::new(move |before: Option<()>| {
        let now = shown.get();
        let Some(storage) = window().local_storage().ok().flatten() else { return };
        if before.is_some() {
            // Full or forbidden: then it is forgotten.
            let _ = storage.set_item(KEPT, now);
        } else if let Some(kept) = storage.get_item(KEPT).ok().flatten()
            && let Some(tab) = TABS.into_iter().find(|tab| *tab == kept)
        {
            shown.set(tab);
        }
    });
}
