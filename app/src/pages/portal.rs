//! The frame with live data in it: who is signed in, what runs, what happened last, the tree. It begins with what
//! the server put into the page, and follows the stream from there.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_location;
use leptos_router::nested_router::Outlet;
use model::event::EventRow;
use model::id::Kind;
use model::job::JobRow;
use model::list::ListQuery;
use model::live::Change;
use model::text::t;

use super::tree::Tree;
use crate::api;
use crate::api::data::read;
use crate::api::start::Start;
use crate::asked::address;
use crate::frame::{AlertSummary, Frame, FrameData, FrameDeeds, JobSummary, LastMessage, ListTab, MastLinks};
use crate::live::{Heard, Live, Soon};
use crate::parts::fault::fault_view;
use crate::parts::time::{Now, exact, when};
use crate::paths;

/// What the page was rendered with; nothing when nobody is signed in.
#[derive(Clone)]
pub struct Begun(pub Option<Start>);

#[component]
pub fn Portal() -> impl IntoView {
    match use_context::<Begun>().and_then(|begun| begun.0) {
        Some(start) => view! { <Signed start=start/> }.into_any(),
        // Somebody came here by a link within the page, from one without a frame.
        None => fault_view(api::ApiError(model::Fault::SignedOut)),
    }
}

#[component]
fn Signed(start: Start) -> impl IntoView {
    Now::provide();
    crate::active::provide();
    let live = Live::provide();
    let jobs = RwSignal::new(start.jobs);
    let last = RwSignal::new(start.last);
    let alerts = RwSignal::new(start.alerts);
    let manages = start.me.administrator;
    let tree = Tree::new(start.tree, start.way);
    follow(live, jobs, last, alerts, tree);
    let place = use_location().pathname;
    let data = FrameData {
        principal: start.me.principal.clone().into(),
        role: start.me.administrator.then(|| t("frame-administrator")).into(),
        jobs: Signal::derive(move || jobs.with(|jobs| jobs.iter().map(summary).collect())),
        alerts: Signal::derive(move || alerts.with(|list| list.iter().map(|a| alert(a, manages)).collect())),
        last: last_message(last),
        tree: tree.rows(),
        connection: live.connection(),
        current: Signal::derive(move || paths::tab_of(&place.get())),
        bookmarks: super::bookmarks_pane::pane,
        tags: super::tags_pane::pane,
    };
    let deeds = FrameDeeds {
        toggle_node: Callback::new(move |(id, open): (String, bool)| tree.toggle(&id, open)),
        expand_all: Callback::new(move |()| tree.expand_all()),
        collapse_all: Callback::new(move |()| tree.collapse_all()),
        node_menu: Callback::new(move |(id, at): (String, (i32, i32))| tree.ask_menu(&id, at)),
    };
    let query = address();
    // A list keeps the scope of the node that was chosen.
    let tab_href = move |tab: ListTab| {
        let within = query.with(|q| q.get("within")).and_then(|id| id.parse().ok());
        paths::list_with(tab, &ListQuery { within, ..ListQuery::default() })
    };
    view! { <Frame data=data deeds=deeds links=links() tab_href=tab_href><Outlet/></Frame> {tree.menu()} }
        .into_any()
}

fn links() -> MastLinks {
    MastLinks {
        home: paths::HOME.to_owned(),
        events: paths::list(ListTab::Events).to_owned(),
        alerts: paths::alerts_first(),
        jobs: paths::list(ListTab::Jobs).to_owned(),
        account: paths::ACCOUNT.to_owned(),
        sign_out: paths::SIGN_OUT.to_owned(),
    }
}

fn summary(job: &JobRow) -> JobSummary {
    JobSummary {
        title: job.title.to_string(),
        href: paths::object(ListTab::Jobs, job.id),
        step: job.step.as_deref().map(super::jobs::step_name),
        done: job.steps_done,
        all: job.steps_all,
    }
}

fn follow(
    live: Live,
    jobs: RwSignal<Vec<JobRow>>,
    last: RwSignal<Option<EventRow>>,
    alerts: RwSignal<Vec<EventRow>>,
    tree: Tree,
) {
    let look_at_jobs = Soon::new(move || {
        spawn_local(async move {
            if let Ok(running) = api::jobs::running().await {
                // The page may be gone by then.
                let _ = jobs.try_set(running);
            }
        });
    });
    let look_again = Soon::new(move || {
        spawn_local(async move {
            if let Ok(start) = api::start::again(false).await {
                let _ = jobs.try_set(start.jobs);
                let _ = last.try_set(start.last);
                let _ = alerts.try_set(start.alerts);
                if start.build.is_some() && start.build != own_build() {
                    live.is_old();
                }
            }
        });
        tree.again();
    });
    live.on(move |heard| match heard {
        Heard::Lagged => look_again.ask(),
        Heard::Change(change) if change.kind == Kind::Job => look_at_jobs.ask(),
        Heard::Change(change) if change.kind == Kind::Event => {
            if let Some(event) = change.row.and_then(|row| read::<EventRow>(&row.to_string()).ok()) {
                let known = alerts.with_untracked(|list| list.iter().any(|a| a.id == event.id));
                if event.stands() != known {
                    alerts.update(|list| match known {
                        true => list.retain(|a| a.id != event.id),
                        false => list.insert(list.partition_point(|a| a.id > event.id), event.clone()),
                    });
                }
                if change.change == Change::Added {
                    last.set(Some(event));
                }
            }
        }
        Heard::Change(change) => tree.hear(&change),
        Heard::Lost | Heard::Ended => {}
    });
}

/// The build of this page, as the document says.
fn own_build() -> Option<String> {
    let meta = document().query_selector("meta[name=drover-build]").ok().flatten();
    meta.and_then(|meta| meta.get_attribute("content"))
}

fn last_message(last: RwSignal<Option<EventRow>>) -> Signal<Option<LastMessage>> {
    Signal::derive(move || {
        let event = last.get()?;
        Some(LastMessage {
            severity: event.severity,
            text: event.text.to_string(),
            when: when(event.time).get(),
            exact: exact(event.time),
        })
    })
}

fn alert(alert: &EventRow, manages: bool) -> AlertSummary {
    let own = paths::object(ListTab::Events, alert.uuid());
    let about = alert.objects.first().and_then(|(kind, id, _)| paths::of_kind(*kind, *id));
    AlertSummary {
        text: alert.text.to_string(),
        href: about.unwrap_or_else(|| own.clone()),
        when: when(alert.time),
        acknowledge: manages.then(|| format!("{own}/acknowledge")),
    }
}
