//! What stands where data is still on its way. One component for all such places, with its types erased: each
//! other form of Leptos' boundary would be compiled, and sent to the browser, once more.

use leptos::prelude::*;
use model::text::t;
use ui::Skeleton;

use super::fault::fault_view;
use super::finished::finished;
use crate::api::Data;
use crate::api::data::Readable;

/// Shows `children` once all that they read is there; before, `lines` of a text to come. Later changes are put in place.
#[component]
pub fn Waiting(#[prop(optional)] lines: u32, children: Children) -> impl IntoView {
    let fallback = move || match lines {
        0 => ().into_any(),
        lines => view! { <Skeleton lines=lines label=t("page-loading")/> }.into_any(),
    };
    view! { <Transition fallback=fallback>{children()}</Transition> }.into_any()
}

/// `view` of what was read, or why it could not be; before, `lines` of a text to come.
pub fn shown<T: Readable>(
    lines: u32,
    data: Data<T>,
    view: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    waiting(lines, Box::new(move || data.get().map(|answer| answer.map_or_else(fault_view, &view))))
}

/// The same of a view that begins with an element and in which nothing waits: the server makes it once.
pub fn shown_whole<T: Readable>(
    lines: u32,
    data: Data<T>,
    view: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let made = StoredValue::new(None);
    let whole = move |answer: Result<T, _>| match answer {
        Ok(value) => finished(made, || view(value)),
        Err(error) => fault_view(error),
    };
    waiting(lines, Box::new(move || data.get().map(&whole)))
}

fn waiting(lines: u32, view: Box<dyn Fn() -> Option<AnyView> + Send + Sync>) -> AnyView {
    view! { <Waiting lines=lines>{view}</Waiting> }.into_any()
}
