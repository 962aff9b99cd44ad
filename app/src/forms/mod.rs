//! Writing. Every dialog and every action is a form with an address of its own that posts there; `table` says which
//! operation that is. With JavaScript the page checks first, sends, and puts the answer in place; without it the
//! server renders the same page again. Either way nothing typed is lost.

pub mod conflict;
pub mod data;
pub mod dialog;
pub mod fields;
pub mod form;
pub mod parse;
pub mod post;
pub mod send;

#[cfg(feature = "ssr")]
pub mod http;
#[cfg(feature = "ssr")]
pub mod labels;
#[cfg(feature = "ssr")]
pub mod stale;
#[cfg(feature = "ssr")]
pub mod table;

use model::{Fault, Text};
use serde::{Deserialize, Serialize};

pub use conflict::Conflict;
pub use dialog::{FormAlert, FormCard, FormDialog};
pub use fields::{Fields, FormData};
pub use form::{FormCtl, no_error};
pub use post::PostButton;

/// A form that comes back: carried from the POST to the page rendered for it, and on to the browser.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FormState {
    /// The path that was posted to.
    pub path: String,
    pub values: Fields,
    pub fault: Option<Fault>,
    pub notice: Option<Notice>,
    /// Somebody else was faster.
    pub conflict: Option<Conflict>,
}

impl FormState {
    /// A form with values in it, of which nothing is to be said.
    pub fn new(path: &str, values: Fields) -> FormState {
        FormState { path: path.to_owned(), values, fault: None, notice: None, conflict: None }
    }
}

/// Something that a form found out without changing anything.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    pub title: Text,
    pub facts: Vec<Fact>,
    /// The answer is a no.
    #[serde(default)]
    pub no: bool,
}

/// One fact by its name, and where it leads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    pub name: Text,
    pub value: Text,
    pub href: Option<String>,
}

/// What a form's operation leads to.
#[derive(Debug, Clone, PartialEq)]
pub enum Done {
    /// Go there.
    Go(String),
    /// Stay in the form and show this.
    Stay(Notice),
}

/// The answer to a form that the browser sent by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    Location(String),
    Notice(Notice),
    Conflict(Conflict),
}

impl Notice {
    /// What a connection test found.
    pub fn of_host(facts: &model::host::HostFacts) -> Notice {
        let fact = |key: &str, value: Text| Fact { name: Text::new(key), value, href: None };
        let word = |key: &str, value: &str| fact(key, Text::new("plain").with("text", value));
        let kvm = Text::new(if facts.kvm_offered { "value-yes" } else { "value-no" });
        Notice {
            title: Text::new("host-test-fine"),
            no: false,
            facts: vec![
                word("host-fact-hostname", &facts.hostname),
                word("host-fact-cpu", &facts.cpu_model),
                word("host-fact-cpus", &facts.cpus.to_string()),
                word("host-fact-memory", &model::size::bytes(facts.memory)),
                word("host-fact-libvirt", &facts.libvirt_version),
                word("host-fact-qemu", &facts.qemu_version),
                fact("host-fact-kvm", kvm),
            ],
        }
    }
}
