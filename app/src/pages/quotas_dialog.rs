//! The dialogs of quotas: New, Edit, Copy, Remove, who may use one; and the choice of one in other dialogs.

use leptos::prelude::*;
use model::Action;
use model::quota::{Consumer, QuotaRow};
use model::text::{t, ta};
use ui::{CheckGroup, Checkbox, Choice, FormRow, FormSection, ModalSize, NumberField, TextArea, TextField};
use uuid::Uuid;

use crate::api::charts::{After, Chart, Drawn, draw};
use crate::api::choices::Named;
use crate::api::quotas::QuotaPlaces;
use crate::api::{self, Data};
use crate::forms::data::quota::{AssignQuotaForm, ConsumersForm, MEMORY, QuotaForm, STORAGE, VCPUS, place};
use crate::forms::{FormCtl, FormDialog};
use crate::frame::ListTab;
use crate::pages::leases_dialog;
use crate::pages::quota_requests;
use crate::parts::details::{known_part, over};
use crate::parts::dialogs::{
    RemoveDialog, Ways, choices, new_ways, once_loaded, parent_field, part_ways, preferred, unseen, use_id,
    use_within,
};
use crate::parts::fields::{list, switch};
use crate::parts::used::drawn;
use crate::parts::waiting::shown;

/// A dialog over the page of one.
#[component]
pub fn Part() -> impl IntoView {
    over(|part| match part {
        "edit" => changed("edit", "quota-edit"),
        "copy" => changed("copy", "quota-copy"),
        "consumers-edit" => view! { <Consumers/> }.into_any(),
        "remove" => {
            view! { <RemoveDialog<QuotaRow> action=Action::RemoveQuota hint="quota-remove-hint"/> }.into_any()
        }
        "ask-for-quota" => quota_requests::ask(),
        "answer-request" => quota_requests::answer(),
        "withdraw-request" => quota_requests::withdraw(),
        word => known_part::<QuotaRow>(word),
    })
}

#[component]
pub fn New() -> impl IntoView {
    let within = use_within();
    once_loaded(Data::new(api::quotas::places), move |places: QuotaPlaces| {
        let data_center = preferred(&places.data_centers, &within);
        let form = QuotaForm { data_center, ..QuotaForm::default() };
        dialog(form, new_ways(ListTab::Quotas), t("quota-new"), places, true)
    })
}

/// Of one that is there: itself, or another like it.
fn changed(part: &'static str, title: &'static str) -> AnyView {
    let id = use_id();
    let both =
        Data::new(
            move || async move { Ok((api::quotas::get(id.into()).await?, api::quotas::places().await?)) },
        );
    once_loaded(both, move |(row, mut places): (QuotaRow, QuotaPlaces)| {
        let center = row.data_center.0.0;
        for named in [&mut places.clusters, &mut places.domains] {
            named.retain(|one| one.data_center == center);
        }
        let mut form = QuotaForm::from(&row);
        if part == "copy" {
            form.version = String::new();
            form.name = ta("quota-copy-name", &[("name", &row.config.name)]);
        }
        dialog(form, part_ways(ListTab::Quotas, id, part), t(title), places, false)
    })
}

fn dialog(initial: QuotaForm, ways: Ways, title: String, places: QuotaPlaces, new: bool) -> AnyView {
    let QuotaPlaces { data_centers, clusters, domains } = places;
    let ids = |named: &[Named]| named.iter().map(|one| one.id).collect::<Vec<_>>().into_iter();
    let initial = initial.open(ids(&clusters), ids(&domains));
    let form = FormCtl::new("quota", ways.action, &initial);
    view! {
        <FormDialog form=form title=title submit=t("form-ok") close=ways.close about=ListTab::Quotas>
            {unseen(form, "version")}
            {parent_field(form, "data_center", "kind-data-center-title", new.then_some(data_centers))}
            {names(form)}
            {cluster_part(form, clusters)}
            {storage_part(form, domains)}
            {leases_dialog::section(form)}
        </FormDialog>
    }
    .into_any()
}

fn names(form: FormCtl) -> AnyView {
    view! {
        <TextField
            name="name"
            label=t("field-name")
            value=form.value("name")
            on_input=form.input("name")
            error=form.error("name")
            required=true
            autofocus=true
        />
        <TextArea
            name="description"
            label=t("field-description")
            value=form.value("description")
            on_input=form.input("description")
            error=form.error("description")
            rows=2
        />
    }
    .into_any()
}

fn cluster_part(form: FormCtl, clusters: Vec<Named>) -> AnyView {
    let each = form.is_on("per_cluster");
    view! {
        <FormSection title=t("quota-cluster-part")>
            {switch(form, "per_cluster", "quota-per-cluster")}
            <div hidden=move || each.get()>
                <FormRow>
                    {amount(form, "vcpus", "field-vcpus", None)}
                    {amount(form, "memory", "field-memory", Some("unit-mib"))}
                </FormRow>
            </div>
            <div hidden=move || !each.get()>{each_cluster(form, clusters)}</div>
            {margins(form, "cluster_threshold", "cluster_grace")}
        </FormSection>
    }
    .into_any()
}

fn storage_part(form: FormCtl, domains: Vec<Named>) -> AnyView {
    let each = form.is_on("per_domain");
    view! {
        <FormSection title=t("quota-storage-part")>
            {switch(form, "per_domain", "quota-per-domain")}
            <div hidden=move || each.get()>{amount(form, "storage", "tab-storage", Some("unit-gib"))}</div>
            <div hidden=move || !each.get()>{each_domain(form, domains)}</div>
            {margins(form, "storage_threshold", "storage_grace")}
        </FormSection>
    }
    .into_any()
}

fn amount(form: FormCtl, name: &'static str, label: &str, unit: Option<&str>) -> AnyView {
    limit(form, name.to_owned(), t(label), unit)
}

/// Empty is no limit of all together, and nothing of one place.
fn limit(form: FormCtl, name: String, label: String, unit: Option<&str>) -> AnyView {
    let (value, error) = (form.value_of(name.clone()), form.error_of(name.clone()));
    let unit = unit.map_or_else(|| t("unit-vcpus"), t);
    let typed = name.clone();
    let input = Callback::new(move |value: String| form.set(&typed, value));
    view! { <NumberField name=name label=label unit=unit value=value on_input=input error=error/> }.into_any()
}

/// Those of other data centers than the chosen one are out of sight, and sent empty.
fn each_cluster(form: FormCtl, clusters: Vec<Named>) -> AnyView {
    let row = move |one: Named| {
        let label = |what: &str| ta("quota-place", &[("what", &t(what)), ("place", &one.name)]);
        let vcpus = limit(form, place(VCPUS, one.id), label("field-vcpus"), None);
        let memory = limit(form, place(MEMORY, one.id), label("field-memory"), Some("unit-mib"));
        let fields = view! { <FormRow>{vcpus}{memory}</FormRow> }.into_any();
        here(form, one.data_center, fields)
    };
    clusters.into_iter().map(row).collect_view().into_any()
}

fn each_domain(form: FormCtl, domains: Vec<Named>) -> AnyView {
    let row = move |one: Named| {
        let label = ta("quota-place", &[("what", &t("tab-storage")), ("place", &one.name)]);
        here(form, one.data_center, limit(form, place(STORAGE, one.id), label, Some("unit-gib")))
    };
    domains.into_iter().map(row).collect_view().into_any()
}

fn here(form: FormCtl, data_center: Uuid, fields: AnyView) -> AnyView {
    let chosen = form.value("data_center");
    let elsewhere = move || {
        let chosen = chosen.get();
        !chosen.is_empty() && chosen != data_center.to_string()
    };
    view! { <div hidden=elsewhere>{fields}</div> }.into_any()
}

fn margins(form: FormCtl, threshold: &'static str, grace: &'static str) -> AnyView {
    let field = |name: &'static str, label: &str, help: &str| {
        view! {
            <NumberField
                name=name
                label=t(label)
                unit=t("unit-percent")
                value=form.value(name)
                on_input=form.input(name)
                error=form.error(name)
                help=t(help)
                required=true
            />
        }
        .into_any()
    };
    let threshold = field(threshold, "quota-threshold", "quota-threshold-help");
    let grace = field(grace, "quota-grace", "quota-grace-help");
    view! { <FormRow>{threshold}{grace}</FormRow> }.into_any()
}

#[component]
fn Consumers() -> impl IntoView {
    let id = use_id();
    once_loaded(Data::new(move || api::quotas::consumers(id.into())), move |all: Vec<Consumer>| {
        let ways = part_ways(ListTab::Quotas, id, "consumers-edit");
        let form = FormCtl::new("consumers", ways.action, &ConsumersForm::default());
        let choice = |one: &Consumer| Choice::new(one.permission.to_string(), one.name.clone());
        let there: Vec<Choice> = all.iter().map(choice).collect();
        let remove = (!there.is_empty()).then(|| {
            view! {
                <CheckGroup
                    name="remove"
                    label=t("quota-consumers-remove")
                    choices=there
                    value=form.value("remove")
                    on_change=form.input("remove")
                    error=form.error("remove")
                />
            }
        });
        view! {
            <FormDialog form=form title=t("quota-consumers-edit") submit=t("form-ok") close=ways.close about=ListTab::Quotas size=ModalSize::Small>
                <TextField
                    name="name"
                    label=t("quota-consumer-name")
                    value=form.value("name")
                    on_input=form.input("name")
                    error=form.error("name")
                    help=t("quota-consumer-name-help")
                    autofocus=true
                />
                <Checkbox
                    name="everyone"
                    label=t("quota-consumer-everyone")
                    checked=form.is_on("everyone")
                    on_change=form.switch("everyone")
                    error=form.error("everyone")
                />
                {remove}
            </FormDialog>
        }
        .into_any()
    })
}

/// The choice of a quota among those that this person may use in the data center; what is chosen already stays
/// choosable. Nothing to see where there is none.
pub fn quota_field(
    form: FormCtl,
    quotas: Vec<Named>,
    own: Option<(Uuid, String)>,
    center: Signal<Option<Uuid>>,
) -> AnyView {
    if quotas.is_empty() && own.is_none() {
        return unseen(form, "quota");
    }
    let offered = Signal::derive(move || {
        let center = center.get();
        let fits = |one: &&Named| center.is_none_or(|center| one.data_center == center);
        let fitting: Vec<Named> = quotas.iter().filter(fits).cloned().collect();
        let mut all = choices(&fitting, Some(t("quota-default")));
        if let Some((id, name)) = own.as_ref().filter(|(id, _)| fitting.iter().all(|one| one.id != *id)) {
            all.push(Choice::new(id.to_string(), name.clone()));
        }
        all
    });
    list(form, "quota", "kind-quota-title", offered, false)
}

/// What the quota that is chosen would be after this. The server words it, so that a page says what a refusal would.
pub fn projected(after: Memo<Option<After>>) -> AnyView {
    // Asked for by the browser alone: while the server renders, this part of the page is made more than once, and what the
    // first of them waits for never comes.
    let alive = RwSignal::new(false);
    Effect::new(move |_| alive.set(true));
    let words = Memo::new(move |_| {
        let after = after.get().filter(|_| alive.get());
        after.map(|after| Chart::After(after).words()).unwrap_or_default()
    });
    let chart = Data::following(words.into(), |words: String| async move {
        if words.is_empty() { Ok(Drawn::nothing()) } else { draw(words).await }
    });
    shown(0, chart, drawn)
}

/// The quota of a disk that is there.
#[component]
pub fn Assign() -> impl IntoView {
    let id = use_id();
    let both =
        Data::new(
            move || async move { Ok((api::disks::get(id.into()).await?, api::quotas::usable().await?)) },
        );
    once_loaded(both, move |(disk, quotas): (model::disk::DiskRow, Vec<Named>)| {
        let ways = part_ways(ListTab::Disks, id, "assign-quota");
        let quota = disk.quota.as_ref().map(|(id, _)| id.to_string()).unwrap_or_default();
        let form = FormCtl::new("assign-quota", ways.action, &AssignQuotaForm { quota });
        let own = disk.quota.clone().map(|(id, name)| (id.0, name));
        let center = Signal::stored(Some(disk.data_center.0.0));
        let (size, domain, before) =
            (disk.virtual_size, disk.storage_domain.0.0, own.as_ref().map(|own| own.0));
        let chosen = form.value("quota");
        let after = Memo::new(move |_| {
            let quota = chosen.get().parse::<Uuid>().ok().filter(|quota| Some(*quota) != before)?;
            Some(After { quota, domain, storage: size, ..After::default() })
        });
        let title = ta("deed-title", &[("action", &Action::AssignQuota.label()), ("name", &disk.alias)]);
        view! {
            <FormDialog form=form title=title submit=t("form-ok") close=ways.close about=ListTab::Quotas size=ModalSize::Small>
                {quota_field(form, quotas, own, center)}
                {projected(after)}
            </FormDialog>
        }
        .into_any()
    })
}
