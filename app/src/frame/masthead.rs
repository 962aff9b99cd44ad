//! The bar across the top: the brand, the tray of running jobs, the bell, the user's menu.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::text::{t, ta, tn};
use ui::{Dropdown, Icon, Masthead, MenuItem, MenuSeparator, MenuTitle, Progress, SideToggle, ToggleKind};

use super::{Brand, FrameData, LanguageItems, SearchBar, is_wide};
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

/// An alert behind the bell.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertSummary {
    pub text: String,
    /// What it is about.
    pub href: String,
    pub when: Signal<String>,
    /// Where it is acknowledged; nowhere for those who may not.
    pub acknowledge: Option<String>,
}

/// Where the masthead leads.
#[derive(Debug, Clone, PartialEq)]
pub struct MastLinks {
    pub home: String,
    pub events: String,
    /// The events with the alerts first.
    pub alerts: String,
    pub jobs: String,
    /// The person's own account.
    pub account: String,
    /// Where the sign-out form posts to.
    pub sign_out: String,
}

/// The masthead.
#[component]
pub fn Mast(data: FrameData, links: MastLinks, side_open: RwSignal<Option<bool>>) -> impl IntoView {
    let toggle =
        move || view! { <SideToggle label=t("frame-tree-toggle") on_press=move |()| flip(side_open)/> };
    let MastLinks { home, events: _, alerts, jobs, account, sign_out } = links;
    view! {
        <Masthead brand=|| view! { <Brand/> } home=home home_label=t("frame-home") toggle=toggle>
            <SearchBar current=data.current/>
            <div class="dr-masthead__end">
                <crate::palette::Opener/>
                <JobTray jobs=data.jobs href=jobs/>
                <Bell data=data events=alerts/>
                <UserMenu
                    principal=data.principal
                    role=data.role
                    other=Some((t("portal-title"), paths::PORTAL))
                    account=account
                    sign_out=sign_out
                />
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

/// How many alerts the drawer has; the list of events has all.
const SHOWN: usize = 20;

/// The drawer of alerts. Its forms are posted as they are, so that it does the same without JavaScript.
#[component]
fn Bell(data: FrameData, events: String) -> impl IntoView {
    let alerts = data.alerts;
    let count = Signal::derive(move || alerts.with(|alerts| alerts.len() as u64));
    let rows = move || alerts.get().into_iter().take(SHOWN).map(alert).collect_view();
    let all = move || {
        (data.role.with(Option::is_some) && count.get() > 0)
            .then(|| post(paths::ACKNOWLEDGE.to_owned(), t("alerts-acknowledge"), Icon::Check))
    };
    let restore = move || {
        data.role
            .with(Option::is_some)
            .then(|| post(paths::RESTORE.to_owned(), t("alerts-restore"), Icon::Refresh))
    };
    view! {
        <Dropdown
            label=Signal::derive(move || tn("frame-alerts", count.get()))
            kind=ToggleKind::Plain
            icon=Icon::Bell
            hide_label=true
            count=count
            end=true
        >
            <MenuTitle>{move || tn("frame-alerts", count.get())}</MenuTitle>
            {rows}
            <MenuSeparator/>
            {all}
            {restore}
            <MenuItem text=t("frame-alerts-all") href=events/>
        </Dropdown>
    }
    .into_any()
}

fn alert(alert: AlertSummary) -> AnyView {
    let acknowledge = alert.acknowledge.map(|to| post(to, t("alert-acknowledge"), Icon::Check));
    view! {
        <li class="dr-job" role="none">
            <a class="dr-job__link" role="menuitem" href=alert.href>
                <span class="dr-job__title">{alert.text}</span>
                <span class="dr-job__step">{alert.when}</span>
            </a>
        </li>
        {acknowledge}
    }
    .into_any()
}

/// An entry that posts, and comes back to the page it was chosen on.
fn post(action: String, text: String, icon: Icon) -> AnyView {
    let here = use_location().pathname;
    let action = move || paths::returning(&action, &here.get());
    view! {
        <li role="none">
            <form method="post" action=action role="none">
                <ul role="group" aria-label=text.clone()>
                    <MenuItem text=text.clone() icon=icon submit=true/>
                </ul>
            </form>
        </li>
    }
    .into_any()
}

/// The menu of who is signed in; `other` is the way into the other portal, for those who work in both.
#[component]
pub fn UserMenu(
    principal: Signal<String>,
    role: Signal<Option<String>>,
    other: Option<(String, &'static str)>,
    account: String,
    sign_out: String,
) -> impl IntoView {
    let other = other.map(|(text, href)| view! { <MenuItem text=text icon=Icon::Monitor href=href/> });
    view! {
        <Dropdown label=principal kind=ToggleKind::Plain icon=Icon::User end=true>
            <MenuTitle><strong>{move || principal.get()}</strong>{move || role.get()}</MenuTitle>
            <MenuSeparator/>
            {other}
            <ThemeItems/>
            <MenuSeparator/>
            <LanguageItems/>
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
