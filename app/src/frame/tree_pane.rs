//! The left pane with the tree.

use leptos::prelude::*;
use model::text::t;
use ui::{Button, ButtonKind, Icon, TreeRow, TreeView};

use super::FrameDeeds;

/// The pane. The rows come flat, open ones only; see `ui::TreeView`.
#[component]
pub fn TreePane(rows: Signal<Vec<TreeRow>>, deeds: FrameDeeds) -> impl IntoView {
    view! {
        <div class="dr-pane__head">
            <h2 class="dr-pane__title">{t("frame-tree")}</h2>
            <span class="dr-needs-script">
                <Button kind=ButtonKind::Plain small=true icon=Icon::ExpandAll label=t("frame-tree-expand") on_press=move |_| deeds.expand_all.run(())/>
                <Button kind=ButtonKind::Plain small=true icon=Icon::CollapseAll label=t("frame-tree-collapse") on_press=move |_| deeds.collapse_all.run(())/>
            </span>
        </div>
        <div class="dr-pane__body"><TreeView label=t("frame-tree") rows=rows on_toggle=deeds.toggle_node on_menu=deeds.node_menu/></div>
    }
    .into_any()
}
