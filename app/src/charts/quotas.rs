//! What a request would make of a quota, and who may use one.

use control::quotas::Asked;
use control::{Ctx, Outcome, quotas};
use leptos::prelude::*;
use model::text::t;
use ui::{Cell, Column, Row, Table};
use uuid::Uuid;

use super::written;
use crate::api::charts::After;
use crate::frame::ListTab;
use crate::paths;

/// One line for each limit; nothing to say of a quota without limits.
pub async fn after(ctx: &Ctx, after: &After) -> Outcome<String> {
    let cluster = (!after.cluster.is_nil()).then_some((after.cluster.into(), after.vcpus, after.memory));
    let storage = (after.storage > 0).then_some((after.domain.into(), after.storage));
    let asked = Asked { cluster, storage };
    let found = match quotas::projection(ctx, after.quota.into(), &asked).await {
        Ok(found) => found,
        // Whoever may not use it is told so when it is chosen.
        Err(model::Fault::NotFound { .. } | model::Fault::Forbidden(_)) => quotas::Projection::default(),
        Err(fault) => return Err(fault),
    };
    if found.lines.is_empty() {
        return Ok(String::new());
    }
    let line = |line: model::Text| view! { <li>{line.to_string()}</li> };
    let href = paths::part(ListTab::Quotas, after.quota, "ask-for-quota");
    // In a tab of its own, so that the dialog keeps what was typed.
    let more = found.asks.then(|| {
        view! { <p><a href=href target="_blank" rel="noopener">{t("action-ask-for-quota")}</a></p> }
    });
    let lines = found.lines;
    Ok(written(|| {
        view! { <p>{t("quota-projection")}</p><ul class="dr-reasons">{lines.into_iter().map(line).collect_view()}</ul>{more} }.into_any()
    }))
}

pub async fn consumers(ctx: &Ctx, id: Uuid) -> Outcome<String> {
    let all = quotas::consumers(ctx, id.into()).await?;
    if all.is_empty() {
        return Ok(written(|| view! { <p>{t("quota-no-consumers")}</p> }.into_any()));
    }
    let line = |one: model::quota::Consumer| view! { <Row><Cell>{one.name}</Cell></Row> }.into_any();
    let heads = vec![Column::new(t("field-name"))];
    Ok(written(|| {
        let lines = all.into_iter().map(line).collect_view();
        view! { <Table label=t("quota-consumers") columns=heads>{lines}</Table> }.into_any()
    }))
}
