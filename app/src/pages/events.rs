//! The event log, as a list of its own and as a part of every object's page, and one event with everything that is
//! known of it.

use leptos::prelude::*;
use model::Action;
use model::event::{EventRow, Severity};
use model::id::Kind;
use model::list::ListQuery;
use model::text::{t, ta};
use ui::{ButtonKind, ButtonLink, Cards, Icon};
use uuid::Uuid;

use crate::api;
use crate::frame::ListTab;
use crate::parts::action::Deed;
use crate::parts::details::{self, Detailed, DetailsPage, Facts, PartOf, PartView, card, known_part, over};
use crate::parts::dialogs::ReasonDialog;
use crate::parts::list::{ColumnOf, EntityList, Listed, Loading, plain, sorted};
use crate::parts::time::{When, exact, moment};
use crate::parts::value::{link, name, severity_look, status, text};
use crate::paths;

impl Listed for EventRow {
    const TAB: ListTab = ListTab::Events;
    const KIND: Kind = Kind::Event;
    const EMPTY: (&'static str, &'static str) = ("events-none", "events-none-hint");
    const NEW: Option<&'static str> = None;
    const DEFAULT_SORT: Option<&'static str> = None;
    const BASIC: Option<usize> = Some(3);
    const BELOW: bool = true;

    fn id(&self) -> Uuid {
        self.uuid()
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
                sorted("field-message", "message", |r| {
                    wrapped(name(ListTab::Events, r.uuid(), r.text.to_string()))
                }),
                plain("field-about", |r| wrapped(about(r))),
                sorted("field-user", "user", |r| text(r.user.clone())),
                sorted("field-correlation", "correlation", |r| correlation(r.correlation_id.as_deref())),
                plain("field-origin", |r| text(t(r.origin().key()))),
                sorted("field-code", "code", |r| text(r.code.to_string())),
                plain("kind-job-title", job),
            ]
        }
    }

    fn deeds() -> &'static [Deed<Self>] {
        const {
            &[Deed::new(Action::ManageAlerts, "acknowledge", Icon::Check, EventRow::acknowledgeable)
                .at_once()]
        }
    }

    fn load(query: ListQuery) -> Loading<Self> {
        Box::pin(api::events::list(query))
    }
}

impl Detailed for EventRow {
    type Row = Self;

    fn load(id: Uuid) -> details::Loading<Self> {
        Box::pin(api::events::get(id))
    }

    fn row(&self) -> &Self {
        self
    }

    fn above(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    fn state(&self) -> Option<AnyView> {
        Some(status(severity_look(self.severity), severity(self.severity), None))
    }

    fn parts() -> &'static [PartOf<Self>] {
        const { &[PartOf { word: "", label: "part-general", view: PartView::Facts(general) }] }
    }
}

fn general(r: &EventRow) -> AnyView {
    let mut own: Facts = vec![
        ("field-message", text(r.text.to_string())),
        ("field-time", moment(r.time)),
        ("field-severity", status(severity_look(r.severity), severity(r.severity), None)),
        ("field-about", about(r)),
        ("field-user", text(r.user.clone())),
        ("field-origin", text(t(r.origin().key()))),
        ("kind-job-title", job(r)),
        ("field-correlation", correlation(r.correlation_id.as_deref())),
        ("field-code", text(r.code.to_string())),
        ("field-id", text(r.id.to_string())),
    ];
    own.extend(acknowledged(r).map(|told| ("field-acknowledged", text(told))));
    let same = r.correlation_id.as_deref().map(|id| {
        view! { <ButtonLink kind=ButtonKind::Link href=paths::request(id)>{t("event-same-request")}</ButtonLink> }
    });
    view! { <Cards>{card("part-general", own)}</Cards> {same} }.into_any()
}

/// By whom and when; by nobody when the cause has gone.
fn acknowledged(r: &EventRow) -> Option<String> {
    let at = exact(r.acknowledged_at?);
    Some(match &r.acknowledged_by {
        Some(user) => ta("alert-acknowledged", &[("user", user), ("when", &at)]),
        None => ta("alert-cleared", &[("when", &at)]),
    })
}

/// What may be long, and takes several lines before the list gets wider than its box.
fn wrapped(inside: AnyView) -> AnyView {
    view! { <span class="dr-wrapped">{inside}</span> }.into_any()
}

/// Leads to everything of the same request. In a list its beginning is enough to tell one from the others.
pub fn correlation(id: Option<&str>) -> AnyView {
    match id {
        Some(id) => {
            let (title, whole) = (id.to_owned(), id.to_owned());
            view! { <a class="dr-correlation" href=paths::request(id) title=title>{whole}</a> }.into_any()
        }
        None => text(None),
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

#[component]
pub fn Details() -> impl IntoView {
    view! { <DetailsPage<EventRow>/> }
}

/// A dialog over the page of one.
#[component]
pub fn Part() -> impl IntoView {
    over(|part| {
        match part {
        "acknowledge" => view! {
            <ReasonDialog<EventRow> action=Action::ManageAlerts part="acknowledge" hint="alert-acknowledge-hint" reason=false/>
        }
        .into_any(),
        word => known_part::<EventRow>(word),
    }
    })
}
