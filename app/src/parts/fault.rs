//! What stands where a page's content would, when the server refused to give it.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::Fault;
use model::text::t;
use ui::{ButtonKind, ButtonLink, EmptyState, Icon};

use crate::answer::answer_status;
use crate::api::ApiError;
use crate::asked::here;
use crate::paths;

/// The fault in words with a way on; the answer gets its status.
pub fn fault_view(error: ApiError) -> AnyView {
    let fault = error.0;
    answer_status(fault.status());
    let (icon, title) = match &fault {
        Fault::NotFound { .. } => (Icon::Search, t("frame-not-found")),
        Fault::SignedOut => (Icon::Lock, t("page-signed-out")),
        Fault::Forbidden(_) => (Icon::Lock, t("page-forbidden")),
        _ => (Icon::Danger, t("page-failed")),
    };
    let way = match &fault {
        Fault::SignedOut => sign_in(),
        Fault::NotFound { .. } | Fault::Forbidden(_) => {
            view! { <ButtonLink href=here(paths::HOME.to_owned())>{t("frame-not-found-home")}</ButtonLink> }
                .into_any()
        }
        _ => view! { <a class="pf-v6-c-button pf-m-secondary" href="" rel="external">{t("page-again")}</a> }
            .into_any(),
    };
    view! { <EmptyState icon=icon title=title actions=move || way>{fault.to_string()}</EmptyState> }
        .into_any()
}

fn sign_in() -> AnyView {
    let here = use_location();
    let href = move || paths::sign_in(&format!("{}{}", here.pathname.get(), here.search.get()));
    view! { <ButtonLink kind=ButtonKind::Primary href=Signal::derive(href)>{t("sign-in-submit")}</ButtonLink> }.into_any()
}
