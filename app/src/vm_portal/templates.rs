//! What machines can be made of, and what one made for that.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::nested_router::Outlet;
use model::id::Kind;
use model::list::{ListQuery, Page};
use model::size;
use model::template::TemplateRow;
use model::text::{Text, t};
use ui::{ButtonLink, EmptyState, Icon, PageHead, Section};

use super::frame::own;
use crate::api::{self, Data};
use crate::live::{Heard, Live, Soon};
use crate::pages::vms_dialog::TEMPLATE;
use crate::parts::value::{status, template_look};
use crate::parts::waiting::shown;
use crate::paths;

#[component]
pub fn Templates() -> impl IntoView {
    let page = Data::new(|| {
        api::templates::list(ListQuery { sort: Some("name".to_owned()), ..ListQuery::default() })
    });
    if let Some(live) = use_context::<Live>() {
        let again = Soon::new(move || page.refetch());
        live.on(move |heard| match heard {
            Heard::Change(change) if change.kind == Kind::Template => again.ask(),
            Heard::Lagged => again.ask(),
            _ => {}
        });
    }
    view! {
        <Title text=t("tab-templates")/>
        <PageHead title=t("tab-templates")/>
        <Section>{shown(4, page, listed)}</Section>
        <Outlet/>
    }
    .into_any()
}

fn listed(page: Page<TemplateRow>) -> AnyView {
    if page.rows.is_empty() {
        return view! { <EmptyState icon=Icon::Template title=t("templates-none")>{t("portal-templates-none")}</EmptyState> }
            .into_any();
    }
    view! { <ul class="dr-vms" aria-label=t("tab-templates")>{page.rows.into_iter().map(card).collect_view()}</ul> }.into_any()
}

fn card(row: TemplateRow) -> AnyView {
    let shape = Text::new("portal-shape").with("vcpus", row.vcpus).with("memory", size::bytes(row.memory));
    let new = paths::in_portal("/vms/new").unwrap_or_default();
    let href = paths::asking(&new, TEMPLATE, &row.id.to_string());
    let create = own()
        .may_create
        .then(|| view! { <ButtonLink icon=Icon::Plus href=href>{t("portal-create")}</ButtonLink> });
    view! {
        <li class="dr-vm">
            <div class="dr-vm__head">
                <span class="dr-vm__icon"><ui::IconView icon=Icon::Template/></span>
                <h2 class="dr-vm__name">{row.name.clone()}</h2>
                {status(template_look(row.status), row.status.label(), None)}
            </div>
            <p class="dr-vm__about">{row.description.clone()}</p>
            <dl class="dr-vm__facts">
                <div><dt>{t("portal-machine")}</dt><dd>{shape.to_string()}</dd></div>
                <div><dt>{t("field-disk-size")}</dt><dd>{size::bytes(row.disk_size)}</dd></div>
            </dl>
            <div class="dr-vm__deeds">{create}</div>
        </li>
    }
    .into_any()
}
