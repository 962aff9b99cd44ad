//! An empty list says what would be in it and how to begin.

use leptos::prelude::*;
use model::list::ListQuery;
use model::text::t;
use ui::{ButtonKind, ButtonLink, EmptyState, Icon};

use super::Listed;
use crate::paths;

pub fn empty<T: Listed>(query: Signal<ListQuery>, main: bool) -> AnyView {
    let (title, hint) = T::EMPTY;
    let icon = T::TAB.icon();
    if !main {
        return view! { <EmptyState icon=icon title=t(title) small=true>{t("list-empty-here")}</EmptyState> }
            .into_any();
    }
    // Beyond the last page, or below a node that has none.
    if query.with_untracked(|q| q.page > 1 || q.within.is_some()) {
        let all = || view! { <ButtonLink href=paths::list(T::TAB)>{t("list-unscope")}</ButtonLink> };
        return view! { <EmptyState icon=icon title=t("list-none-here") actions=all>{t("list-empty-here")}</EmptyState> }.into_any();
    }
    match T::NEW {
        Some(key) => {
            let new = move || {
                view! {
                    <ButtonLink kind=ButtonKind::Primary icon=Icon::Plus href=paths::new(T::TAB, None)>{t(key)}</ButtonLink>
                }
            };
            view! { <EmptyState icon=icon title=t(title) actions=new>{t(hint)}</EmptyState> }.into_any()
        }
        None => view! { <EmptyState icon=icon title=t(title)>{t(hint)}</EmptyState> }.into_any(),
    }
}
