//! The frame with live data in it: who is signed in, what runs, what happened last, the tree. It begins with what
//! the server put into the page, and follows the stream from there.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::{use_location, use_query_map};
use leptos_router::nested_router::Outlet;
use model::event::{EventRow, Severity};
use model::id::Kind;
use model::job::JobRow;
use model::list::ListQuery;
use model::text::t;

use super::tree::Tree;
use crate::api;
use crate::api::data::read;
use crate::api::start::Start;
use crate::frame::{Frame, FrameData, FrameDeeds, JobSummary, LastMessage, ListTab, MastLinks};
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
    let events = RwSignal::new(start.events);
    let tree = Tree::new(start.tree, start.way);
    follow(live, jobs, events, tree);
    let place = use_location().pathname;
    let data = FrameData {
        principal: start.me.principal.clone().into(),
        role: start.me.administrator.then(|| t("frame-administrator")).into(),
        jobs: Signal::derive(move || jobs.with(|jobs| jobs.iter().map(summary).collect())),
        alerts: unseen_alerts(events),
        last: last_message(events),
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
    let query = use_query_map();
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
        jobs: paths::list(ListTab::Jobs).to_owned(),
        account: paths::PASSWORD.to_owned(),
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

/// How many of the newest messages a page keeps.
const KEPT: usize = 25;

fn follow(live: Live, jobs: RwSignal<Vec<JobRow>>, events: RwSignal<Vec<EventRow>>, tree: Tree) {
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
            if let Ok(start) = api::start::again().await {
                let _ = jobs.try_set(start.jobs);
                let _ = events.try_set(start.events);
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
                events.update(|list| {
                    list.insert(0, event);
                    list.truncate(KEPT);
                });
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

fn last_message(events: RwSignal<Vec<EventRow>>) -> Signal<Option<LastMessage>> {
    let newest = Memo::new(move |_| events.with(|list| list.first().cloned()));
    Signal::derive(move || {
        let event = newest.get()?;
        Some(LastMessage {
            severity: event.severity,
            text: event.text.to_string(),
            when: when(event.time).get(),
            exact: exact(event.time),
        })
    })
}

/// Errors and alerts that came since the events were looked at last. The browser remembers the last one seen.
fn unseen_alerts(events: RwSignal<Vec<EventRow>>) -> Signal<u64> {
    const SEEN: &str = "drover-seen-event";
    let seen = RwSignal::new(i64::MAX);
    let path = use_location().pathname;
    let storage = || window().local_storage().ok().flatten();
    Effect::new(move |_| {
        let newest = events.with(|list| list.first().map(|e| e.id)).unwrap_or_default();
        let kept =
            storage().and_then(|s| s.get_item(SEEN).ok().flatten()).and_then(|id| id.parse::<i64>().ok());
        if path.get() == paths::list(ListTab::Events) || kept.is_none() {
            seen.set(newest);
            if let Some(storage) = storage() {
                // Full or forbidden: then the count begins anew with the next page.
                let _ = storage.set_item(SEEN, &newest.to_string());
            }
        } else if let Some(kept) = kept {
            seen.set(kept);
        }
    });
    let bad = |severity: Severity| matches!(severity, Severity::Error | Severity::Alert);
    Signal::derive(move || {
        let seen = seen.get();
        events.with(|list| list.iter().filter(|e| bad(e.severity) && e.id > seen).count() as u64)
    })
}
