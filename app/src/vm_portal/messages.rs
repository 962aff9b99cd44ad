//! What happened, told as it happens: behind the bell, and popping up for a moment, unless somebody wants quiet.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::event::{EventRow, Severity};
use model::id::Kind;
use model::list::{ListQuery, PAGE_SIZES};
use model::live::Change;
use model::text::{t, tn};
use time::OffsetDateTime;
use ui::{Alert, Dropdown, Icon, MenuItem, MenuSeparator, MenuTitle, Toast, ToggleKind, Tone};

use crate::api;
use crate::api::data::read;
use crate::api::error::ApiError;
use crate::live::{Heard, Live};
use crate::parts::time::When;
use crate::paths;

/// How many the bell keeps.
const KEPT: u32 = PAGE_SIZES[0];
/// How long one pops up.
const SHOWN: Duration = Duration::from_secs(8);

#[derive(Clone, Copy)]
pub struct Messages {
    all: RwSignal<Vec<EventRow>>,
    /// Whether those from before the page are among them: they are read when somebody looks.
    read: RwSignal<Read>,
    /// Those that nobody looked at.
    new: RwSignal<u64>,
    popping: RwSignal<Vec<EventRow>>,
    quiet_until: StoredValue<Option<OffsetDateTime>>,
}

#[derive(Clone, PartialEq)]
enum Read {
    No,
    Begun,
    Yes,
    Failed(ApiError),
}

impl Messages {
    pub fn provide(quiet_until: Option<OffsetDateTime>) -> Messages {
        let messages = Messages {
            all: RwSignal::new(Vec::new()),
            read: RwSignal::new(Read::No),
            new: RwSignal::new(0),
            popping: RwSignal::new(Vec::new()),
            quiet_until: StoredValue::new(quiet_until),
        };
        if let Some(live) = use_context::<Live>() {
            live.on(move |heard| messages.hear(heard));
        }
        messages
    }

    fn hear(self, heard: Heard) {
        let Heard::Change(change) = heard else { return };
        if change.kind != Kind::Event || change.change != Change::Added {
            return;
        }
        let Some(event) = change.row.and_then(|row| read::<EventRow>(&row.to_string()).ok()) else { return };
        if !self.is_quiet(event.time) {
            self.pop(event.clone());
        }
        self.new.update(|n| *n += 1);
        self.all.update(|all| {
            all.insert(0, event);
            all.truncate(KEPT as usize);
        });
    }

    fn is_quiet(self, now: OffsetDateTime) -> bool {
        self.quiet_until.with_value(|until| until.is_some_and(|until| now < until))
    }

    fn pop(self, event: EventRow) {
        let id = event.id;
        self.popping.update(|list| list.push(event));
        set_timeout(move || self.drop(id), SHOWN);
    }

    fn drop(self, id: i64) {
        // The page may be gone by then.
        let _ = self.popping.try_update(|list| list.retain(|event| event.id != id));
    }

    /// Somebody looks: they have seen them.
    fn look(self) {
        self.new.set(0);
        if matches!(self.read.get_untracked(), Read::Begun | Read::Yes) {
            return;
        }
        self.read.set(Read::Begun);
        spawn_local(async move {
            let answer = api::events::list(ListQuery { size: KEPT, ..ListQuery::default() }).await;
            // The page may be gone by then, and somebody may have cleared them.
            if self.read.try_with_untracked(|read| *read != Read::Begun).unwrap_or(true) {
                return;
            }
            match answer {
                Ok(page) => {
                    self.all.update(|all| {
                        all.extend(page.rows);
                        all.sort_by_key(|event| std::cmp::Reverse(event.id));
                        all.dedup_by_key(|event| event.id);
                        all.truncate(KEPT as usize);
                    });
                    self.read.set(Read::Yes);
                }
                Err(error) => self.read.set(Read::Failed(error)),
            }
        });
    }

    fn forget(self) {
        self.all.set(Vec::new());
        self.read.set(Read::Yes);
        self.new.set(0);
    }
}

/// The bell with the newest messages.
#[component]
pub fn Bell(messages: Messages) -> impl IntoView {
    let count = Signal::derive(move || messages.new.get());
    let label = Signal::derive(move || tn("portal-messages", count.get()));
    let open = RwSignal::new(false);
    Effect::new(move |_| {
        if open.get() {
            messages.look()
        }
    });
    let lines = move || {
        let (all, read) = (messages.all.get(), messages.read.get());
        let said = match read {
            Read::Begun => Some(t("page-loading")),
            Read::Failed(error) => Some(error.to_string()),
            Read::Yes if all.is_empty() => Some(t("frame-no-message")),
            Read::No | Read::Yes => None,
        };
        let said = said.map(|said| view! { <MenuTitle>{said}</MenuTitle> });
        view! { {all.into_iter().map(line).collect_view()} {said} }.into_any()
    };
    view! {
        <Dropdown label=label kind=ToggleKind::Plain icon=Icon::Bell hide_label=true count=count end=true kept=open>
            {lines}
            <MenuSeparator/>
            <MenuItem text=t("portal-messages-clear") on_press=move |_| messages.forget()/>
            <MenuItem text=t("portal-messages-all") href=paths::PORTAL_EVENTS/>
        </Dropdown>
    }
    .into_any()
}

fn line(event: EventRow) -> AnyView {
    let about = event.objects.iter().find_map(|(kind, id, _)| (*kind == Kind::Vm).then_some(*id));
    let href = match about {
        Some(id) => format!("{}/vms/{id}", paths::PORTAL),
        None => paths::PORTAL_EVENTS.to_owned(),
    };
    view! {
        <li class="dr-job" role="none">
            <a class="dr-job__link" role="menuitem" href=href>
                <span class="dr-job__title">{event.text.to_string()}</span>
                <span class="dr-job__step"><When at=event.time/></span>
            </a>
        </li>
    }
    .into_any()
}

/// The corner where they pop up.
#[component]
pub fn Popping(messages: Messages) -> impl IntoView {
    let one = move |event: EventRow| {
        let id = event.id;
        view! {
            <Toast>
                <Alert
                    tone=tone(event.severity)
                    title=event.text.to_string()
                    tone_label=t("alert-info")
                    close_label=t("form-close")
                    on_close=move |()| messages.drop(id)
                />
            </Toast>
        }
        .into_any()
    };
    view! {
        <ui::Toasts label=t("portal-messages-new")>
            {move || messages.popping.get().into_iter().map(one).collect_view()}
        </ui::Toasts>
    }
    .into_any()
}

fn tone(severity: Severity) -> Tone {
    match severity {
        Severity::Normal => Tone::Success,
        Severity::Warning => Tone::Warning,
        Severity::Error | Severity::Alert => Tone::Danger,
    }
}
