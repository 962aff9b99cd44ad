//! The columns of a list: which, and in which order. A form of boxes in the order of the columns, so that what is sent is
//! what is seen; the buttons beside them move one, by mouse and by keyboard alike.

use leptos::prelude::*;
use model::id::Kind;
use model::text::{t, ta};
use ui::{Button, ButtonKind, Icon, ModalSize};

use crate::api::settings::ColumnChoice;
use crate::api::{self, Data};
use crate::forms::data::columns::ColumnsForm;
use crate::forms::{FormCtl, FormDialog};
use crate::frame::ListTab;
use crate::not_found::NotFound;
use crate::parts::dialogs::{once_loaded, unseen, ways};
use crate::paths;

pub fn dialog_of(tab: ListTab) -> AnyView {
    view! { <Chooser tab=tab/> }.into_any()
}

#[component]
fn Chooser(tab: ListTab) -> impl IntoView {
    let kind = Kind::ALL.into_iter().find(|kind| paths::tab_for(*kind) == Some(tab));
    let Some(kind) = kind else { return view! { <NotFound/> }.into_any() };
    once_loaded(Data::new(move || api::settings::columns(kind)), move |all: Vec<ColumnChoice>| {
        let ways = ways(&paths::columns(tab), paths::list(tab));
        let words: Vec<&str> = all.iter().filter(|c| c.shown).map(|c| c.word.as_str()).collect();
        let initial = ColumnsForm { kind: kind.as_str().to_owned(), columns: words.join(",") };
        // The page has the columns that it was rendered with.
        let form = FormCtl::reloading("columns", ways.action, &initial);
        let reset = move || {
            view! {
                <Button kind=ButtonKind::Secondary submit=true form=form.id() name="intent" value="reset">
                    {t("columns-reset")}
                </Button>
            }
            .into_any()
        };
        view! {
            <FormDialog
                form=form
                title=t("columns-title")
                submit=t("form-ok")
                close=ways.close
                about=tab
                size=ModalSize::Small
                more=reset
            >
                {unseen(form, "kind")}
                {move || form.error("columns").get().map(|error| view! { <p role="alert">{error}</p> })}
                {boxes(all)}
            </FormDialog>
        }
        .into_any()
    })
}

fn boxes(all: Vec<ColumnChoice>) -> AnyView {
    let all = RwSignal::new(all);
    let row = move |column: ColumnChoice| {
        let title = column.title.clone();
        let (up, down) = (column.word.clone(), column.word.clone());
        view! {
            <li class="dr-columns__one">
                <label class="dr-columns__name">
                    <input
                        type="checkbox"
                        class="pf-v6-c-check__input"
                        name="columns"
                        value=column.word
                        checked=column.shown
                    />
                    " "
                    {column.title}
                </label>
                {mover(Icon::SortUp, ta("columns-up", &[("name", &title)]), move || step(all, &up, -1))}
                {mover(Icon::SortDown, ta("columns-down", &[("name", &title)]), move || step(all, &down, 1))}
            </li>
        }
        .into_any()
    };
    view! {
        <ol class="dr-columns">
            <For each=move || all.get() key=|column| column.word.clone() let:column>{row(column)}</For>
        </ol>
    }
    .into_any()
}

fn mover(icon: Icon, label: String, go: impl Fn() + Send + Sync + 'static) -> AnyView {
    view! { <Button kind=ButtonKind::Plain small=true icon=icon label=label on_press=move |_| go()/> }
        .into_any()
}

/// One place up or down; at the ends it stays.
fn step(all: RwSignal<Vec<ColumnChoice>>, word: &str, by: isize) {
    all.update(|all| {
        let Some(at) = all.iter().position(|column| column.word == word) else { return };
        if let Some(to) = at.checked_add_signed(by).filter(|to| *to < all.len()) {
            all.swap(at, to);
        }
    });
}
