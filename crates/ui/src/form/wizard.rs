//! A form in steps. All of them are in the page: without JavaScript they stand one below the other, with it one is
//! shown, and the last has the button that sends. After a refused submit the first step with an invalid field comes up.

use leptos::prelude::*;

use crate::{Button, ButtonKind, Icon, IconView};

/// One step.
pub struct WizardStep {
    id: &'static str,
    title: String,
    invalid: Signal<bool>,
    body: AnyView,
}

impl WizardStep {
    pub fn new(id: &'static str, title: impl Into<String>, body: AnyView) -> Self {
        WizardStep { id, title: title.into(), invalid: false.into(), body }
    }

    /// Whether a field of the step is wrong.
    pub fn invalid(mut self, invalid: impl Into<Signal<bool>>) -> Self {
        self.invalid = invalid.into();
        self
    }
}

/// Where somebody is in the steps.
#[derive(Clone, Copy)]
pub struct WizardAt {
    at: RwSignal<usize>,
    last: usize,
}

impl WizardAt {
    pub fn new(steps: usize) -> WizardAt {
        WizardAt { at: RwSignal::new(0), last: steps.saturating_sub(1) }
    }

    pub fn at_last(self) -> bool {
        self.at.get() == self.last
    }

    /// Goes on; false at the last step, where there is nothing to go on to.
    pub fn go_on(self) -> bool {
        let on = self.at.get_untracked() < self.last;
        if on {
            self.at.update(|at| *at += 1);
        }
        on
    }
}

/// The words of its buttons.
pub struct WizardTexts {
    pub steps: String,
    pub invalid: String,
    pub back: String,
    pub next: String,
}

/// The steps and the buttons. `actions` sends and leaves; `attempt` counts refused submits, as in `Form`.
#[component]
pub fn Wizard(
    at: WizardAt,
    texts: WizardTexts,
    #[prop(into)] attempt: Signal<u32>,
    steps: Vec<WizardStep>,
    #[prop(into)] send: ViewFnOnce,
    #[prop(into)] leave: ViewFnOnce,
) -> impl IntoView {
    let wrong: Vec<Signal<bool>> = steps.iter().map(|step| step.invalid).collect();
    let first = move || wrong.iter().position(|wrong| wrong.get_untracked());
    if let Some(first) = first() {
        at.at.set(first);
    }
    Effect::new(move |last: Option<u32>| {
        let now = attempt.get();
        if last.is_some_and(|last| last != now)
            && let Some(first) = first()
        {
            at.at.set(first);
        }
        now
    });
    let (mut heads, mut panels) = (Vec::new(), Vec::new());
    for (n, step) in steps.into_iter().enumerate() {
        heads.push(head(at, n, &step, &texts.invalid));
        panels.push(panel(at, n, step));
    }
    let move_to = move |n: isize| at.at.update(|at| *at = at.saturating_add_signed(n));
    view! {
        <div class="dr-wizard">
            <ol class="dr-wizard__steps" aria-label=texts.steps>{heads}</ol>
            <div class="dr-wizard__panels">{panels}</div>
            <div class="dr-wizard__foot">
                <span class="dr-wizard__move" hidden=move || at.at.get() == 0>
                    <Button kind=ButtonKind::Secondary on_press=move |_| move_to(-1)>{texts.back}</Button>
                </span>
                <span class="dr-wizard__move" hidden=move || at.at_last()>
                    <Button kind=ButtonKind::Primary on_press=move |_| move_to(1)>{texts.next}</Button>
                </span>
                <span class=move || if at.at_last() { "dr-wizard__send dr-is-active" } else { "dr-wizard__send" }>{send.run()}</span>
                {leave.run()}
            </div>
        </div>
    }
    .into_any()
}

fn head(at: WizardAt, n: usize, step: &WizardStep, invalid_label: &str) -> AnyView {
    let (id, title, invalid, label) = (step.id, step.title.clone(), step.invalid, invalid_label.to_owned());
    let current = move || at.at.get() == n;
    let mark = move || {
        let label = label.clone();
        invalid.get().then(|| {
            view! {
                <span class="dr-is-danger">
                    <IconView icon=Icon::Danger/>
                    <span class="pf-v6-screen-reader">{label}</span>
                </span>
            }
        })
    };
    view! {
        <li class=move || if current() { "dr-wizard__step dr-is-active" } else { "dr-wizard__step" }>
            <a
                href=format!("#step-{id}")
                aria-current=move || current().then_some("step")
                on:click=move |ev| {
                    ev.prevent_default();
                    ev.stop_propagation();
                    at.at.set(n);
                }
            >
                <span class="dr-wizard__number">{n + 1}</span>
                <span class="dr-wizard__title">{title}</span>
                {mark}
            </a>
        </li>
    }
    .into_any()
}

fn panel(at: WizardAt, n: usize, step: WizardStep) -> AnyView {
    let class = move || if at.at.get() == n { "dr-wizard__panel dr-is-active" } else { "dr-wizard__panel" };
    let title = step.title.clone();
    view! {
        <section class=class id=format!("step-{}", step.id) aria-label=title>
            <h2 class="dr-wizard__heading">{step.title}</h2>
            <div class="pf-v6-c-form dr-form">{step.body}</div>
        </section>
    }
    .into_any()
}
