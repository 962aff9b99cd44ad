//! Jobs: the list, and the page of one with its steps and its log.

use leptos::prelude::*;
use model::event::EventRow;
use model::id::Kind;
use model::job::{JobDetails, JobRow, JobStatus, LogLine, StepRow};
use model::list::ListQuery;
use model::text::{t, ta};
use model::{Action, Refusal};
use time::OffsetDateTime;
use ui::{Alert, Card, Cards, Cell, Column, Icon, Progress, Row, Table, Tone};
use uuid::Uuid;

use super::events::correlation;
use crate::api;
use crate::forms::dialog::list;
use crate::frame::ListTab;
use crate::parts::action::Deed;
use crate::parts::details::{self, Detailed, DetailsPage, PartOf, PartView, card, known_part, over};
use crate::parts::dialogs::ReasonDialog;
use crate::parts::list::{ColumnOf, EntityList, Listed, Loading, pane, sorted};
use crate::parts::time::{When, moment};
use crate::parts::value::{job_look, name, none, severity_look, status, step_look, text};

impl Listed for JobRow {
    const TAB: ListTab = ListTab::Jobs;
    const KIND: Kind = Kind::Job;
    const EMPTY: (&'static str, &'static str) = ("jobs-none", "jobs-none-hint");
    const NEW: Option<&'static str> = None;
    const DEFAULT_SORT: Option<&'static str> = None;
    const BELOW: bool = true;

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn name(&self) -> String {
        self.title.to_string()
    }

    fn columns() -> &'static [ColumnOf<Self>] {
        const {
            &[
                sorted("field-status", "status", |r: &JobRow| {
                    status(job_look(r.status), r.status.label(), why(r))
                }),
                sorted("field-title", "title", |r| name(ListTab::Jobs, r.id, r.title.to_string())),
                sorted("field-progress", "progress", progress),
                sorted("field-owner", "owner", |r| text(r.owner.clone())),
                sorted("field-begun", "created", |r| view! { <When at=r.created_at/> }.into_any()),
                sorted("field-ended", "ended", ended),
                sorted("field-correlation", "correlation", |r| correlation(Some(&r.correlation_id))),
            ]
        }
    }

    fn deeds() -> &'static [Deed<Self>] {
        const { &[Deed::new(Action::CancelJob, "cancel", Icon::Stop, can_cancel)] }
    }

    fn load(query: ListQuery) -> Loading<Self> {
        Box::pin(api::jobs::list(query))
    }
}

fn can_cancel(r: &JobRow) -> Result<(), Refusal> {
    if r.status.ended() { Err(Refusal::new("refusal-job-ended")) } else { Ok(()) }
}

fn why(r: &JobRow) -> Option<String> {
    r.error.as_ref().map(ToString::to_string)
}

fn ended(r: &JobRow) -> AnyView {
    match r.ended_at {
        Some(at) => view! { <When at=at/> }.into_any(),
        None => none().into_any(),
    }
}

fn progress(r: &JobRow) -> AnyView {
    if r.status.ended() {
        return none().into_any();
    }
    let done = Some(f64::from(r.steps_done));
    view! { <Progress label=r.title.to_string() value=done max=f64::from(r.steps_all.max(1)) bare=true/> }
        .into_any()
}

/// A step in words; one that the catalogue does not know keeps its name.
pub fn step_name(name: &str) -> String {
    model::text::step(name).to_string()
}

impl Detailed for JobDetails {
    type Row = JobRow;

    fn load(id: Uuid) -> details::Loading<Self> {
        Box::pin(api::jobs::get(id.into()))
    }

    fn row(&self) -> &JobRow {
        &self.row
    }

    fn above(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    fn state(&self) -> Option<AnyView> {
        Some(status(job_look(self.row.status), self.row.status.label(), None))
    }

    fn parts() -> &'static [PartOf<Self>] {
        const {
            &[
                PartOf { word: "", label: "part-general", view: PartView::Facts(general) },
                PartOf { word: "events", label: "tab-events", view: PartView::Pane(pane::<EventRow>) },
            ]
        }
    }
}

fn general(JobDetails { row: job, steps, log }: &JobDetails) -> AnyView {
    let own = vec![
        ("field-status", status(job_look(job.status), job.status.label(), None)),
        ("field-owner", text(job.owner.clone())),
        ("field-begun", view! { <When at=job.created_at/> }.into_any()),
        ("field-ended", ended(job)),
        ("field-correlation", correlation(Some(&job.correlation_id))),
        ("field-id", text(job.id.to_string())),
    ];
    let bar = (!job.status.ended()).then(|| under_way(job));
    let (table, failure, log) = (step_table(steps), failure(job), log_table(log));
    view! {
        {failure}
        {bar}
        <Cards>
            {card("part-general", own)}
            <Card title=t("job-steps")>{table}</Card>
            <div class="dr-log"><Card title=t("job-log")>{log}</Card></div>
        </Cards>
    }
    .into_any()
}

fn under_way(job: &JobRow) -> AnyView {
    let (done, all) = (job.steps_done.to_string(), job.steps_all.to_string());
    let label = match &job.step {
        Some(step) => ta("frame-job-step", &[("done", &done), ("all", &all), ("step", &step_name(step))]),
        None => job.status.label(),
    };
    let value = Some(f64::from(job.steps_done));
    view! { <Progress label=label value=value max=f64::from(job.steps_all.max(1))/> }.into_any()
}

fn failure(job: &JobRow) -> Option<AnyView> {
    let error = job.error.clone()?;
    let tone = if job.status == JobStatus::Failed { Tone::Danger } else { Tone::Warning };
    let reasons = error.reasons.iter().map(ToString::to_string).collect();
    Some(
        view! { <Alert tone=tone title=error.text.to_string() tone_label=t("alert-danger")>{list(reasons)}</Alert> }
            .into_any(),
    )
}

fn step_table(steps: &[StepRow]) -> AnyView {
    let heads: Vec<Column> =
        ["job-step", "field-status", "field-attempts", "field-begun", "field-ended", "field-reason"]
            .map(|key| Column::new(t(key)))
            .to_vec();
    let time = |at: Option<OffsetDateTime>| match at {
        Some(at) => view! { <When at=at/> }.into_any(),
        None => none().into_any(),
    };
    let line = move |step: StepRow| {
        view! {
            <Row>
                <Cell>{step_name(&step.name)}</Cell>
                <Cell>{status(step_look(step.status), step.status.label(), None)}</Cell>
                <Cell end=true>{step.attempts.to_string()}</Cell>
                <Cell>{time(step.started_at)}</Cell>
                <Cell>{time(step.ended_at)}</Cell>
                <Cell>{text(step.error.clone())}</Cell>
            </Row>
        }
        .into_any()
    };
    let lines = steps.iter().cloned().map(line).collect_view();
    view! { <Table label=t("job-steps") columns=heads>{lines}</Table> }.into_any()
}

/// What happened, the oldest first.
fn log_table(log: &[LogLine]) -> AnyView {
    let heads: Vec<Column> = ["field-time", "field-message"].map(|key| Column::new(t(key))).to_vec();
    let line = |line: LogLine| {
        view! {
            <Row>
                <Cell>{moment(line.at)}</Cell>
                <Cell>{status(severity_look(line.severity), line.text.to_string(), None)}</Cell>
            </Row>
        }
        .into_any()
    };
    let lines = log.iter().cloned().map(line).collect_view();
    view! { <Table label=t("job-log") columns=heads>{lines}</Table> }.into_any()
}

#[component]
pub fn List() -> impl IntoView {
    view! { <EntityList<JobRow>/> }
}

#[component]
pub fn Details() -> impl IntoView {
    view! { <DetailsPage<JobDetails>/> }
}

/// A dialog over the page of one.
#[component]
pub fn Part() -> impl IntoView {
    over(|part| {
        match part {
        "cancel" => view! {
            <ReasonDialog<JobDetails> action=Action::CancelJob part="cancel" hint="job-cancel-hint" reason=false danger=true/>
        }
        .into_any(),
        word => known_part::<JobDetails>(word),
    }
    })
}
