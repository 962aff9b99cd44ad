//! The first page: one's machines, as cards or as a table.

use leptos::prelude::*;
use leptos_meta::Title;
use model::id::Kind;
use model::portal::{Layout, Machine, Machines, PAGE, Wanted};
use model::text::{Text, t};
use ui::{ButtonKind, ButtonLink, Column, EmptyState, Icon, PageHead, Section, Table};

use super::card::{card, line};
use super::filters::{bar, href, layout, wanted};
use super::frame::own;
use crate::api::{self, Data};
use crate::asked::address;
use crate::live::{Heard, Live, Soon};
use crate::parts::waiting::shown_whole;
use crate::paths;

#[component]
pub fn Home() -> impl IntoView {
    let asked = address();
    let wanted = Memo::new(move |_| asked.with(wanted));
    let machines = Data::following(wanted.into(), api::portal::list);
    follow(Callback::new(move |()| machines.refetch()));
    let own = own();
    let (usual, may_create) = (own.set.layout, own.may_create);
    let view = move || asked.with(|asked| asked.get("view").and_then(|word| word.parse().ok()));
    let page = move |machines: Machines| {
        let (wanted, layout) = (wanted.get(), asked.with(|asked| layout(asked, usual)));
        listed(machines, &wanted, layout, (view(), may_create))
    };
    let filters = move || {
        let layout = asked.with(|asked| layout(asked, usual));
        bar(wanted.get(), view(), layout)
    };
    view! {
        <Title text=t("tab-vms")/>
        <PageHead title=t("portal-machines") actions=move || may_create.then(create)/>
        <Section>
            {filters}
            {shown_whole(6, machines, page)}
        </Section>
    }
    .into_any()
}

fn create() -> AnyView {
    view! {
        <ButtonLink kind=ButtonKind::Primary icon=Icon::Plus href=paths::in_portal("/vms/new").unwrap_or_default()>
            {t("portal-create")}
        </ButtonLink>
    }
    .into_any()
}

/// Reads them again when one changes.
fn follow(refetch: Callback<()>) {
    let Some(live) = use_context::<Live>() else { return };
    let again = Soon::new(move || refetch.run(()));
    live.on(move |heard| match heard {
        Heard::Change(change) if change.kind == Kind::Vm => again.ask(),
        Heard::Lagged => again.ask(),
        _ => {}
    });
}

fn listed(
    machines: Machines,
    wanted: &Wanted,
    layout: Layout,
    (view, may_create): (Option<Layout>, bool),
) -> AnyView {
    if machines.rows.is_empty() {
        return nothing(wanted, may_create);
    }
    let total = machines.total;
    let rows = match layout {
        Layout::Cards => cards(machines.rows),
        Layout::Table => table(machines.rows),
    };
    view! { {rows} {pages(wanted, total, view)} }.into_any()
}

fn cards(rows: Vec<Machine>) -> AnyView {
    view! { <ul class="dr-vms" aria-label=t("portal-machines")>{rows.into_iter().map(card).collect_view()}</ul> }.into_any()
}

fn table(rows: Vec<Machine>) -> AnyView {
    let heads =
        ["field-name", "field-status", "field-os", "field-addresses", "field-vcpus", "field-memory-size"];
    let mut heads: Vec<Column> = heads.map(|key| Column::new(t(key))).into();
    heads.push(Column::new(t("list-deeds-column")).hidden_title().narrow());
    view! { <Table label=t("portal-machines") columns=heads>{rows.into_iter().map(line).collect_view()}</Table> }.into_any()
}

fn nothing(wanted: &Wanted, may_create: bool) -> AnyView {
    if wanted.filters() {
        let none = Wanted { by: wanted.by, descending: wanted.descending, ..Wanted::default() };
        let clear =
            move || view! { <ButtonLink href=href(&none, None)>{t("portal-filters-clear")}</ButtonLink> };
        return view! {
            <EmptyState icon=Icon::Search title=t("portal-none-found") actions=clear>{t("portal-none-found-hint")}</EmptyState>
        }
        .into_any();
    }
    if may_create {
        return view! { <EmptyState icon=Icon::Monitor title=t("portal-none") actions=create>{t("portal-none-hint")}</EmptyState> }
            .into_any();
    }
    view! { <EmptyState icon=Icon::Monitor title=t("portal-none")>{t("portal-none-ask")}</EmptyState> }
        .into_any()
}

/// Where there are more than one page.
fn pages(wanted: &Wanted, total: u64, view: Option<Layout>) -> AnyView {
    let (page, size) = (wanted.page.max(1), u64::from(PAGE));
    if total <= size {
        return ().into_any();
    }
    let first = u64::from(page - 1) * size + 1;
    let last = (first + size - 1).min(total);
    let range = Text::new("list-range").with("first", first).with("last", last).with("total", total);
    let to = |page: u32| href(&Wanted { page, ..wanted.clone() }, view);
    let before = (page > 1).then(
        || view! { <ButtonLink icon=Icon::ChevronLeft href=to(page - 1)>{t("list-previous")}</ButtonLink> },
    );
    let after = (last < total).then(
        || view! { <ButtonLink icon=Icon::ChevronRight href=to(page + 1)>{t("list-next")}</ButtonLink> },
    );
    view! {
        <nav class="dr-pages" aria-label=t("list-pages")>
            {before}
            <span>{range.to_string()}</span>
            {after}
        </nav>
    }
    .into_any()
}
