//! Facts about one thing as a description list, in as many columns as there is room for, and the cards they
//! stand in.

use leptos::prelude::*;

/// The list; its children are `Detail`s.
#[component]
pub fn DescriptionList(children: Children) -> impl IntoView {
    view! {
        <dl class="pf-v6-c-description-list pf-m-horizontal pf-m-compact dr-details">{children()}</dl>
    }
    .into_any()
}

/// One fact.
#[component]
pub fn Detail(#[prop(into)] term: String, children: Children) -> impl IntoView {
    view! {
        <div class="pf-v6-c-description-list__group">
            <dt class="pf-v6-c-description-list__term"><span class="pf-v6-c-description-list__text">{term}</span></dt>
            <dd class="pf-v6-c-description-list__description">
                <div class="pf-v6-c-description-list__text">{children()}</div>
            </dd>
        </div>
    }
    .into_any()
}

/// A card with a title.
#[component]
pub fn Card(
    #[prop(into)] title: String,
    #[prop(optional, into)] actions: Option<ViewFnOnce>,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="pf-v6-c-card pf-m-compact dr-card">
            <div class="pf-v6-c-card__header">
                {actions.map(|actions| view! { <div class="pf-v6-c-card__actions">{actions.run()}</div> })}
                <div class="pf-v6-c-card__header-main">
                    <div class="pf-v6-c-card__title"><h2 class="pf-v6-c-card__title-text">{title}</h2></div>
                </div>
            </div>
            <div class="pf-v6-c-card__body">{children()}</div>
        </section>
    }
    .into_any()
}

/// Cards beside each other where there is room.
#[component]
pub fn Cards(children: Children) -> impl IntoView {
    view! { <div class="dr-cards">{children()}</div> }.into_any()
}
