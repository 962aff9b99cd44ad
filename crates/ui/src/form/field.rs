//! What all fields share: the label above, the help and the message below, and how a control points at them.

use leptos::prelude::*;

use crate::{Icon, IconView};

/// The message of a field or a form; `None` when nothing is wrong.
pub type FieldError = Signal<Option<String>>;

/// The parts of a field that are not its control.
#[derive(Clone)]
pub(super) struct Frame {
    pub name: String,
    pub label: String,
    pub help: Option<String>,
    pub error: FieldError,
    pub required: bool,
    pub locked: Option<Signal<Option<String>>>,
}

impl Frame {
    pub fn id(&self) -> String {
        format!("field-{}", self.name)
    }

    fn help_id(&self) -> String {
        format!("field-{}-help", self.name)
    }

    fn error_id(&self) -> String {
        format!("field-{}-error", self.name)
    }

    pub fn invalid(&self) -> impl Fn() -> Option<&'static str> + Clone + Send + Sync + 'static {
        let error = self.error;
        move || error.with(Option::is_some).then_some("true")
    }

    pub fn is_locked(&self) -> impl Fn() -> bool + Copy + Send + Sync + 'static {
        let locked = self.locked;
        move || locked.is_some_and(|l| l.with(Option::is_some))
    }

    /// The ids of what describes the control now.
    pub fn described_by(&self) -> impl Fn() -> Option<String> + Clone + Send + Sync + 'static {
        let frame = self.clone();
        let locked = self.is_locked();
        move || {
            let help = (frame.help.is_some() || locked()).then(|| frame.help_id());
            let error = frame.error.with(Option::is_some).then(|| frame.error_id());
            let ids: Vec<String> = error.into_iter().chain(help).collect();
            (!ids.is_empty()).then(|| ids.join(" "))
        }
    }

    /// The control's class with the mark of an error.
    pub fn control_class(&self, base: &'static str) -> impl Fn() -> String + Clone + Send + Sync + 'static {
        let (error, locked) = (self.error, self.is_locked());
        move || {
            let error = if error.with(Option::is_some) { " pf-m-error" } else { "" };
            let locked = if locked() { " pf-m-readonly" } else { "" };
            format!("{base}{error}{locked}")
        }
    }

    /// The whole field around its control.
    pub fn around(self, control: AnyView) -> AnyView {
        let id = self.id();
        let required = self.required.then(|| {
            view! { <span class="pf-v6-c-form__label-required" aria-hidden="true">"\u{a0}*"</span> }
        });
        let below = self.below();
        view! {
            <div class="pf-v6-c-form__group">
                <div class="pf-v6-c-form__group-label">
                    <label class="pf-v6-c-form__label" for=id>
                        <span class="pf-v6-c-form__label-text">{self.label}</span>
                        {required}
                    </label>
                </div>
                <div class="pf-v6-c-form__group-control">{control}{below}</div>
            </div>
        }
        .into_any()
    }

    /// The message, then the reason of a lock or the help.
    pub fn below(&self) -> AnyView {
        let (error, error_id) = (self.error, self.error_id());
        let (help, help_id, locked) = (self.help.clone(), self.help_id(), self.locked);
        let message = move || {
            error.get().map(|text| {
                view! {
            <div class="pf-v6-c-form__helper-text" id=error_id.clone()>
                <div class="pf-v6-c-helper-text">
                    <div class="pf-v6-c-helper-text__item pf-m-error">
                        <span class="pf-v6-c-helper-text__item-icon"><IconView icon=Icon::Danger/></span>
                        <span class="pf-v6-c-helper-text__item-text">{text}</span>
                    </div>
                </div>
            </div>
        }
        .into_any()
            })
        };
        let hint = move || {
            let reason = locked.and_then(|l| l.get());
            let icon = reason.is_some().then_some(Icon::Lock);
            reason.or_else(|| help.clone()).map(|text| hint(help_id.clone(), icon, text))
        };
        view! {
            <div class="dr-field__live" aria-live="polite">{message}</div>
            {hint}
        }
        .into_any()
    }
}

fn hint(id: String, icon: Option<Icon>, text: String) -> AnyView {
    view! {
        <div class="pf-v6-c-form__helper-text" id=id>
            <div class="pf-v6-c-helper-text">
                <div class="pf-v6-c-helper-text__item">
                    {icon.map(|icon| view! { <span class="pf-v6-c-helper-text__item-icon"><IconView icon=icon/></span> })}
                    <span class="pf-v6-c-helper-text__item-text">{text}</span>
                </div>
            </div>
        </div>
    }
    .into_any()
}
