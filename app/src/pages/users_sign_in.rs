//! How somebody signs in, on their page, for those who manage users: whether they are locked out, their second factor,
//! and their sessions, each with the way to change it.

use leptos::prelude::*;
use model::UserId;
use model::session::Standing;
use model::text::t;
use ui::{Card, Cards, Section};
use uuid::Uuid;

use super::account_home::{button, sessions};
use crate::api::{self, Data};
use crate::forms::data::sign_in::StandingForm;
use crate::forms::{FormAlert, FormCtl};
use crate::frame::ListTab;
use crate::parts::time::When;
use crate::parts::waiting::shown;
use crate::paths;

/// The last word of its address.
pub const WORD: &str = "sign-in";

pub fn pane(user: Uuid) -> AnyView {
    let standing = Data::new(move || api::account::of(UserId(user)));
    let action = paths::part(ListTab::Users, user, WORD);
    let form = FormCtl::reloading::<StandingForm>("standing", action.clone(), &StandingForm::default());
    view! {
        <Section>
            <FormAlert form=form/>
            {shown(6, standing, move |standing| cards(standing, &action))}
        </Section>
    }
    .into_any()
}

fn cards(standing: Standing, action: &str) -> AnyView {
    let locked = match standing.locked_until {
        Some(until) => view! {
            <p>{t("users-locked-until")} " " <When at=until/></p>
            {button(action, "unlock".to_owned(), t("users-unlock"))}
        }
        .into_any(),
        None => view! { <p>{t("users-not-locked")}</p> }.into_any(),
    };
    let second = match standing.second_factor {
        Some(since) => view! {
            <p>{t("users-second-factor-on")} " " <When at=since/></p>
            {button(action, "reset".to_owned(), t("users-second-factor-reset"))}
        }
        .into_any(),
        None => view! { <p>{t("users-second-factor-off")}</p> }.into_any(),
    };
    let sessions = sessions(standing.sessions, action.to_owned(), "users-terminate");
    view! {
        <Cards>
            <Card title=t("users-lock")>{locked}</Card>
            <Card title=t("second-factor-title")>{second}</Card>
            <div class="dr-log"><Card title=t("account-sessions")>{sessions}</Card></div>
        </Cards>
    }
    .into_any()
}
