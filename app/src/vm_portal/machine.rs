//! The page of a machine: cards with what it is and has. Two of them are changed in place; which one is being changed
//! stands in the address.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::nested_router::Outlet;
use model::id::Kind;
use model::text::t;
use model::vm::VmDetails;
use model::{Action, VmId};
use ui::{Alert, Breadcrumb, ButtonKind, ButtonLink, Card, Cards, Icon, PageHead, Section, Tone};
use uuid::Uuid;

use super::card::{first, others, page};
use super::events::{listed_of, told};
use super::facts::{disks, hardware, nics, overview};
use crate::api::{self, Data};
use crate::asked::address;
use crate::forms::data::vm::VmForm;
use crate::forms::{FormCard, FormCtl};
use crate::frame::ListTab;
use crate::pages::leases::alert;
use crate::pages::permissions;
use crate::pages::vms::state;
use crate::pages::vms_dialog::count;
use crate::pages::vms_options::boot_order;
use crate::pages::vms_parts::used;
use crate::parts::details::follow;
use crate::parts::dialogs::{name_fields, part_ways, unseen_others, use_id};
use crate::parts::waiting::shown;
use crate::paths;

#[component]
pub fn MachinePage() -> impl IntoView {
    let id = use_id();
    let machine = Data::new(move || api::portal::get(VmId(id)));
    // Both are begun here, and not where they are shown: what a page reads is known by its number, on the server and in the
    // browser, and there the machine is read already.
    let (held, told) = (permissions::held(Kind::Vm, id), told(Some(id)));
    let asked = address();
    let editing = Memo::new(move |_| asked.with(|asked| asked.get("edit")).unwrap_or_default());
    // What happens elsewhere must not make a form anew under somebody's hands; it is read once that is closed.
    let read = move |()| {
        if editing.with_untracked(String::is_empty) {
            machine.refetch()
        }
    };
    follow(Callback::new(read), id);
    Effect::new(move |before: Option<bool>| {
        let edits = editing.with(|word| !word.is_empty());
        if before == Some(true) && !edits {
            machine.refetch();
        }
        edits
    });
    view! {
        {shown(10, machine, move |(vm, may): (VmDetails, Vec<Action>)| whole(id, vm, may, editing))}
        // Beside it and not in it: what waits within what is waited for does not come to life.
        <div class="dr-portal__also">
            <Section>
                <Cards>
                    <div class="dr-log"><Card title=t("portal-shared")>{permissions::pane_of(Kind::Vm, id, held)}</Card></div>
                    <div class="dr-log"><Card title=t("tab-events")>{listed_of(told)}</Card></div>
                </Cards>
            </Section>
        </div>
        <Outlet/>
    }
    .into_any()
}

fn whole(id: Uuid, vm: VmDetails, may: Vec<Action>, editing: Memo<String>) -> AnyView {
    let (row, here) = (vm.row.clone(), page(id));
    let (name, about) = (row.name.clone(), row.description.clone());
    let crumbs = vec![(t("tab-vms"), Some(paths::PORTAL.to_owned())), (name.clone(), None)];
    let deeds = {
        let (row, may, here) = (row.clone(), may.clone(), here.clone());
        move || view! { <span class="dr-vm__deeds">{first(&row, &may, &here)}{others(&row, &may, &here)}</span> }
    };
    let beside = {
        let row = row.clone();
        move || state(&row)
    };
    let pending = vm.next_run_changes.then(|| {
        view! { <Alert tone=Tone::Info title=t("vm-next-run") tone_label=t("alert-info")/> }
    });
    let edits = may.contains(&Action::EditVm);
    let (seen, shape) = (StoredValue::new(vm.clone()), StoredValue::new(vm.clone()));
    let overview = move || match editing.get().as_str() {
        "overview" if edits => edit_overview(&seen.get_value()),
        _ => fixed("part-general", id, edits.then_some("overview"), overview(&seen.get_value())),
    };
    let hardware = move || match editing.get().as_str() {
        "hardware" if edits => edit_hardware(&shape.get_value()),
        _ => fixed("part-hardware", id, edits.then_some("hardware"), hardware(&shape.get_value())),
    };
    view! {
        <Title text=name.clone()/>
        <Breadcrumb label=t("portal-way") path=Signal::stored(crumbs)/>
        <PageHead title=name beside=beside actions=deeds/>
        <Section>
            {alert(&vm)}
            {pending}
            {(!about.is_empty()).then(|| view! { <p class="dr-portal__about">{about}</p> })}
            <Cards>
                {overview}
                {hardware}
                {used(&vm)}
                {disks(&vm, &may)}
                {nics(&vm, &may)}
            </Cards>
        </Section>
    }
    .into_any()
}

/// A card as it is read; `edit` is the word by which it is changed, for those who may.
fn fixed(title: &'static str, id: Uuid, edit: Option<&'static str>, facts: AnyView) -> AnyView {
    let title = t(title);
    let Some(word) = edit else { return view! { <Card title=title>{facts}</Card> }.into_any() };
    let label = model::text::ta("portal-edit", &[("part", &title)]);
    let pencil = move || {
        let href = format!("{}?edit={word}", page(id));
        view! { <ButtonLink kind=ButtonKind::Plain small=true icon=Icon::Edit href=href label=label/> }
    };
    view! { <Card title=title actions=pencil>{facts}</Card> }.into_any()
}

/// The form of a card: all that an edit says, of which some can be seen.
fn form(vm: &VmDetails, id: &'static str) -> (FormCtl, String) {
    let own = page(vm.row.id.0);
    let ways = part_ways(ListTab::Vms, vm.row.id.0, "edit");
    let action = paths::returning(&ways.action, &own);
    (FormCtl::new(id, action, &VmForm::from(vm)), own)
}

fn edit_overview(vm: &VmDetails) -> AnyView {
    let (form, close) = form(vm, "overview");
    view! {
        <FormCard form=form title=t("part-general") close=close>
            {unseen_others(form, &["name", "description", "comment"])}
            {name_fields(form, true)}
        </FormCard>
    }
    .into_any()
}

fn edit_hardware(vm: &VmDetails) -> AnyView {
    let (form, close) = form(vm, "hardware");
    let later = vm.row.status.running().then(|| {
        view! { <Alert tone=Tone::Info title=t("vm-applies-later") tone_label=t("alert-info")/> }
    });
    view! {
        <FormCard form=form title=t("part-hardware") close=close>
            {later}
            {unseen_others(form, &["memory", "vcpus", "boot_first", "boot_second", "boot_menu"])}
            {count(form, "memory", "field-memory-size", Some("unit-mib"), None)}
            {count(form, "vcpus", "vm-total-vcpus", None, None)}
            {boot_order(form)}
        </FormCard>
    }
    .into_any()
}
