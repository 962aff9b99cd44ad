//! An empty list says what would be in it and how to begin.

use leptos::prelude::*;
use model::list::ListQuery;
use model::text::t;
use ui::{ButtonKind, ButtonLink, EmptyState, Icon};

use super::kind::ListKind;
use crate::paths;

pub fn empty(kind: &ListKind, query: Signal<ListQuery>, main: bool) -> AnyView {
    let (tab, (title, hint)) = (kind.tab, kind.empty);
    let icon = tab.icon();
    if !main {
        return view! { <EmptyState icon=icon title=t(title) small=true>{t("list-empty-here")}</EmptyState> }
            .into_any();
    }
    if query.with_untracked(|q| q.search.is_some()) {
        let all = move || {
            let whole = query.with_untracked(|q| ListQuery { search: None, page: 1, ..q.clone() });
            view! { <ButtonLink href=paths::list_with(tab, &whole)>{t("search-clear")}</ButtonLink> }
        };
        return view! { <EmptyState icon=Icon::Search title=t("search-none") actions=all>{t("search-none-hint")}</EmptyState> }.into_any();
    }
    // Beyond the last page, or below a node that has none.
    if query.with_untracked(|q| q.page > 1 || q.within.is_some()) {
        let all = move || view! { <ButtonLink href=paths::list(tab)>{t("list-unscope")}</ButtonLink> };
        return view! { <EmptyState icon=icon title=t("list-none-here") actions=all>{t("list-empty-here")}</EmptyState> }.into_any();
    }
    match kind.new {
        Some(key) => {
            let new = move || {
                view! {
                    <ButtonLink kind=ButtonKind::Primary icon=Icon::Plus href=paths::new(tab, None)>{t(key)}</ButtonLink>
                }
            };
            view! { <EmptyState icon=icon title=t(title) actions=new>{t(hint)}</EmptyState> }.into_any()
        }
        None => view! { <EmptyState icon=icon title=t(title)>{t(hint)}</EmptyState> }.into_any(),
    }
}
