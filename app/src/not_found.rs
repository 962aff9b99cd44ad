//! What stands at an address where nothing is.

use leptos::prelude::*;
use leptos_meta::Title;
use model::text::t;
use ui::{ButtonKind, ButtonLink, EmptyState, FormActions, Icon, LoginPage};

use crate::answer::answer_status;
use crate::frame::Brand;

/// The page of an unknown address. The server answers it with 404.
#[component]
pub fn NotFound() -> impl IntoView {
    answer_status(404);
    let home =
        || view! { <ButtonLink kind=ButtonKind::Primary href="/">{t("frame-not-found-home")}</ButtonLink> };
    view! {
        <Title text=t("frame-not-found")/>
        <EmptyState icon=Icon::Search title=t("frame-not-found") actions=home>{t("frame-not-found-hint")}</EmptyState>
    }
    .into_any()
}

/// As a page of its own, outside of the frame.
#[component]
pub fn Nowhere() -> impl IntoView {
    answer_status(404);
    let hint = t("frame-not-found-hint");
    view! {
        <Title text=t("frame-not-found")/>
        <LoginPage brand=|| view! { <Brand/> } title=t("frame-not-found") subtitle=hint>
            <FormActions>
                <ButtonLink kind=ButtonKind::Primary href="/">{t("frame-not-found-home")}</ButtonLink>
            </FormActions>
        </LoginPage>
    }
    .into_any()
}
