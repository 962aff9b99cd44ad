//! Two people in one form: what the second one is told, and how both halves of the application carry it. Every edit
//! takes along what it was opened with (`OPENED`), so that three sides can be compared: then, now, and typed.

use leptos::prelude::*;
use model::Text;
use model::text::{t, ta};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use ui::{Alert, ButtonKind, ButtonLink, Cell, Column, Row, Table, Tone};

use super::{Fields, FormCtl};
use crate::parts::time::When;

/// The hidden field with the values that a form was opened with.
pub const OPENED: &str = "opened";

/// Somebody else saved the object while this form was open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    /// Who it was.
    pub by: Text,
    pub at: Option<OffsetDateTime>,
    pub differences: Vec<Difference>,
    /// How the form goes on: what was typed, over the object as it is now.
    pub values: Fields,
}

/// A field that is not now what it was when the form was opened, or not what was typed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    pub label: Text,
    pub now: Text,
    /// None was left as it was, and so stays as it is now.
    pub yours: Option<Text>,
}

/// Says who was faster, and with what.
pub fn told(conflict: Conflict) -> AnyView {
    let title = ta("form-conflict", &[("who", &conflict.by.to_string())]);
    let at = conflict.at.map(|at| view! { <p>{t("form-conflict-saved")} " " <When at=at/></p> });
    view! {
        <div class="dr-form__alert">
            <Alert tone=Tone::Warning title=title tone_label=t("alert-warning") assertive=true>
                {at}
                <p>{t("form-conflict-hint")}</p>
                {table(conflict.differences)}
            </Alert>
        </div>
    }
    .into_any()
}

fn table(differences: Vec<Difference>) -> AnyView {
    if differences.is_empty() {
        return view! { <p>{t("form-conflict-same")}</p> }.into_any();
    }
    let heads = ["form-conflict-field", "form-conflict-now", "form-conflict-yours"];
    let columns: Vec<Column> = heads.map(|key| Column::new(t(key))).to_vec();
    let lines = differences.into_iter().map(line).collect_view();
    view! { <Table label=t("form-conflict-table") columns=columns>{lines}</Table> }.into_any()
}

fn line(difference: Difference) -> AnyView {
    let yours = difference.yours.unwrap_or_else(|| Text::new("form-conflict-left"));
    view! {
        <Row>
            <Cell>{difference.label.to_string()}</Cell>
            <Cell>{difference.now.to_string()}</Cell>
            <Cell>{yours.to_string()}</Cell>
        </Row>
    }
    .into_any()
}

/// The way out that gives up what was typed: the form as it would open now.
pub fn take_theirs(form: FormCtl) -> AnyView {
    view! {
        <ButtonLink kind=ButtonKind::Secondary href=form.action() external=true>{t("form-take-theirs")}</ButtonLink>
    }
    .into_any()
}
