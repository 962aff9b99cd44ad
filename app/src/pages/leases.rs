//! How long virtual machines are there: what a template or a quota says of it, and where one of them stands.

use leptos::prelude::*;
use model::lease::{Lease, LeaseStage};
use model::text::{t, tn};
use model::vm::{VmDetails, VmRow};
use ui::{Alert, Tone};
use uuid::Uuid;

use crate::asked::here;
use crate::frame::ListTab;
use crate::parts::time::When;
use crate::parts::value::text;
use crate::paths;

/// The part of a VM's address where its end is moved.
pub const EXTEND: &str = "extend-lease";

/// What a template or a quota says, in sentences.
pub fn said(lease: Option<Lease>) -> AnyView {
    let Some(Lease { days, extension, longest, keep }) = lease else { return t("lease-none").into_any() };
    let extension = match extension {
        0 => t("lease-summary-fixed"),
        n => tn("lease-summary-extension", n.into()),
    };
    let longest = longest.map(|n| tn("lease-summary-longest", n.into()));
    let keep = tn("lease-summary-keep", keep.into());
    let all = [Some(tn("lease-summary-days", days.into())), Some(extension), longest, Some(keep)];
    let line = |line: String| view! { <div>{line}</div> };
    all.into_iter().flatten().map(line).collect_view().into_any()
}

/// When it expires; nothing where it never does.
pub fn expires(r: &VmRow) -> AnyView {
    match r.expires_at {
        Some(at) => view! { <When at=at/> }.into_any(),
        None => text(None),
    }
}

fn extend(id: Uuid, label: &str) -> AnyView {
    view! { <a href=here(paths::part(ListTab::Vms, id, EXTEND))>{t(label)}</a> }.into_any()
}

/// The same with the way to another end.
pub fn fact(r: &VmRow) -> AnyView {
    match r.expires_at {
        Some(_) => view! { {expires(r)} " " {extend(r.id.0, "lease-extend-link")} }.into_any(),
        None => view! { {t("lease-never")} " " {extend(r.id.0, "lease-set-link")} }.into_any(),
    }
}

/// What its owner has to know now: that it has expired, or soon will. Nothing as long as that is far away.
pub fn alert(vm: &VmDetails) -> Option<AnyView> {
    let r = &vm.row;
    let over = r.lease_stage.over();
    if !over && !matches!(r.lease_stage, LeaseStage::Warned | LeaseStage::LastDay) {
        return None;
    }
    let (tone, label, title) = match over {
        true => (Tone::Warning, "alert-warning", "lease-over-title"),
        false => (Tone::Info, "alert-info", "lease-soon-title"),
    };
    let stage = r.lease_stage.text().map(|text| text.to_string());
    // Of one that is stopped the next moment is its removal.
    let due = vm.lease_due.filter(|_| r.lease_stage == LeaseStage::Kept);
    let at = due.or(r.expires_at.filter(|_| !over)).map(|at| view! { <When at=at/> " " });
    let extend = extend(r.id.0, "lease-extend-link");
    Some(
        view! { <Alert tone=tone title=t(title) tone_label=t(label)>{stage} " " {at} {extend}</Alert> }
            .into_any(),
    )
}
