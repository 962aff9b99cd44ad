//! What is asked of a quota, with the ways to answer it.

use control::{Ctx, Outcome, quotas};
use leptos::prelude::*;
use model::quota_request::{RequestRow, RequestState, Requests};
use model::text::{t, ta};
use ui::{ButtonKind, ButtonLink, Cell, Column, Icon, Row, Table};
use uuid::Uuid;

use super::written;
use crate::frame::ListTab;
use crate::parts::time::moment;
use crate::paths;

pub async fn view(ctx: &Ctx, id: Uuid) -> Outcome<String> {
    let found = quotas::requests::of(ctx, id.into()).await?;
    let own = ctx.who.id.map(|id| id.0);
    Ok(written(|| page(id, own, found)))
}

fn page(quota: Uuid, own: Option<Uuid>, found: Requests) -> AnyView {
    let Requests { answers, asks, rows } = found;
    let ask = asks.then(|| {
        let href = paths::part(ListTab::Quotas, quota, "ask-for-quota");
        view! { <ButtonLink kind=ButtonKind::Secondary icon=Icon::Plus href=href>{t("action-ask-for-quota")}</ButtonLink> }
    });
    let table = if rows.is_empty() {
        view! { <p>{t("quota-requests-none")}</p> }.into_any()
    } else {
        let lines = rows.into_iter().map(|row| line(own, answers, row)).collect_view();
        view! { <Table label=t("quota-requests") columns=heads()>{lines}</Table> }.into_any()
    };
    view! { {ask} {table} }.into_any()
}

fn heads() -> Vec<Column> {
    let words = [
        "field-request-who",
        "field-request-amounts",
        "field-until",
        "field-request-reason",
        "field-request-state",
        "field-request-answer",
    ];
    let mut heads: Vec<Column> = words.map(|key| Column::new(t(key))).into();
    heads.push(Column::new(t("list-deeds-column")).hidden_title().narrow());
    heads
}

fn line(own: Option<Uuid>, answers: bool, row: RequestRow) -> AnyView {
    let ways = ways(own, answers, &row);
    let (amounts, day) = (row.amounts().to_string(), row.last_day().to_string());
    let answer = match (&row.by, row.word.is_empty()) {
        (Some(by), false) => ta("request-said", &[("user", by), ("word", &row.word)]),
        (Some(by), true) => by.clone(),
        (None, _) => String::new(),
    };
    let at = row.decided_at.map(moment);
    view! {
        <Row>
            <Cell>{row.user.1} <br/> {moment(row.asked_at)}</Cell>
            <Cell>{amounts}</Cell>
            <Cell>{day}</Cell>
            <Cell>{row.reason}</Cell>
            <Cell>{row.state.label()}</Cell>
            <Cell>{answer} {at.map(|at| view! { <br/> {at} })}</Cell>
            <Cell>{ways}</Cell>
        </Row>
    }
    .into_any()
}

/// What can be done with an open one: answer it, or take one's own back.
fn ways(own: Option<Uuid>, answers: bool, row: &RequestRow) -> AnyView {
    let open = row.state == RequestState::Asked;
    let way = |part: &str, key: &str| {
        let href = paths::part(ListTab::Quotas, row.quota.0, part);
        let href = paths::asking(&href, "request", &row.id.to_string());
        let label = t(key);
        view! { <ButtonLink kind=ButtonKind::Secondary small=true href=href>{label}</ButtonLink> " " }
            .into_any()
    };
    let answer = (open && answers).then(|| way("answer-request", "action-answer-request"));
    let withdraw = (open && own == Some(row.user.0.0)).then(|| way("withdraw-request", "request-withdraw"));
    view! { {answer} {withdraw} }.into_any()
}
