//! A deed on many objects: what will be done to which, what is refused and why; then what came of each. One dialog for
//! all lists.

use leptos::prelude::*;

use model::bulk::{Many, Plan, Planned};
use model::id::Kind;
use model::text::{t, ta, tn};
use ui::{Checkbox, Modal, ModalSize, TextField};

use crate::api::{self, Data};
use crate::asked::address;
use crate::forms::data::bulk::BulkForm;
use crate::forms::dialog::list;
use crate::forms::form::Posted;
use crate::forms::{FormCtl, FormDialog};
use crate::frame::ListTab;
use crate::not_found::NotFound;
use crate::parts::dialogs::{Ways, once_loaded, unseen, ways};
use crate::parts::list::{Picked, SELECTED};
use crate::paths;

/// So many are named; the rest is counted.
const NAMED: usize = 100;

pub fn dialog_of(tab: ListTab) -> AnyView {
    view! { <Bulk tab=tab/> }.into_any()
}

#[component]
fn Bulk(tab: ListTab) -> impl IntoView {
    let asked = asked(tab);
    let many = asked.kind.parse().ok().and_then(|kind: Kind| Many::find(kind, &asked.deed));
    let Some(many) = many else { return view! { <NotFound/> }.into_any() };
    let path = format!("{}/bulk", paths::list(tab));
    if answered(&path) {
        // Some of the objects may be gone by now: nothing is asked of them any more.
        return dialog(tab, many, ways(&path, paths::list(tab)), &asked, None);
    }
    if asked.objects.is_empty() {
        return nothing(tab, many);
    }
    let (kind, part, objects) = (many.kind, many.part.to_owned(), asked.objects.clone());
    let plan = Data::new(move || api::bulk::planned(kind, part.clone(), objects.clone()));
    once_loaded(plan, move |plan: Plan| {
        let ids: Vec<String> = plan.objects.iter().map(|object| object.id.to_string()).collect();
        let asked = BulkForm { objects: ids.join(","), ..asked.clone() };
        dialog(tab, many, ways(&path, paths::list(tab)), &asked, Some(plan))
    })
}

/// What the address names, or the form that came back to it.
fn asked(tab: ListTab) -> BulkForm {
    let query = address().get_untracked();
    let posted = use_context::<Posted>().and_then(|posted| posted.0.get_value());
    let kind = model::bulk::MANY.iter().map(|many| many.kind).find(|kind| paths::tab_for(*kind) == Some(tab));
    let kind = kind.map(|kind| kind.as_str().to_owned()).unwrap_or_default();
    // A form that came back brings all of it along.
    if let Some(posted) = posted.filter(|posted| posted.path == format!("{}/bulk", paths::list(tab))) {
        return BulkForm { kind, ..posted.values.read() };
    }
    let objects = match query.get("objects") {
        Some(named) if named == SELECTED => Picked::of_list().text(),
        Some(named) => named,
        // The boxes of the list's rows, sent as a form.
        None => query.all("selected").join(","),
    };
    let disks = "true".to_owned();
    BulkForm { kind, deed: query.get("deed").unwrap_or_default(), objects, disks, ..BulkForm::default() }
}

/// Whether this page is the answer to a form that was done.
fn answered(path: &str) -> bool {
    let posted = use_context::<Posted>().and_then(|posted| posted.0.get_value());
    posted.is_some_and(|posted| posted.path == path && posted.notice.is_some())
}

/// The page was loaded anew since: what was selected is not known any more.
fn nothing(tab: ListTab, many: &Many) -> AnyView {
    let title = many.action.label();
    let close = ways("", paths::list(tab)).close;
    view! {
        <Modal id="bulk-dialog" title=title close_label=t("form-close") size=ModalSize::Small close_href=close>
            <p>{t("bulk-none")}</p>
        </Modal>
    }
    .into_any()
}

fn dialog(tab: ListTab, many: &'static Many, ways: Ways, asked: &BulkForm, plan: Option<Plan>) -> AnyView {
    let form = FormCtl::new("bulk", ways.action, asked);
    let n = asked.objects.split(',').filter(|id| !id.is_empty()).count();
    let label = many.action.label();
    let title = ta("bulk-title", &[("action", &label), ("n", &n.to_string())]);
    let before = move || form.notice().with(Option::is_none);
    let plan = StoredValue::new(plan);
    let inside =
        move || before().then(|| plan.with_value(|plan| plan.as_ref().map(|plan| planned(form, many, plan))));
    view! {
        <FormDialog
            form=form
            title=title
            submit=label
            close=ways.close
            about=tab
            size=ModalSize::Medium
            danger=many.danger()
            once=true
        >
            {unseen(form, "kind")}
            {unseen(form, "deed")}
            {unseen(form, "objects")}
            {inside}
        </FormDialog>
    }
    .into_any()
}

fn planned(form: FormCtl, many: &'static Many, plan: &Plan) -> AnyView {
    let (will, wont): (Vec<&Planned>, Vec<&Planned>) = plan.objects.iter().partition(|p| p.refusal.is_none());
    let will = will.into_iter().map(|p| p.name.clone()).collect();
    let why = |p: &Planned| p.refusal.as_ref().map(ToString::to_string).unwrap_or_default();
    let wont =
        wont.into_iter().map(|p| ta("bulk-one-refused", &[("name", &p.name), ("why", &why(p))])).collect();
    let unseen = (plan.unseen > 0).then(|| view! { <p>{tn("bulk-unseen", plan.unseen as u64)}</p> });
    view! {
        {part("bulk-will", will)}
        {part("bulk-wont", wont)}
        {unseen}
        {with(form, many)}
    }
    .into_any()
}

/// Names under a word, not more than can be read.
fn part(title: &str, mut names: Vec<String>) -> Option<AnyView> {
    if names.is_empty() {
        return None;
    }
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    if more > 0 {
        names.push(tn("bulk-more", more as u64));
    }
    Some(view! { <p>{t(title)}</p> {list(names)} }.into_any())
}

/// What the deed on one object asks, too.
fn with(form: FormCtl, many: &Many) -> AnyView {
    if many.reason {
        return view! {
            <TextField
                name="reason"
                label=t("field-reason")
                value=form.value("reason")
                on_input=form.input("reason")
                error=form.error("reason")
                help=t("field-reason-help")
            />
        }
        .into_any();
    }
    if many.action != model::Action::RemoveVm {
        return ().into_any();
    }
    view! {
        <Checkbox
            name="disks"
            label=t("vm-remove-disks")
            checked=form.is_on("disks")
            on_change=form.switch("disks")
        />
    }
    .into_any()
}
