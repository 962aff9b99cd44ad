//! What happened: to all of one's machines, or to one.

use leptos::prelude::*;
use leptos_meta::Title;
use model::event::EventRow;
use model::id::Kind;
use model::list::{ListQuery, PAGE_SIZES, Page};
use model::live::Change;
use model::text::t;
use ui::{EmptyState, Icon, PageHead, Section};
use uuid::Uuid;

use crate::api::{self, Data};
use crate::live::{Heard, Live, Soon};
use crate::parts::time::When;
use crate::parts::value::{severity_look, status};
use crate::parts::waiting::shown;

#[component]
pub fn Events() -> impl IntoView {
    view! {
        <Title text=t("tab-events")/>
        <PageHead title=t("tab-events")/>
        <Section>{listed_of(told(None))}</Section>
    }
    .into_any()
}

/// The newest of everything that this person sees, or of what is below an object.
pub fn told(within: Option<Uuid>) -> Data<Page<EventRow>> {
    let query =
        move || ListQuery { within, size: PAGE_SIZES[usize::from(within.is_none())], ..ListQuery::default() };
    let page = Data::new(move || api::events::list(query()));
    if let Some(live) = use_context::<Live>() {
        let again = Soon::new(move || page.refetch());
        live.on(move |heard| match heard {
            Heard::Change(change) if change.kind == Kind::Event && change.change == Change::Added => {
                again.ask()
            }
            Heard::Lagged => again.ask(),
            _ => {}
        });
    }
    page
}

pub fn listed_of(page: Data<Page<EventRow>>) -> AnyView {
    shown(4, page, listed)
}

fn listed(page: Page<EventRow>) -> AnyView {
    if page.rows.is_empty() {
        return view! { <EmptyState icon=Icon::Events title=t("events-none") small=true>{t("events-none-hint")}</EmptyState> }
            .into_any();
    }
    let one = |event: EventRow| {
        let word = t(&format!("severity-{}", event.severity.as_str()));
        view! {
            <li class="dr-parts__one">
                <span class="dr-parts__name">{event.text.to_string()}</span>
                <span class="dr-parts__about"><When at=event.time/> " " {event.user}</span>
                <span class="dr-parts__end">{status(severity_look(event.severity), word, None)}</span>
            </li>
        }
        .into_any()
    };
    view! { <ul class="dr-parts" aria-label=t("tab-events")>{page.rows.into_iter().map(one).collect_view()}</ul> }.into_any()
}
