//! One's own account: the password, the second factor, and where one is signed in. Its forms are posted as they are, so
//! that they do the same without JavaScript.

use leptos::prelude::*;
use leptos_meta::Title;
use model::session::{SecondFactorState, SessionRow};
use model::text::{t, tn};
use ui::{Button, ButtonKind, ButtonLink, Card, Cards, Cell, Column, PageHead, Row, Section, Table};

use crate::api::account::OwnAccount;
use crate::api::{self, Data};
use crate::forms::data::sign_in::StandingForm;
use crate::forms::{FormAlert, FormCtl};
use crate::parts::time::When;
use crate::parts::waiting::shown;
use crate::paths;

#[component]
pub fn Account() -> impl IntoView {
    view! {
        <Title text=t("account-title")/>
        <PageHead title=t("account-title")/>
        {own()}
    }
    .into_any()
}

/// How one signs in, and where one is signed in.
pub fn own() -> AnyView {
    let own = Data::new(api::account::own);
    let form =
        FormCtl::reloading::<StandingForm>("account", paths::ACCOUNT.to_owned(), &StandingForm::default());
    view! {
        <Section>
            <FormAlert form=form/>
            {shown(8, own, cards)}
        </Section>
    }
    .into_any()
}

fn cards(own: OwnAccount) -> AnyView {
    let internal = own.second.internal;
    let password = internal.then(|| {
        view! {
            <Card title=t("account-password")>
                <ButtonLink kind=ButtonKind::Secondary href=paths::PASSWORD>{t("password-submit")}</ButtonLink>
            </Card>
        }
        .into_any()
    });
    let second = second(own.second);
    let sessions = sessions(own.sessions, paths::ACCOUNT.to_owned(), "account-end");
    view! {
        <Cards>
            {password}
            <Card title=t("second-factor-title")>{second}</Card>
            <div class="dr-log"><Card title=t("account-sessions")>{sessions}</Card></div>
        </Cards>
    }
    .into_any()
}

fn second(second: SecondFactorState) -> AnyView {
    if !second.internal {
        return view! { <p>{t("refusal-second-factor-elsewhere")}</p> }.into_any();
    }
    let Some(since) = second.since else {
        return view! {
            <p>{t("second-factor-is-off")}</p>
            {begin(t("second-factor-set-up"))}
        }
        .into_any();
    };
    view! {
        <p>{t("second-factor-is-on")} " " <When at=since/></p>
        <p>{tn("second-factor-left", second.codes_left.unsigned_abs())}</p>
        <ButtonLink kind=ButtonKind::Secondary href=paths::SECOND_FACTOR_OFF>{t("second-factor-turn-off")}</ButtonLink>
    }
    .into_any()
}

/// The button that makes a key, and leads to it.
pub fn begin(label: String) -> AnyView {
    view! {
        <form method="post" action=paths::SECOND_FACTOR>
            <Button kind=ButtonKind::Secondary submit=true name="intent" value="offer">{label}</Button>
        </form>
    }
    .into_any()
}

/// Sessions with a button each that ends one, posted to `action`; `end` is the button's label.
pub fn sessions(sessions: Vec<SessionRow>, action: String, end: &'static str) -> AnyView {
    let heads = ["field-address-label", "account-browser", "account-since", "account-seen"]
        .map(|key| Column::new(t(key)));
    let mut heads = heads.to_vec();
    heads.push(Column::new(t("account-end")).hidden_title());
    let line = move |session: SessionRow| {
        let deed = match session.this {
            true => view! { <span>{t("account-this")}</span> }.into_any(),
            false => button(&action, session.key.to_string(), t(end)),
        };
        view! {
            <Row>
                <Cell>{session.address}</Cell>
                <Cell>{session.browser}</Cell>
                <Cell><When at=session.begun/></Cell>
                <Cell><When at=session.seen/></Cell>
                <Cell>{deed}</Cell>
            </Row>
        }
        .into_any()
    };
    let lines = sessions.into_iter().map(line).collect_view();
    view! { <Table label=t("account-sessions") columns=heads>{lines}</Table> }.into_any()
}

/// A form that is one button.
pub fn button(action: &str, deed: String, label: String) -> AnyView {
    view! {
        <form method="post" action=action.to_owned()>
            <Button small=true kind=ButtonKind::Secondary submit=true name="deed" value=deed>{label}</Button>
        </form>
    }
    .into_any()
}
