//! A machine as a card, and as a line of the table: what it is, how it is, and what can be done with it now.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::lease::LeaseStage;
use model::portal::{ConsoleWay, Machine};
use model::text::{Text, t};
use model::vm::VmRow;
use model::{Action, size};
use ui::{ButtonKind, ButtonLink, Cell, Dropdown, Icon, Label, Row, ToggleKind, Tone};
use uuid::Uuid;

use super::frame::own;
use crate::forms::PostButton;
use crate::frame::ListTab;
use crate::pages::vms::state;
use crate::parts::action::{Deed, entry};
use crate::parts::list::Listed;
use crate::parts::time::When;
use crate::parts::value::{bytes, none, number, text};
use crate::paths;

/// Its page in this portal.
pub fn page(id: Uuid) -> String {
    format!("{}/vms/{id}", paths::PORTAL)
}

/// A dialog about it, that comes back here.
pub fn part(id: Uuid, word: &str, back: &str) -> String {
    paths::returning(&format!("{}/{word}", page(id)), back)
}

/// Where this person looks at its screen.
fn console(id: Uuid, back: &str) -> String {
    match own().set.console {
        ConsoleWay::Browser => paths::part(ListTab::Vms, id, "console"),
        ConsoleWay::Viewer => part(id, "viewer", back),
    }
}

/// The page that is shown, as where to come back to.
fn back() -> String {
    let here = use_location();
    format!(
        "{}{}",
        here.pathname.get_untracked(),
        here.search.with_untracked(|search| {
            if search.is_empty() || search.starts_with('?') { search.clone() } else { format!("?{search}") }
        })
    )
}

pub fn card(machine: Machine) -> AnyView {
    let Machine { row, may } = machine;
    let (id, back) = (row.id.0, back());
    let shape = Text::new("portal-shape").with("vcpus", row.vcpus).with("memory", size::bytes(row.memory));
    let address = row.addresses.first().cloned().unwrap_or_else(none);
    let opens = can(&row, &may, Action::OpenConsole).then(|| console(id, &back));
    let open = move |_: MouseEvent| {
        if let Some(href) = &opens {
            // A browser that forbids it has said so.
            let _ = window().open_with_url_and_target(href, "_blank");
        }
    };
    let about = row.description.clone();
    let about = if about.is_empty() { row.os.clone().unwrap_or_default() } else { about };
    view! {
        <li class="dr-vm" on:dblclick=open>
            <div class="dr-vm__head">
                <span class="dr-vm__icon"><ui::IconView icon=Icon::Monitor/></span>
                <h2 class="dr-vm__name"><a href=page(id)>{row.name.clone()}</a></h2>
                {state(&row)}
            </div>
            <p class="dr-vm__about">{about}</p>
            {ends(&row)}
            <dl class="dr-vm__facts">
                <div><dt>{t("portal-machine")}</dt><dd>{shape.to_string()}</dd></div>
                <div><dt>{t("field-addresses")}</dt><dd>{address}</dd></div>
            </dl>
            <div class="dr-vm__deeds">{first(&row, &may, &back)}{others(&row, &may, &back)}</div>
        </li>
    }
    .into_any()
}

/// Of one that is about to expire, or has: when.
fn ends(row: &VmRow) -> Option<AnyView> {
    let soon =
        matches!(row.lease_stage, LeaseStage::Warned | LeaseStage::LastDay).then(|| t("lease-soon-title"));
    let said = row.lease_stage.text().map(|text| text.to_string()).or(soon)?;
    let tone = if row.lease_stage.over() { Tone::Warning } else { Tone::Info };
    let at = row.expires_at.map(|at| view! { " " <When at=at/> });
    Some(
        view! { <p class="dr-vm__ends"><Label text=said tone=tone icon=Icon::Hourglass/>{at}</p> }.into_any(),
    )
}

pub fn line(machine: Machine) -> AnyView {
    let Machine { row, may } = machine;
    let (id, back) = (row.id.0, back());
    let (name, state, os, addresses) =
        (row.name.clone(), state(&row), row.os.clone(), row.addresses.join(", "));
    let (vcpus, memory) = (number(row.vcpus), bytes(Some(row.memory)));
    let deeds =
        view! { <span class="dr-vm__deeds">{first(&row, &may, &back)}{others(&row, &may, &back)}</span> };
    view! {
        <Row>
            <Cell><a class="dr-name" href=page(id)>{name}</a></Cell>
            <Cell>{state}</Cell>
            <Cell>{text(os)}</Cell>
            <Cell>{text(addresses)}</Cell>
            <Cell>{vcpus}</Cell>
            <Cell>{memory}</Cell>
            <Cell>{deeds}</Cell>
        </Row>
    }
    .into_any()
}

/// Whether it may be done, and can be done now.
fn can(row: &VmRow, may: &[Action], action: Action) -> bool {
    may.contains(&action) && row.can(action).is_ok()
}

/// What one most likely wants of it.
pub fn first(row: &VmRow, may: &[Action], back: &str) -> AnyView {
    let id = row.id.0;
    if can(row, may, Action::RunVm) {
        let action = part(id, "run", back);
        return view! { <PostButton action=action kind=ButtonKind::Primary icon=Icon::Play text=Action::RunVm.label()/> }.into_any();
    }
    if deed(Action::OpenConsole)
        .is_some_and(|deed| may.contains(&Action::OpenConsole) && (deed.can)(row).is_ok())
    {
        return view! {
            <ButtonLink kind=ButtonKind::Primary icon=Icon::Terminal href=console(id, back) target="_blank">
                {Action::OpenConsole.label()}
            </ButtonLink>
        }
        .into_any();
    }
    ().into_any()
}

fn deed(action: Action) -> Option<&'static Deed<VmRow>> {
    VmRow::deeds().iter().find(|deed| deed.act.action == action)
}

/// Everything that this person may do with it; what cannot be done now says why.
pub fn others(row: &VmRow, may: &[Action], back: &str) -> AnyView {
    let id = row.id.0;
    let own = |deed: &&Deed<VmRow>| may.contains(&deed.act.action);
    let entries: Vec<AnyView> = VmRow::deeds()
        .iter()
        .filter(own)
        .map(|deed| {
            let href = if deed.act.apart { console(id, back) } else { part(id, deed.act.part, back) };
            entry(deed.act, href, deed.refusal(row))
        })
        .collect();
    if entries.is_empty() {
        return ().into_any();
    }
    let label = model::text::ta("portal-deeds-of", &[("name", &row.name)]);
    view! {
        <Dropdown label=Signal::stored(label) kind=ToggleKind::Plain icon=Icon::More hide_label=true end=true>{entries}</Dropdown>
    }
    .into_any()
}
