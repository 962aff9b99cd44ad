//! The life of one form: its values, what is wrong with them, and the submit. The server renders it whole, with
//! the values and messages of a refused POST; the browser then takes over without a change to see.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use model::{Fault, FieldErrors};
use ui::FieldError;

use super::conflict::OPENED;
use super::fields::{self, Fields, FormData};
use super::{Answer, Conflict, FormState, Notice, send};

/// For `ui::Form`: what is wrong with the whole is said by `FormAlert`, which can list reasons.
pub fn no_error() -> FieldError {
    Signal::stored(None)
}

/// The state of a POST that this page was rendered for, if it was.
#[derive(Clone, Copy)]
pub struct Posted(pub StoredValue<Option<FormState>>);

#[derive(Clone, Copy)]
pub struct FormCtl {
    values: RwSignal<Fields>,
    fault: RwSignal<Option<Fault>>,
    notice: RwSignal<Option<Notice>>,
    conflict: RwSignal<Option<Conflict>>,
    /// Counts refusals: each moves the focus to the first field that is wrong.
    attempt: RwSignal<u32>,
    busy: RwSignal<bool>,
    id: StoredValue<String>,
    action: StoredValue<String>,
    check: fn(&Fields) -> FieldErrors,
    go: Callback<String>,
}

impl FormCtl {
    /// A form that begins with `initial` and posts to `action`. To be called in a component, since it needs to
    /// know the router.
    pub fn new<T: FormData>(id: &str, action: String, initial: &T) -> FormCtl {
        let navigate = use_navigate();
        let go = Callback::new(move |to: String| navigate(&to, Default::default()));
        FormCtl::going::<T>(id, action, initial, go)
    }

    /// As `new`, for a form after which the page is loaded anew: who is signed in changes.
    pub fn reloading<T: FormData>(id: &str, action: String, initial: &T) -> FormCtl {
        FormCtl::going::<T>(id, action, initial, Callback::new(|to: String| send::load(&to)))
    }

    fn going<T: FormData>(id: &str, action: String, initial: &T, go: Callback<String>) -> FormCtl {
        let path = action.split('?').next().unwrap_or_default();
        let posted = use_context::<Posted>().and_then(|p| p.0.get_value()).filter(|state| state.path == path);
        let initial = Fields::of(initial).opened(OPENED);
        let values = match &posted {
            Some(state) => initial.overlaid(&state.values),
            None => initial,
        };
        FormCtl {
            values: RwSignal::new(values),
            fault: RwSignal::new(posted.as_ref().and_then(|state| state.fault.clone())),
            notice: RwSignal::new(posted.as_ref().and_then(|state| state.notice.clone())),
            conflict: RwSignal::new(posted.and_then(|state| state.conflict)),
            attempt: RwSignal::new(0),
            busy: RwSignal::new(false),
            id: StoredValue::new(id.to_owned()),
            action: StoredValue::new(action),
            check: fields::check::<T>,
            go,
        }
    }

    pub fn id(self) -> String {
        self.id.get_value()
    }

    pub fn action(self) -> String {
        self.action.get_value()
    }

    pub fn attempt(self) -> Signal<u32> {
        self.attempt.into()
    }

    pub fn busy(self) -> Signal<bool> {
        self.busy.into()
    }

    pub fn fault(self) -> Signal<Option<Fault>> {
        self.fault.into()
    }

    pub fn notice(self) -> Signal<Option<Notice>> {
        self.notice.into()
    }

    /// Somebody else saved the object meanwhile, and nothing was sent since.
    pub fn conflict(self) -> Signal<Option<Conflict>> {
        self.conflict.into()
    }

    /// Whether the form changes something that is there, and so knows what it was opened with.
    pub fn edits(self) -> bool {
        self.values.with_untracked(|v| v.has(OPENED))
    }

    /// The fields, but for these.
    pub fn others(self, shown: &[&str]) -> Vec<String> {
        self.values
            .with_untracked(|v| v.names().filter(|name| !shown.contains(name)).map(str::to_owned).collect())
    }

    /// A field's text as it stands.
    pub fn value(self, name: &'static str) -> Signal<String> {
        Signal::derive(move || self.values.with(|v| v.get(name).to_owned()))
    }

    /// The same of a field whose name is made of what it is about.
    pub fn value_of(self, name: String) -> Signal<String> {
        Signal::derive(move || self.values.with(|v| v.get(&name).to_owned()))
    }

    pub fn is_on(self, name: &'static str) -> Signal<bool> {
        Signal::derive(move || self.values.with(|v| v.get(name) == "true"))
    }

    pub fn set(self, name: &str, value: impl Into<String>) {
        self.values.update(|v| v.set(name, value));
    }

    /// Takes over these fields of other data.
    pub fn take<T: FormData>(self, data: &T, names: &[&[&str]]) {
        let other = Fields::of(data);
        self.values.update(|v| {
            for name in names.iter().copied().flatten() {
                v.set(name, other.get(name));
            }
        });
    }

    pub fn input(self, name: &'static str) -> Callback<String> {
        Callback::new(move |value: String| self.set(name, value))
    }

    pub fn switch(self, name: &'static str) -> Callback<bool> {
        Callback::new(move |on: bool| self.set(name, super::parse::boxed(on)))
    }

    /// The message of a field.
    pub fn error(self, name: &'static str) -> FieldError {
        self.error_of(name.to_owned())
    }

    pub fn error_of(self, name: String) -> FieldError {
        Signal::derive(move || {
            self.fault.with(|fault| match fault {
                Some(Fault::Invalid(errors)) => errors.get(&name).map(ToString::to_string),
                _ => None,
            })
        })
    }

    /// Whether one of these fields is wrong: the mark of their tab.
    pub fn any_wrong(self, names: &'static [&'static str]) -> Signal<bool> {
        Signal::derive(move || {
            self.fault.with(|fault| match fault {
                Some(Fault::Invalid(errors)) => names.iter().any(|name| errors.get(name).is_some()),
                _ => false,
            })
        })
    }

    /// Messages for fields that this form does not show: they would be lost otherwise.
    pub fn stray_errors(self) -> Vec<String> {
        self.fault.with(|fault| match fault {
            Some(Fault::Invalid(errors)) => {
                let stray = |name: &str| self.values.with(|v| !v.has(name));
                errors.0.iter().filter(|(name, _)| stray(name)).map(|(_, text)| text.to_string()).collect()
            }
            _ => Vec::new(),
        })
    }

    fn refuse(self, fault: Fault) {
        self.say(Some(fault), None, None);
        self.attempt.update(|n| *n += 1);
    }

    fn say(self, fault: Option<Fault>, notice: Option<Notice>, conflict: Option<Conflict>) {
        self.fault.set(fault);
        self.notice.set(notice);
        self.conflict.set(conflict);
    }

    /// Sends the form: first past the same checks that the server makes.
    pub fn submit(self, ev: SubmitEvent) {
        ev.prevent_default();
        if self.busy.get_untracked() {
            return;
        }
        let Some(fields) = send::collect(&ev) else { return };
        let wrong = (self.check)(&fields);
        if !wrong.is_empty() {
            return self.refuse(Fault::Invalid(wrong));
        }
        self.busy.set(true);
        spawn_local(async move {
            let answer = send::send(&self.action(), &fields).await;
            self.busy.set(false);
            match answer {
                Ok(Answer::Location(to)) => self.go.run(to),
                Ok(Answer::Notice(notice)) => self.say(None, Some(notice), None),
                Ok(Answer::Conflict(conflict)) => {
                    self.values.set(conflict.values.clone());
                    self.say(None, None, Some(conflict));
                }
                Err(fault) => self.refuse(fault),
            }
        });
    }
}
