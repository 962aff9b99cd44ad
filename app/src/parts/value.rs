//! How values of the estate look in cells and facts: states with their icon and tone, links, sizes.

use leptos::prelude::*;
use model::QuotaId;
use model::disk::DiskStatus;
use model::event::Severity;
use model::host::HostStatus;
use model::job::{JobStatus, StepStatus};
use model::storage_domain::StorageStatus;
use model::template::TemplateStatus;
use model::vm::VmStatus;
use ui::{Icon, Label, Status, Tone};

use crate::frame::ListTab;
use crate::paths;

/// A state: tone, icon, and whether it turns.
pub type Look = (Tone, Icon, bool);

pub fn vm_look(status: VmStatus) -> Look {
    use VmStatus::*;
    match status {
        Up => (Tone::Success, Icon::Up, false),
        Down => (Tone::Neutral, Icon::Off, false),
        Paused => (Tone::Warning, Icon::PausedDisc, false),
        Suspended => (Tone::Neutral, Icon::PausedDisc, false),
        NotResponding => (Tone::Danger, Icon::Danger, false),
        Unknown => (Tone::Warning, Icon::Unknown, false),
        ImageIllegal => (Tone::Danger, Icon::Danger, false),
        ImageLocked => (Tone::Info, Icon::Lock, true),
        WaitForLaunch | PoweringUp | PoweringDown | RebootInProgress | SavingState | RestoringState
        | Migrating => (Tone::Info, Icon::Hourglass, true),
    }
}

pub fn host_look(status: HostStatus) -> Look {
    use HostStatus::*;
    match status {
        Up => (Tone::Success, Icon::Up, false),
        Maintenance => (Tone::Neutral, Icon::Wrench, false),
        Connecting | PreparingForMaintenance => (Tone::Info, Icon::Hourglass, true),
        NonResponsive => (Tone::Danger, Icon::Danger, false),
        NonOperational => (Tone::Warning, Icon::Warning, false),
    }
}

pub fn storage_look(status: StorageStatus) -> Look {
    match status {
        StorageStatus::Active => (Tone::Success, Icon::Up, false),
        StorageStatus::Inactive => (Tone::Danger, Icon::Danger, false),
        StorageStatus::Unknown => (Tone::Neutral, Icon::Unknown, false),
    }
}

pub fn disk_look(status: DiskStatus) -> Look {
    match status {
        DiskStatus::Ok => (Tone::Success, Icon::Up, false),
        DiskStatus::Locked => (Tone::Info, Icon::Lock, true),
        DiskStatus::Illegal => (Tone::Danger, Icon::Danger, false),
    }
}

pub fn template_look(status: TemplateStatus) -> Look {
    match status {
        TemplateStatus::Ok => (Tone::Success, Icon::Up, false),
        TemplateStatus::Locked => (Tone::Info, Icon::Lock, true),
        TemplateStatus::Illegal => (Tone::Danger, Icon::Danger, false),
    }
}

pub fn job_look(status: JobStatus) -> Look {
    match status {
        JobStatus::Queued => (Tone::Neutral, Icon::Hourglass, false),
        JobStatus::Running => (Tone::Info, Icon::Hourglass, true),
        JobStatus::Undoing => (Tone::Warning, Icon::Hourglass, true),
        JobStatus::Finished => (Tone::Success, Icon::Success, false),
        JobStatus::Failed => (Tone::Danger, Icon::Danger, false),
        JobStatus::Cancelled => (Tone::Neutral, Icon::Off, false),
    }
}

pub fn step_look(status: StepStatus) -> Look {
    match status {
        StepStatus::Pending => (Tone::Neutral, Icon::Hourglass, false),
        StepStatus::Running => (Tone::Info, Icon::Hourglass, true),
        StepStatus::Undoing => (Tone::Warning, Icon::Hourglass, true),
        StepStatus::Done => (Tone::Success, Icon::Success, false),
        StepStatus::Failed => (Tone::Danger, Icon::Danger, false),
        StepStatus::Undone => (Tone::Neutral, Icon::Off, false),
    }
}

pub fn severity_look(severity: Severity) -> Look {
    match severity {
        Severity::Normal => (Tone::Success, Icon::Success, false),
        Severity::Warning => (Tone::Warning, Icon::Warning, false),
        Severity::Error => (Tone::Danger, Icon::Danger, false),
        Severity::Alert => (Tone::Danger, Icon::Bell, false),
    }
}

/// A state as icon and word.
pub fn status((tone, icon, turning): Look, text: String, detail: Option<String>) -> AnyView {
    match detail {
        Some(detail) => {
            view! { <Status text=text tone=tone icon=icon turning=turning detail=detail/> }.into_any()
        }
        None => view! { <Status text=text tone=tone icon=icon turning=turning/> }.into_any(),
    }
}

/// A link to an object.
pub fn link(tab: ListTab, id: impl std::fmt::Display, text: String) -> AnyView {
    view! { <a href=paths::object(tab, id)>{text}</a> }.into_any()
}

/// The name of a row, that leads to its page.
pub fn name(tab: ListTab, id: impl std::fmt::Display, text: String) -> AnyView {
    view! { <a class="dr-name" href=paths::object(tab, id)>{text}</a> }.into_any()
}

/// What something is counted in, that leads there.
pub fn quota(of: &Option<(QuotaId, String)>) -> AnyView {
    match of {
        Some((id, name)) => link(ListTab::Quotas, id, name.clone()),
        None => model::text::t("quota-default").into_any(),
    }
}

/// The tags of an object; each leads to the list of those that carry it.
pub fn tags(tab: ListTab, tags: &[String]) -> AnyView {
    if tags.is_empty() {
        return none().into_any();
    }
    let one = |tag: &String| {
        let href = paths::tagged(tab, tag);
        view! { <a class="dr-tag" href=href><Label text=tag.clone() icon=Icon::Tag/></a> " " }.into_any()
    };
    tags.iter().map(one).collect_view().into_any()
}

/// A text, with a dash where there is none.
pub fn text(value: impl Into<Option<String>>) -> AnyView {
    value.into().filter(|v| !v.is_empty()).unwrap_or_else(none).into_any()
}

pub fn none() -> String {
    "\u{2013}".to_owned()
}

pub fn bytes(value: Option<u64>) -> AnyView {
    value.map_or_else(none, model::size::bytes).into_any()
}

pub fn number(value: u32) -> AnyView {
    model::text::count(value.into()).into_any()
}

/// Bytes per second.
pub fn rate(value: Option<u64>) -> String {
    value.map_or_else(none, |v| model::text::ta("value-rate", &[("rate", &model::size::bytes(v))]))
}
