//! The bar across the top: the brand, the tray of running jobs, the bell, the user's menu.

use leptos::prelude::*;
use model::text::{t, ta, tn};
use ui::{
    Dropdown, Icon, Masthead, MenuItem, MenuSeparator, MenuTitle, NotificationBadge, Progress, SideToggle,
    ToggleKind,
};

use super::{Brand, FrameData, is_wide};
use crate::paths;
use crate::theme::ThemeItems;

/// A running job in the tray.
#[derive(Debug, Clone, PartialEq)]
pub struct JobSummary {
    pub title: String,
    pub href: String,
    /// The name of the step under way.
    pub step: Option<String>,
    pub done: u32,
    pub all: u32,
}

/// Where the masthead leads.
#[derive(Debug, Clone, PartialEq)]
pub struct MastLinks {
    pub home: String,
    pub events: String,
    pub jobs: String,
    /// The person's own account: the password.
    pub account: String,
    /// Where the sign-out form posts to.
    pub sign_out: String,
}

/// The masthead.
#[component]
pub fn Mast(data: FrameData, links: MastLinks, side_open: RwSignal<Option<bool>>) -> impl IntoView {
    let toggle =
        move || view! { <SideToggle label=t("frame-tree-toggle") on_press=move |()| flip(side_open)/> };
    let MastLinks { home, events, jobs, account, sign_out } = links;
    view! {
        <Masthead brand=|| view! { <Brand/> } home=home home_label=t("frame-home") toggle=toggle>
            <div class="dr-masthead__end">
                <crate::palette::Opener/>
                <JobTray jobs=data.jobs href=jobs/>
                <NotificationBadge href=events count=data.alerts label=move || tn("frame-alerts", data.alerts.get())/>
                <UserMenu data=data account=account sign_out=sign_out/>
            </div>
        </Masthead>
    }
    .into_any()
}

/// Nobody chose yet: the pane is there on a wide screen and away on a narrow one.
fn flip(side_open: RwSignal<Option<bool>>) {
    side_open.update(|open| *open = Some(!open.unwrap_or_else(is_wide)));
}

#[component]
fn JobTray(jobs: Signal<Vec<JobSummary>>, href: String) -> impl IntoView {
    let count = Signal::derive(move || jobs.with(|jobs| jobs.len() as u64));
    let rows = move || {
        let jobs = jobs.get();
        if jobs.is_empty() {
            return view! { <MenuTitle>{t("frame-jobs-none")}</MenuTitle> }.into_any();
        }
        jobs.into_iter().map(job).collect_view().into_any()
    };
    view! {
        <Dropdown label=t("tab-jobs") kind=ToggleKind::Plain icon=Icon::Jobs hide_label=true count=count end=true>
            {rows}
            <MenuSeparator/>
            <MenuItem text=t("frame-jobs-all") href=href/>
        </Dropdown>
    }
    .into_any()
}

fn job(job: JobSummary) -> AnyView {
    let value = (job.all > 0).then_some(f64::from(job.done));
    let step = job.step.as_ref().map(|step| {
        let (done, all) = ((job.done + 1).min(job.all.max(1)).to_string(), job.all.to_string());
        ta("frame-job-step", &[("done", &done), ("all", &all), ("step", step)])
    });
    view! {
        <li class="dr-job" role="none">
            <a class="dr-job__link" role="menuitem" href=job.href>
                <span class="dr-job__title">{job.title.clone()}</span>
                <Progress label=job.title value=value max=f64::from(job.all.max(1)) bare=true/>
                {step.map(|step| view! { <span class="dr-job__step">{step}</span> })}
            </a>
        </li>
    }
    .into_any()
}

#[component]
fn UserMenu(data: FrameData, account: String, sign_out: String) -> impl IntoView {
    view! {
        <Dropdown label=data.principal kind=ToggleKind::Plain icon=Icon::User end=true>
            <MenuTitle><strong>{move || data.principal.get()}</strong>{move || data.role.get()}</MenuTitle>
            <MenuSeparator/>
            <ThemeItems/>
            <MenuSeparator/>
            <MenuItem text=t("help") icon=Icon::Help href=paths::help("index")/>
            <MenuItem text=t("frame-account-settings") icon=Icon::Key href=account/>
            <li role="none">
                <form method="post" action=sign_out role="none">
                    <ul role="group" aria-label=t("frame-sign-out")>
                        <MenuItem text=t("frame-sign-out") icon=Icon::LogOut submit=true/>
                    </ul>
                </form>
            </li>
        </Dropdown>
    }
    .into_any()
}
