//! The event log, as a list of its own and as a part of every object's page.

use leptos::prelude::*;
use model::event::{EventRow, Severity};
use model::id::Kind;
use model::list::ListQuery;
use model::text::t;
use uuid::Uuid;

use crate::api;
use crate::frame::ListTab;
use crate::parts::action::Deed;
use crate::parts::list::{ColumnOf, EntityList, Listed, Loading, plain, sorted};
use crate::parts::time::When;
use crate::parts::value::{link, severity_look, status, text};
use crate::paths;

impl Listed for EventRow {
    const TAB: ListTab = ListTab::Events;
    const KIND: Kind = Kind::Event;
    const EMPTY: (&'static str, &'static str) = ("events-none", "events-none-hint");
    const NEW: Option<&'static str> = None;
    const DEFAULT_SORT: Option<&'static str> = None;

    fn id(&self) -> Uuid {
        Uuid::from_u128(self.id.unsigned_abs().into())
    }

    fn name(&self) -> String {
        self.text.to_string()
    }

    fn columns() -> &'static [ColumnOf<Self>] {
        const {
            &[
                sorted("field-severity", "severity", |r: &EventRow| {
                    status(severity_look(r.severity), severity(r.severity), None)
                }),
                sorted("field-time", "time", |r| view! { <When at=r.time/> }.into_any()),
                sorted("field-message", "message", |r| r.text.to_string().into_any()),
                plain("field-about", about),
                sorted("field-user", "user", |r| text(r.user.clone())),
                plain("kind-job-title", job),
                sorted("field-correlation", "correlation", |r| text(r.correlation_id.clone())),
            ]
        }
    }

    fn deeds() -> &'static [Deed<Self>] {
        &[]
    }

    fn load(query: ListQuery) -> Loading<Self> {
        Box::pin(api::events::list(query))
    }
}

fn severity(severity: Severity) -> String {
    t(match severity {
        Severity::Normal => "severity-normal",
        Severity::Warning => "severity-warning",
        Severity::Error => "severity-error",
        Severity::Alert => "severity-alert",
    })
}

/// Links to what it is about; what is gone answers that it is not there.
fn about(r: &EventRow) -> AnyView {
    let one = |(kind, id, name): &(Kind, Uuid, String)| match paths::of_kind(*kind, *id) {
        Some(href) if !name.is_empty() => {
            view! { <a class="dr-nowrap" href=href>{name.clone()}</a>" " }.into_any()
        }
        _ => ().into_any(),
    };
    r.objects.iter().map(one).collect_view().into_any()
}

fn job(r: &EventRow) -> AnyView {
    match r.job {
        Some(id) => link(ListTab::Jobs, id, t("event-job")),
        None => text(None),
    }
}

#[component]
pub fn List() -> impl IntoView {
    view! { <EntityList<EventRow>/> }
}
