//! What one's machines are and use, and how much of one's quotas that is.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::nested_router::Outlet;
use model::id::Kind;
use model::portal::{OwnDisk, Totals};
use model::quota::{QuotaRow, Use};
use model::quota_request::{RequestRow, RequestState};
use model::text::{count, t, ta};
use model::{Action, size};
use ui::{
    ButtonKind, ButtonLink, Card, Cards, Cell, Column, DescriptionList, Detail, Icon, Label, PageHead, Row,
    Section, Table, Tone, UseBar,
};
use uuid::Uuid;

use super::card::page;
use crate::api::portal::Resources as Found;
use crate::api::{self, Data};
use crate::frame::ListTab;
use crate::live::{Heard, Live, Soon};
use crate::parts::waiting::shown;
use crate::paths;

#[component]
pub fn Resources() -> impl IntoView {
    let found = Data::new(api::portal::sums);
    if let Some(live) = use_context::<Live>() {
        let again = Soon::new(move || found.refetch());
        live.on(move |heard| match heard {
            Heard::Change(change) if matches!(change.kind, Kind::Vm | Kind::Quota | Kind::Disk) => {
                again.ask()
            }
            Heard::Lagged => again.ask(),
            _ => {}
        });
    }
    view! {
        <Title text=t("portal-resources")/>
        <PageHead title=t("portal-resources")/>
        <Section>{shown(8, found, whole)}</Section>
        <Outlet/>
    }
    .into_any()
}

fn whole(found: Found) -> AnyView {
    let quotas: Vec<AnyView> =
        found.quotas.into_iter().filter(|quota| !quota.is_default).map(quota).collect();
    view! {
        <Cards>{totals(&found.totals)}{quotas}{requests(found.requests)}</Cards>
        {disks(found.disks)}
    }
    .into_any()
}

fn totals(all: &Totals) -> AnyView {
    let of = |n: String, all: String| ta("value-of", &[("n", &n), ("all", &all)]);
    let facts = [
        ("portal-running", of(count(all.running), count(all.machines))),
        ("portal-vcpus-running", of(count(all.vcpus_running), count(all.vcpus))),
        ("portal-memory-running", of(size::bytes(all.memory_running), size::bytes(all.memory))),
        ("portal-storage-used", of(size::bytes(all.actual_size), size::bytes(all.virtual_size))),
    ];
    let facts = facts.map(|(term, value)| view! { <Detail term=t(term)>{value}</Detail> }.into_any());
    view! {
        <Card title=t("portal-machines")><DescriptionList>{facts.into_iter().collect_view()}</DescriptionList></Card>
    }
    .into_any()
}

fn quota(quota: QuotaRow) -> AnyView {
    let bars = quota.uses.iter().map(bar).collect_view();
    let title = ta("portal-quota", &[("name", &quota.config.name)]);
    let href = paths::returning(&dialog(quota.id.0, "ask-for-quota"), paths::PORTAL_RESOURCES);
    view! {
        <Card title=title>
            <ul class="dr-meters">{bars}</ul>
            <p class="dr-portal__more"><ButtonLink small=true icon=Icon::Plus href=href>{Action::AskForQuota.label()}</ButtonLink></p>
        </Card>
    }
    .into_any()
}

fn dialog(quota: Uuid, word: &str) -> String {
    paths::in_portal(&paths::part(ListTab::Quotas, quota, word)).unwrap_or_default()
}

/// What was asked for, with what became of it.
fn requests(all: Vec<RequestRow>) -> AnyView {
    if all.is_empty() {
        return ().into_any();
    }
    let one = |row: RequestRow| {
        let withdraw = (row.state == RequestState::Asked).then(|| {
            let href = paths::asking(&dialog(row.quota.0.0, "withdraw-request"), "request", &row.id.to_string());
            let href = paths::returning(&href, paths::PORTAL_RESOURCES);
            view! { <ButtonLink kind=ButtonKind::Link small=true href=href>{t("request-withdraw")}</ButtonLink> }
        });
        let said = [row.quota.1.clone(), row.last_day().to_string(), row.reason.clone()]
            .into_iter()
            .chain(Some(row.word.clone()))
            .filter(|text| !text.is_empty());
        view! {
            <li class="dr-parts__one">
                <span class="dr-parts__name">{row.amounts().to_string()}</span>
                <span class="dr-parts__about">{said.collect::<Vec<_>>().join(" \u{b7} ")}</span>
                <span class="dr-parts__end"><Label text=row.state.label() tone=tone(row.state)/>{withdraw}</span>
            </li>
        }
        .into_any()
    };
    view! {
        <Card title=t("portal-requests")><ul class="dr-parts">{all.into_iter().map(one).collect_view()}</ul></Card>
    }
    .into_any()
}

fn tone(state: RequestState) -> Tone {
    match state {
        RequestState::Asked => Tone::Info,
        RequestState::Approved => Tone::Success,
        RequestState::Declined => Tone::Danger,
        RequestState::Withdrawn | RequestState::Ended => Tone::Neutral,
    }
}

/// A limit, and how much of it is used; what has none says so.
fn bar(u: &Use) -> AnyView {
    let label = u.label().to_string();
    let (bar, says) = match (u.most, u.percent()) {
        (None, _) => (().into_any(), ta("quota-used-unlimited", &[("n", &u.what.amount(u.used))])),
        (Some(most), percent) => {
            let percent = Signal::stored(Some(percent.unwrap_or(100) as f32));
            let says = ta("value-of", &[("n", &u.what.amount(u.used)), ("all", &u.what.amount(most))]);
            (view! { <UseBar label=label.clone() percent=percent/> }.into_any(), says)
        }
    };
    view! {
        <li class="dr-meter">
            <span class="dr-meter__name">{label}</span>
            <span class="dr-meter__says">{says}</span>
            {bar}
        </li>
    }
    .into_any()
}

fn disks(disks: Vec<OwnDisk>) -> AnyView {
    if disks.is_empty() {
        return ().into_any();
    }
    let heads = vec![
        Column::new(t("portal-machine")),
        Column::new(t("field-alias")),
        Column::new(t("field-virtual-size")).end(),
        Column::new(t("field-actual-size")).end(),
    ];
    let line = |disk: OwnDisk| {
        view! {
            <Row>
                <Cell><a class="dr-name" href=page(disk.vm.0)>{disk.vm.1}</a></Cell>
                <Cell>{disk.alias}</Cell>
                <Cell end=true>{size::bytes(disk.virtual_size)}</Cell>
                <Cell end=true>{size::bytes(disk.actual_size)}</Cell>
            </Row>
        }
        .into_any()
    };
    view! {
        <h2 class="dr-portal__sub">{t("tab-disks")}</h2>
        <Table label=t("tab-disks") columns=heads>{disks.into_iter().map(line).collect_view()}</Table>
    }
    .into_any()
}
