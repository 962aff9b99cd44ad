//! A deed without a dialog: a form that is only its button. A refusal is shown beside it.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use model::Fault;
use ui::{Button, ButtonKind, Icon, Refused};

use super::{Answer, Fields, send};
use crate::parts::trouble::Trouble;

/// Posts to `action` when pressed. The refusal goes to the page's `Trouble`.
#[component]
pub fn PostButton(
    #[prop(into)] action: Signal<String>,
    #[prop(into)] text: String,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional, into)] icon: Option<Icon>,
    #[prop(optional, into)] refused: Option<Refused>,
    /// What is to be read anew on the page that it leads to, when that is this one.
    #[prop(optional, into)]
    done: Option<Callback<()>>,
) -> impl IntoView {
    let busy = RwSignal::new(false);
    let navigate = use_navigate();
    let trouble = use_context::<Trouble>();
    let submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        if busy.get_untracked() || refused.is_some_and(|r| r.with_untracked(Option::is_some)) {
            return;
        }
        busy.set(true);
        let navigate = navigate.clone();
        spawn_local(async move {
            let answer = send::send(&action.get_untracked(), &Fields::default()).await;
            busy.set(false);
            match answer {
                Ok(Answer::Location(to)) => {
                    navigate(&to, Default::default());
                    done.into_iter().for_each(|done| done.run(()));
                }
                Ok(Answer::Notice(_) | Answer::Conflict(_)) => {}
                Err(fault) => tell(trouble, fault),
            }
        });
    };
    let refused = refused.unwrap_or(None::<String>.into());
    let button = match icon {
        Some(icon) => view! {
            <Button kind=kind submit=true icon=icon busy=busy refused=refused>{text}</Button>
        }
        .into_any(),
        None => view! { <Button kind=kind submit=true busy=busy refused=refused>{text}</Button> }.into_any(),
    };
    view! { <form class="dr-post" method="post" action=move || action.get() on:submit=submit>{button}</form> }
        .into_any()
}

fn tell(trouble: Option<Trouble>, fault: Fault) {
    if let Some(trouble) = trouble {
        trouble.show(fault);
    }
}
