//! The live stream in the browser: what changed, as it changes. The tabs of one browser share one stream: the one
//! that holds a Web Lock listens and passes everything on over a BroadcastChannel; when it closes, another gets the
//! lock. Whoever lost the stream looks again once it is back. Nothing here runs on the server.

use std::rc::Rc;
use std::time::Duration;

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use model::live::LiveChange;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::{Closure, JsCast, JsValue};
use web_sys::{BroadcastChannel, Event, EventSource, MessageEvent};

use crate::api::data::read;
use crate::frame::Connection;
use crate::paths;

/// The name of the lock and of the channel.
const NAME: &str = "drover-live";
/// After a refusal, such as that of an ended session.
const RETRY: Duration = Duration::from_secs(3);

/// What a tab hears.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Heard {
    Change(Box<LiveChange>),
    /// Something was missed: look at everything again.
    Lagged,
    Lost,
    /// The session is over, or shows less than before.
    Ended,
}

type Listener = Callback<Heard>;

/// The page's end of the stream. Parts subscribe for as long as they are there.
#[derive(Clone, Copy)]
pub struct Live {
    listeners: StoredValue<Vec<(u64, Listener)>>,
    next: StoredValue<u64>,
    connection: RwSignal<Connection>,
}

impl Live {
    /// Starts listening once the page is alive.
    pub fn provide() -> Live {
        let live = Live {
            listeners: StoredValue::new(Vec::new()),
            next: StoredValue::new(0),
            connection: RwSignal::new(Connection::Fine),
        };
        provide_context(live);
        Effect::new(move |_| live.start());
        live
    }

    /// The server runs another build than this page.
    pub fn is_old(self) {
        self.connection.set(Connection::NewerBuild);
    }

    pub fn connection(self) -> Signal<Connection> {
        self.connection.into()
    }

    /// Calls `f` for everything that is heard, until the caller's owner is gone.
    pub fn on(self, f: impl Fn(Heard) + Send + Sync + 'static) {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        self.listeners.update_value(|list| list.push((id, Callback::new(f))));
        on_cleanup(move || {
            // The page itself may be gone already.
            let _ = self.listeners.try_update_value(|list| list.retain(|(other, _)| *other != id));
        });
    }

    fn tell(self, heard: Heard) {
        match &heard {
            Heard::Lost => self.connection.set(Connection::Lost),
            Heard::Lagged if self.connection.get_untracked() == Connection::Lost => {
                self.connection.set(Connection::Fine);
            }
            Heard::Ended if is_typing() => self.connection.set(Connection::Ended),
            Heard::Ended => {
                // The server then shows what may be seen, or the sign-in. Fails for a page that is going anyway.
                let _ = window().location().reload();
            }
            Heard::Change(_) | Heard::Lagged => {}
        }
        for (_, listener) in self.listeners.get_value() {
            listener.run(heard.clone());
        }
    }

    fn start(self) {
        let Ok(channel) = BroadcastChannel::new(NAME) else {
            return listen(Rc::new(move |h| self.tell(h)), false);
        };
        let hear = Closure::<dyn Fn(MessageEvent)>::new(move |ev: MessageEvent| {
            if let Some(heard) = ev.data().as_string().and_then(|text| read(&text).ok()) {
                self.tell(heard);
            }
        });
        channel.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        // The stream lives as long as the page does.
        hear.forget();
        let spread = move |heard: Heard| {
            if let Ok(text) = serde_json::to_string(&heard) {
                let _ = channel.post_message(&JsValue::from_str(&text));
            }
            self.tell(heard);
        };
        // What happened between the server's render and now was not heard.
        self.tell(Heard::Lagged);
        when_leading(move || listen(Rc::new(spread), false));
    }
}

/// Whether a dialog's form is open: then the page must stay as it is.
fn is_typing() -> bool {
    document().query_selector("dialog[open] form").ok().flatten().is_some()
}

/// Runs `lead` once this tab holds the lock, which it then keeps. A browser without locks leads at once.
fn when_leading(lead: impl FnOnce() + 'static) {
    let navigator = window().navigator();
    let locks = Reflect::get(&navigator, &"locks".into()).ok().filter(JsValue::is_object);
    let request = locks
        .as_ref()
        .and_then(|l| Reflect::get(l, &"request".into()).ok())
        .and_then(|r| r.dyn_into::<Function>().ok());
    let (Some(locks), Some(request)) = (locks, request) else { return lead() };
    let held = Closure::once_into_js(move || -> Promise {
        lead();
        // Never settles: the lock goes with the page.
        Promise::new(&mut |_, _| {})
    });
    let _ = request.call2(&locks, &NAME.into(), &held);
}

type Told = Rc<dyn Fn(Heard)>;

/// Opens the stream. The browser itself tries again after a loss; after a refusal (401) we do, later.
fn listen(told: Told, was_lost: bool) {
    let Ok(source) = EventSource::new(paths::LIVE) else { return };
    let on_change = told.clone();
    on_event(&source, "change", move |ev| {
        let text = ev.dyn_into::<MessageEvent>().ok().and_then(|m| m.data().as_string());
        if let Some(change) = text.and_then(|t| read(&t).ok()) {
            on_change(Heard::Change(Box::new(change)));
        }
    });
    let on_lag = told.clone();
    on_event(&source, "lagged", move |_| on_lag(Heard::Lagged));
    let (on_end, ended) = (told.clone(), source.clone());
    on_event(&source, "ended", move |_| {
        ended.close();
        on_end(Heard::Ended);
    });
    let lost = Rc::new(std::cell::Cell::new(was_lost));
    let (on_open, before) = (told.clone(), lost.clone());
    on_event(&source, "open", move |_| {
        // What happened before was not heard, the first time neither.
        before.set(false);
        on_open(Heard::Lagged);
    });
    let failed = source.clone();
    on_event(&source, "error", move |_| {
        if !lost.replace(true) {
            told(Heard::Lost);
        }
        if failed.ready_state() == EventSource::CLOSED {
            let told = told.clone();
            set_timeout(move || listen(told, true), RETRY);
        }
    });
}

fn on_event(source: &EventSource, name: &str, f: impl Fn(Event) + 'static) {
    let closure = Closure::<dyn Fn(Event)>::new(f);
    let _ = source.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
    closure.forget();
}

/// Runs `f` soon, at most once a second however often it is asked, with some jitter so that many browsers do not
/// ask the server at once.
#[derive(Clone, Copy)]
pub struct Soon {
    waiting: StoredValue<bool>,
    f: Callback<()>,
}

impl Soon {
    pub fn new(f: impl Fn() + Send + Sync + 'static) -> Soon {
        Soon { waiting: StoredValue::new(false), f: Callback::new(move |()| f()) }
    }

    pub fn ask(self) {
        if self.waiting.try_get_value().unwrap_or(true) {
            return;
        }
        self.waiting.set_value(true);
        let pause = 600.0 + js_sys::Math::random() * 400.0;
        set_timeout(
            move || {
                // The part that asked may be gone by now.
                if self.waiting.try_set_value(false).is_none() {
                    self.f.try_run(());
                }
            },
            Duration::from_millis(pause as u64),
        );
    }
}
