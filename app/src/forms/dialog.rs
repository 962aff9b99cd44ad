//! The shells of forms: the dialog with its buttons, and the message above the fields when the whole form was
//! refused: what stands in the way, and the way on.

use leptos::prelude::*;
use model::text::t;
use model::{Fault, Way};
use ui::{
    Alert, Button, ButtonKind, ButtonLink, Card, DescriptionList, Detail, Form, FormActions, Icon, Modal,
    ModalSize, Tone,
};

use super::conflict::{self, OPENED};
use super::{Fact, FormCtl, Notice, no_error};
use crate::asked::here;
use crate::frame::ListTab;
use crate::parts::dialogs::unseen;
use crate::paths;

/// A form as a dialog over the page that it belongs to. `close` is where Cancel leads.
#[component]
pub fn FormDialog(
    form: FormCtl,
    #[prop(into)] title: String,
    /// The label of the button that sends it.
    #[prop(into)]
    submit: String,
    #[prop(into)] close: String,
    /// What it is about: the page of the help that it links to.
    about: ListTab,
    #[prop(optional)] size: ModalSize,
    #[prop(optional)] danger: bool,
    /// The children are side tabs.
    #[prop(optional)]
    bare: bool,
    /// Once its answer is there, nothing is left to be sent.
    #[prop(optional)]
    once: bool,
    /// More buttons beside Cancel.
    #[prop(optional, into)]
    more: Option<ViewFnOnce>,
    children: Children,
) -> impl IntoView {
    let kind = if danger { ButtonKind::Danger } else { ButtonKind::Primary };
    let cancel = close.clone();
    let keeps = move || form.conflict().with(Option::is_some);
    let label = move || if keeps() { t("form-keep-mine") } else { submit.clone() };
    let over = move || once && form.notice().with(Option::is_some);
    let leave = move || t(if over() { "form-close" } else { "form-cancel" });
    let opened = form.edits().then(|| unseen(form, OPENED));
    let footer = move || {
        view! {
            {move || (!over()).then(|| {
                let label = label.clone();
                view! { <Button kind=kind submit=true form=form.id() busy=form.busy()>{label}</Button> }.into_any()
            })}
            {move || keeps().then(|| conflict::take_theirs(form))}
            {more.map(|more| more.run())}
            <ButtonLink kind=ButtonKind::Link href=cancel>{leave}</ButtonLink>
        }
    };
    let inside = view! {
        <Form
            id=form.id()
            action=form.action()
            submit_error=no_error()
            error_label=t("alert-danger")
            attempt=form.attempt()
            bare=bare
            on_submit=move |ev| form.submit(ev)
        >
            <FormAlert form=form/>
            {opened}
            {children()}
        </Form>
    }
    .into_any();
    let id = format!("{}-dialog", form.id());
    let help = move || help_link(about);
    if danger {
        view! {
            <Modal id=id title=title close_label=t("form-close") size=size close_href=close tone=Tone::Warning help=help footer=footer>
                {inside}
            </Modal>
        }
        .into_any()
    } else {
        view! {
            <Modal id=id title=title close_label=t("form-close") size=size close_href=close bare=bare help=help footer=footer>
                {inside}
            </Modal>
        }
        .into_any()
    }
}

/// A form in the place of what it changes. `close` is where Cancel leads.
#[component]
pub fn FormCard(
    form: FormCtl,
    #[prop(into)] title: String,
    #[prop(into)] close: String,
    children: Children,
) -> impl IntoView {
    let keeps = move || form.conflict().with(Option::is_some);
    let label = move || t(if keeps() { "form-keep-mine" } else { "form-save" });
    view! {
        <Card title=title>
            <Form
                id=form.id()
                action=form.action()
                submit_error=no_error()
                error_label=t("alert-danger")
                attempt=form.attempt()
                on_submit=move |ev| form.submit(ev)
            >
                <FormAlert form=form/>
                {children()}
                <FormActions>
                    <Button kind=ButtonKind::Primary submit=true busy=form.busy()>{label}</Button>
                    {move || keeps().then(|| conflict::take_theirs(form))}
                    <ButtonLink kind=ButtonKind::Link href=close>{t("form-cancel")}</ButtonLink>
                </FormActions>
            </Form>
        </Card>
    }
    .into_any()
}

/// In a tab of its own, so that nothing typed is lost.
fn help_link(about: ListTab) -> AnyView {
    let href = paths::help(paths::help_page(about));
    view! {
        <ButtonLink kind=ButtonKind::Plain small=true icon=Icon::Help href=href target="_blank" label=t("help-about")/>
    }
    .into_any()
}

/// What is to be said of the form as a whole.
#[component]
pub fn FormAlert(form: FormCtl) -> impl IntoView {
    let fault = move || form.fault().get().map(|fault| refused(form, fault));
    let notice = move || form.notice().get().map(told);
    let conflict = move || form.conflict().get().map(conflict::told);
    view! { {fault} {notice} {conflict} }.into_any()
}

fn refused(form: FormCtl, fault: Fault) -> AnyView {
    let (title, reasons, way) = match fault {
        Fault::Invalid(_) => (t("form-invalid"), form.stray_errors(), None),
        Fault::Forbidden(r) | Fault::Refused(r) | Fault::Unavailable(r) => {
            (r.text.to_string(), r.reasons.iter().map(ToString::to_string).collect(), r.way.and_then(way_on))
        }
        Fault::SignedOut => (t("form-signed-out"), Vec::new(), Some(sign_in_beside())),
        other => (other.to_string(), Vec::new(), None),
    };
    view! {
        <div class="dr-form__alert">
            <Alert tone=Tone::Danger title=title tone_label=t("alert-danger") assertive=true>
                {list(reasons)}
                {way}
            </Alert>
        </div>
    }
    .into_any()
}

/// The lines of what stands in the way.
pub fn list(reasons: Vec<String>) -> Option<AnyView> {
    let lines = |reasons: Vec<String>| reasons.into_iter().map(|r| view! { <li>{r}</li> }).collect_view();
    (!reasons.is_empty()).then(|| view! { <ul class="dr-reasons">{lines(reasons)}</ul> }.into_any())
}

/// What can be done about a refusal: in a tab of its own, too.
pub fn way_on(way: Way) -> Option<AnyView> {
    let href = here(paths::part(paths::tab_for(way.kind)?, way.id, way.action.as_str()));
    Some(view! { <a href=href target="_blank" rel="noopener">{way.action.label()}</a> }.into_any())
}

/// In a tab of its own, so that this one keeps what was typed.
fn sign_in_beside() -> AnyView {
    view! { <a href=paths::SIGN_IN target="_blank" rel="noopener">{t("form-sign-in-beside")}</a> }.into_any()
}

fn told(notice: Notice) -> AnyView {
    let fact = |fact: Fact| {
        let value = fact.value.to_string();
        let value = match fact.href {
            Some(href) => view! { <a href=href>{value}</a> }.into_any(),
            None => value.into_any(),
        };
        view! { <Detail term=fact.name.to_string()>{value}</Detail> }.into_any()
    };
    let facts = notice.facts.into_iter().map(fact).collect_view();
    let (tone, label) =
        if notice.no { (Tone::Warning, "alert-warning") } else { (Tone::Success, "alert-success") };
    view! {
        <div class="dr-form__alert">
            <Alert tone=tone title=notice.title.to_string() tone_label=t(label)>
                <DescriptionList>{facts}</DescriptionList>
            </Alert>
        </div>
    }
    .into_any()
}
