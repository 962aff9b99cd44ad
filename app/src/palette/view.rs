//! The palette itself: a field with a list below it, as the WAI-ARIA combobox has it. The focus stays in the field;
//! which line is meant is said by `aria-activedescendant`.

use std::time::Duration;

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use model::Fault;
use model::palette::Found;
use model::text::{t, ta, tn};
use ui::{IconView, Modal, Tone};

use super::early::{Early, Typed};
use super::lines::{self, Does, Here, Line, Press};
use super::offer::Offers;
use super::recent;
use crate::api::palette::find;
use crate::forms::{Answer, Fields, send};
use crate::later::{Entity, entity};
use crate::pages::portal::Begun;
use crate::paths;

/// A person types on before the server is asked.
const PAUSE: Duration = Duration::from_millis(60);

#[derive(Clone, Copy)]
struct State {
    open: RwSignal<bool>,
    text: RwSignal<String>,
    found: RwSignal<Vec<Found>>,
    /// What was typed is being looked up.
    asking: RwSignal<bool>,
    /// A key that was pressed before its list was there; it is meant for what comes.
    held: RwSignal<Option<Press>>,
    /// Counts what was typed, so that a late answer does not stand for an early question.
    turn: StoredValue<u32>,
    /// The object whose deeds are shown.
    object: RwSignal<Option<Found>>,
    offers: Offers,
    at: RwSignal<usize>,
    lines: Memo<Vec<Line>>,
    fault: RwSignal<Option<Fault>>,
    field: NodeRef<html::Input>,
    go: StoredValue<Callback<String>>,
}

#[component]
pub fn Palette(open: RwSignal<bool>, early: Early) -> impl IntoView {
    let state = State::new(open);
    Effect::new(move |_| {
        if let Some(field) = state.field.get()
            && let Some(typed) = early.try_update_value(Option::take).flatten()
        {
            state.begin(&field, typed);
        }
    });
    let offers = move || {
        let object = state.object.get()?;
        Some(entity(Entity::Offers(paths::tab_for(object.kind)?, object.id, state.offers)))
    };
    view! {
        <Modal
            id="palette"
            title=t("palette")
            close_label=t("form-close")
            on_close=move |()| open.set(false)
        >
            <div class="dr-palette">
                {move || state.object.get().map(chosen)}
                {field(state)}
                <p class="pf-v6-screen-reader" role="status">{move || said(state)}</p>
                {move || state.fault.get().map(|fault| view! { <p class="dr-palette__fault" role="alert">{told(&fault)}</p> })}
                {list(state)}
                <p class="dr-palette__hint">{move || hint(state)}</p>
            </div>
            {offers}
        </Modal>
    }
    .into_any()
}

impl State {
    fn new(open: RwSignal<bool>) -> State {
        let (text, found) = (RwSignal::new(String::new()), RwSignal::new(Vec::new()));
        let (object, offers): (_, Offers) = (RwSignal::new(None::<Found>), RwSignal::new(None));
        let (recent, fault) = (recent::all(), RwSignal::new(None));
        let administrator =
            use_context::<Begun>().and_then(|begun| begun.0).is_some_and(|s| s.me.administrator);
        let lines = Memo::new(move |_| match object.get() {
            None => lines::objects(&text.get(), found.get(), recent.clone(), administrator),
            Some(object) => {
                let offers = offers.get().and_then(Result::ok).unwrap_or_default();
                lines::deeds(&text.get(), &object, offers)
            }
        });
        Effect::new(move |_| {
            let Some(Err(error)) = offers.get() else { return };
            if let (Fault::NotFound { .. }, Some(gone)) = (&error.0, object.get_untracked()) {
                recent::forget(&gone);
            }
            fault.set(Some(error.0));
        });
        let navigate = use_navigate();
        let go = Callback::new(move |to: String| navigate(&to, Default::default()));
        let state = State {
            open,
            text,
            found,
            asking: RwSignal::new(false),
            held: RwSignal::new(None),
            turn: StoredValue::new(0),
            object,
            offers,
            at: RwSignal::new(0),
            lines,
            fault,
            field: NodeRef::new(),
            go: StoredValue::new(go),
        };
        Effect::new(move |_| {
            if let Some(press) = state.held.get().filter(|_| !state.awaited()) {
                state.held.set(None);
                state.does(press);
            }
        });
        state
    }

    /// What was typed before the field was there.
    fn begin(self, field: &web_sys::HtmlInputElement, Typed { text, enter }: Typed) {
        field.set_value(&text);
        self.typed(text);
        self.held.set(enter.then_some(Press::Choose));
    }

    /// The list is not there yet.
    fn awaited(self) -> bool {
        match self.object.with(Option::is_some) {
            true => self.offers.with(Option::is_none),
            false => self.asking.get(),
        }
    }

    fn line(self, at: usize) -> Option<Line> {
        self.lines.with_untracked(|lines| lines.get(at).cloned())
    }

    /// What was typed; objects are looked up on the server, deeds are all here.
    fn typed(self, text: String) {
        self.text.set(text.clone());
        self.at.set(0);
        self.fault.set(None);
        self.held.set(None);
        self.turn.update_value(|turn| *turn += 1);
        let asked = self.object.with_untracked(Option::is_none) && !text.trim().is_empty();
        self.asking.set(asked);
        if !asked {
            return self.found.set(Vec::new());
        }
        let turn = self.turn.get_value();
        set_timeout(move || self.ask(turn, text), PAUSE);
    }

    fn ask(self, turn: u32, text: String) {
        // The palette may be closed by now.
        let current = move || self.turn.try_get_value() == Some(turn);
        if !current() {
            return;
        }
        spawn_local(async move {
            let answer = find(text).await;
            if !current() {
                return;
            }
            match answer {
                Ok(found) => {
                    self.found.set(found);
                    self.at.set(0);
                }
                Err(error) => {
                    self.held.set(None);
                    self.fault.set(Some(error.0));
                }
            }
            self.asking.set(false);
        });
    }

    /// Shows the deeds of the line's object, or the objects again.
    fn turn_to(self, object: Option<Found>) {
        self.offers.set(None);
        self.object.set(object);
        self.typed(String::new());
        if let Some(field) = self.field.get_untracked() {
            field.set_value("");
            let _ = field.focus();
        }
    }

    fn choose(self, at: usize) {
        let Some(line) = self.line(at).filter(|line| line.refused.is_none()) else { return };
        if let Some(object) = self.object.get_untracked().or(line.object) {
            recent::remember(&object);
        }
        match line.does {
            Does::Go(to) => {
                self.open.set(false);
                self.go.get_value().run(to);
            }
            Does::Apart(to) => {
                self.open.set(false);
                // A browser that forbids it says so itself.
                let _ = window().open_with_url_and_target(&to, "_blank");
            }
            Does::Post(to) => self.post(to),
        }
    }

    fn post(self, action: String) {
        let go = self.go.get_value();
        spawn_local(async move {
            match send::send(&action, &Fields::default()).await {
                Ok(Answer::Location(to)) => {
                    let _ = self.open.try_set(false);
                    go.run(to);
                }
                Ok(Answer::Notice(_) | Answer::Conflict(_)) => {}
                Err(fault) => drop(self.fault.try_set(Some(fault))),
            }
        });
    }

    fn key(self, ev: &KeyboardEvent) {
        let line = self.line(self.at.get_untracked());
        let field = self.field.get_untracked();
        let caret = field.and_then(|f| f.selection_start().ok().flatten()).unwrap_or_default() as usize;
        let length = self.text.with_untracked(|text| text.encode_utf16().count());
        let (awaited, deeds) = (untrack(|| self.awaited()), self.object.with_untracked(Option::is_some));
        // What comes is taken for what fits the key.
        let here = Here {
            at: self.at.get_untracked(),
            count: self.lines.with_untracked(Vec::len).max(awaited.into()),
            object: if awaited { !deeds } else { line.is_some_and(|line| line.object.is_some()) },
            deeds,
            empty: length == 0,
            end: caret >= length,
        };
        let modified = ev.ctrl_key() || ev.meta_key() || ev.shift_key();
        let Some(press) = lines::press(&ev.key(), modified, here).filter(|_| !ev.is_composing()) else {
            return;
        };
        ev.prevent_default();
        match press {
            Press::Choose | Press::Deeds if awaited => self.held.set(Some(press)),
            _ => self.does(press),
        }
    }

    fn does(self, press: Press) {
        let at = self.at.get_untracked();
        match press {
            Press::To(at) => self.show(at),
            Press::Choose => self.choose(at),
            Press::Deeds => {
                if let Some(object) = self.line(at).and_then(|line| line.object) {
                    self.turn_to(Some(object));
                }
            }
            Press::Back => self.turn_to(None),
        }
    }

    fn show(self, at: usize) {
        self.at.set(at);
        if let Some(line) = document().get_element_by_id(&line_id(at)) {
            let near = web_sys::ScrollIntoViewOptions::new();
            near.set_block(web_sys::ScrollLogicalPosition::Nearest);
            line.scroll_into_view_with_scroll_into_view_options(&near);
        }
    }
}

fn field(state: State) -> AnyView {
    let active =
        move || state.lines.with(|lines| state.at.get() < lines.len()).then(|| line_id(state.at.get()));
    let label = move || match state.object.get() {
        Some(object) => ta("palette-deeds", &[("name", &object.name)]),
        None => t("palette-field"),
    };
    view! {
        <span class="pf-v6-c-form-control dr-palette__field">
            <input
                node_ref=state.field
                type="text"
                role="combobox"
                aria-label=label
                placeholder=label
                aria-autocomplete="list"
                aria-expanded="true"
                aria-controls="palette-list"
                aria-activedescendant=active
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                maxlength=model::palette::LONGEST.to_string()
                autofocus=true
                on:input=move |ev| state.typed(event_target_value(&ev))
                on:keydown=move |ev| state.key(&ev)
            />
        </span>
    }
    .into_any()
}

fn list(state: State) -> AnyView {
    let lines =
        move || state.lines.get().into_iter().enumerate().map(|(n, l)| line(n, l, state)).collect_view();
    view! {
        <ul class="dr-palette__list" id="palette-list" role="listbox" aria-label=t("palette-list")>{lines}</ul>
    }
    .into_any()
}

fn line(n: usize, line: Line, state: State) -> AnyView {
    let tone = match line.tone {
        Tone::Neutral => "",
        Tone::Info => "dr-is-info",
        Tone::Success => "dr-is-success",
        Tone::Warning => "dr-is-warning",
        Tone::Danger => "dr-is-danger",
    };
    let beside = line.refused.clone().or_else(|| {
        let words: Vec<String> = line.beside.into_iter().chain(line.state).collect();
        (!words.is_empty()).then(|| words.join(", "))
    });
    view! {
        <li
            class="dr-palette__line"
            class:dr-is-current=move || state.at.get() == n
            class:dr-is-danger=line.danger
            id=line_id(n)
            role="option"
            aria-selected=move || (state.at.get() == n).to_string()
            aria-disabled=line.refused.is_some().then_some("true")
            on:pointermove=move |_| if state.at.get_untracked() != n { state.at.set(n) }
            // The focus stays in the field.
            on:mousedown=move |ev| ev.prevent_default()
            on:click=move |_| state.choose(n)
        >
            <span class=tone><IconView icon=line.icon/></span>
            <span class="dr-palette__text">{line.text}</span>
            {beside.map(|beside| view! { <span class="dr-palette__beside">{beside}</span> })}
        </li>
    }
    .into_any()
}

fn line_id(n: usize) -> String {
    format!("palette-{n}")
}

fn chosen(object: Found) -> AnyView {
    let name = ta("palette-deeds", &[("name", &object.name)]);
    view! { <p class="dr-palette__object">{name}</p> }.into_any()
}

/// What the keys do here.
fn hint(state: State) -> String {
    if state.object.with(Option::is_some) {
        return t("palette-hint-deeds");
    }
    let of_object =
        state.lines.with(|lines| lines.get(state.at.get()).is_some_and(|line| line.object.is_some()));
    t(if of_object { "palette-hint-object" } else { "palette-hint" })
}

/// For those who do not see the list grow.
fn said(state: State) -> String {
    if state.object.with(Option::is_none) && state.text.with(|text| text.trim().is_empty()) {
        return t("palette-hint");
    }
    tn("palette-count", state.lines.with(|lines| lines.len() as u64))
}

fn told(fault: &Fault) -> String {
    match fault {
        Fault::Forbidden(r) | Fault::Refused(r) | Fault::Unavailable(r) => {
            let all = std::iter::once(&r.text).chain(&r.reasons).map(ToString::to_string);
            all.collect::<Vec<_>>().join(" ")
        }
        other => other.to_string(),
    }
}
