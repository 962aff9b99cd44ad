//! What a page may say about the HTTP answer that carries it. On the server the shell provides the way; in the
//! browser there is no answer to speak of, and nothing happens. So pages need not know where they run.

use leptos::prelude::*;

/// Sets the status of the answer under way.
#[derive(Clone, Copy)]
pub struct AnswerStatus(pub fn(u16));

/// The answer's status, when there is one: 404 for a page about something that is not there, 422 for a refused form.
pub fn answer_status(code: u16) {
    if let Some(AnswerStatus(set)) = use_context() {
        set(code);
    }
}
