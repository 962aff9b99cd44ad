//! The dialogs of requests for more of a quota: asking, which end users do, answering, and withdrawing.

use leptos::prelude::*;
use model::quota::{QuotaRow, Resource};
use model::quota_request::{RequestRow, RequestState, Requests};
use model::text::{t, ta};
use ui::{Button, ButtonKind, Choice, FormRow, ModalSize, NumberField, TextArea, TextField};
use uuid::Uuid;

use crate::api::{self, Data};
use crate::asked::address;
use crate::forms::data::quota_request::{RequestForm, WithdrawForm};
use crate::forms::{FormCtl, FormDialog};
use crate::frame::ListTab;
use crate::parts::dialogs::{Ways, once_loaded, unseen, use_id, use_object, ways};
use crate::parts::fields::list;
use crate::paths;

fn ways_of(id: Uuid, part: &str) -> Ways {
    ways(&paths::part(ListTab::Quotas, id, part), &paths::part(ListTab::Quotas, id, "requests"))
}

pub fn ask() -> AnyView {
    once_loaded(use_object::<QuotaRow>(), |quota: QuotaRow| {
        if let Err(refusal) = quota.askable() {
            return view! { <p>{refusal.to_string()}</p> }.into_any();
        }
        let ways = ways_of(quota.id.0, "ask-for-quota");
        let form = FormCtl::new("ask-for-quota", ways.action, &RequestForm::default());
        let title = ta("request-ask-title", &[("name", &quota.config.name)]);
        view! {
            <FormDialog form=form title=title submit=t("action-ask-for-quota") close=ways.close about=ListTab::Quotas size=ModalSize::Small>
                {unseen(form, "request")}
                <p>{t("request-hint")}</p>
                {amounts(form, &quota)}
                {long(form, "reason", "field-request-reason", "field-request-reason-help", true)}
            </FormDialog>
        }
        .into_any()
    })
}

/// The quota with the request that the address names, if that is still open; else what is to be said.
fn with_request(view: fn(QuotaRow, RequestRow) -> AnyView) -> AnyView {
    let id = use_id();
    let both = Data::new(move || async move {
        Ok((api::quotas::get(id.into()).await?, api::quotas::requests_of(id.into()).await?))
    });
    let asked = address().with_untracked(|query| query.get("request")).unwrap_or_default();
    once_loaded(both, move |(quota, found): (QuotaRow, Requests)| {
        match found.rows.into_iter().find(|row| row.id.to_string() == asked) {
            Some(row) => view(quota, row),
            None => view! { <p>{t("refusal-request-gone")}</p> }.into_any(),
        }
    })
}

/// Approved by the first button, declined by the second.
pub fn answer() -> AnyView {
    with_request(|quota, row| {
        let ways = ways_of(quota.id.0, "answer-request");
        let form = FormCtl::new("answer-request", ways.action, &RequestForm::from(&row));
        let title = ta("request-answer-title", &[("user", &row.user.1), ("name", &quota.config.name)]);
        let decline = move || {
            view! {
                <Button kind=ButtonKind::Secondary submit=true form=form.id() name="intent" value="decline" busy=form.busy()>
                    {t("request-decline")}
                </Button>
            }
        };
        let stands = (row.state != RequestState::Asked).then(|| row.state.label());
        view! {
            <FormDialog form=form title=title submit=t("request-approve") close=ways.close about=ListTab::Quotas size=ModalSize::Small more=decline>
                {unseen(form, "request")}
                {stands.map(|state| view! { <p>{state}</p> })}
                <p>{ta("request-said", &[("user", &row.user.1), ("word", &row.reason)])}</p>
                {amounts(form, &quota)}
                {long(form, "word", "field-request-word", "field-request-word-help", false)}
            </FormDialog>
        }
        .into_any()
    })
}

pub fn withdraw() -> AnyView {
    with_request(|quota, row| {
        let ways = ways_of(quota.id.0, "withdraw-request");
        let form =
            FormCtl::new("withdraw-request", ways.action, &WithdrawForm { request: row.id.to_string() });
        let title = ta("request-withdraw-title", &[("name", &quota.config.name)]);
        let (amounts, day) = (row.amounts().to_string(), row.last_day().to_string());
        view! {
            <FormDialog form=form title=title submit=t("request-withdraw") close=ways.close about=ListTab::Quotas size=ModalSize::Small danger=true>
                {unseen(form, "request")}
                <p>{ta("request-withdraw-hint", &[("amounts", &amounts), ("day", &day)])}</p>
            </FormDialog>
        }
        .into_any()
    })
}

/// How much more, where, and until when.
fn amounts(form: FormCtl, quota: &QuotaRow) -> AnyView {
    let (clusters, domains) = (quota.config.per_cluster, quota.config.per_domain);
    let hint = (clusters || domains).then(|| view! { <p>{t("request-place-hint")}</p> });
    view! {
        <FormRow>
            {amount(form, "vcpus", "field-vcpus", "unit-vcpus")}
            {amount(form, "memory", "field-memory", "unit-mib")}
        </FormRow>
        {amount(form, "storage", "tab-storage", "unit-gib")}
        {hint}
        {place(form, "cluster", "kind-cluster-title", clusters.then(|| places(quota, Resource::Vcpus)))}
        {place(form, "domain", "field-storage-domain", domains.then(|| places(quota, Resource::Storage)))}
        <TextField
            name="until"
            kind="date"
            label=t("field-until")
            value=form.value("until")
            on_input=form.input("until")
            error=form.error("until")
            help=t("field-until-request-help")
            required=true
        />
    }
    .into_any()
}

fn amount(form: FormCtl, name: &'static str, label: &str, unit: &str) -> AnyView {
    view! {
        <NumberField name=name label=t(label) unit=t(unit) value=form.value(name) on_input=form.input(name) error=form.error(name)/>
    }
    .into_any()
}

/// The places that the quota names.
fn places(quota: &QuotaRow, what: Resource) -> Vec<Choice> {
    let named =
        quota.uses.iter().filter(|u| u.what == what).filter_map(|u| Some((u.place?, u.name.clone()?)));
    let named = named.filter(|(place, _)| quota.config.names(what, *place));
    let choices = named.map(|(place, name)| Choice::new(place.to_string(), name));
    std::iter::once(Choice::new("", t("choose"))).chain(choices).collect()
}

fn place(form: FormCtl, name: &'static str, label: &str, choices: Option<Vec<Choice>>) -> AnyView {
    match choices {
        Some(choices) => list(form, name, label, choices.into(), false),
        None => unseen(form, name),
    }
}

fn long(form: FormCtl, name: &'static str, label: &str, help: &str, required: bool) -> AnyView {
    view! {
        <TextArea
            name=name
            label=t(label)
            value=form.value(name)
            on_input=form.input(name)
            error=form.error(name)
            help=t(help)
            required=required
            rows=2
        />
    }
    .into_any()
}
