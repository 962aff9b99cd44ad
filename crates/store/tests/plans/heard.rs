//! The plans of the queries that a connection makes. PostgreSQL's auto_explain tells them as notices, and sqlx hands
//! notices to `tracing`: so they are of the very queries that the product sends.

use std::sync::{Arc, Mutex};

use serde_json::Value;
use sqlx::PgConnection;
use tracing::field::{Field, Visit};
use tracing::span;

/// Collects what the database tells the current thread.
#[derive(Clone, Default)]
pub struct Heard(Arc<Mutex<Vec<String>>>);

pub struct Plan(Value);

/// How a table is read in a plan.
#[derive(Debug)]
pub struct Scan {
    pub table: String,
    pub sequential: bool,
    pub loops: f64,
    /// Looked at in all, those that a filter took out included.
    pub rows: f64,
}

/// From now on the connection tells the plan of each query, and of those within functions.
pub async fn explain(c: &mut PgConnection) {
    let settings =
        "LOAD 'auto_explain'; SET auto_explain.log_min_duration = 0; SET auto_explain.log_analyze = on;
        SET auto_explain.log_timing = off; SET auto_explain.log_format = json;
        SET auto_explain.log_nested_statements = on; SET client_min_messages = log";
    sqlx::raw_sql(settings).execute(c).await.unwrap();
}

impl Heard {
    /// Listens for as long as the guard lives.
    pub fn listen() -> (Heard, tracing::subscriber::DefaultGuard) {
        let heard = Heard::default();
        let guard = tracing::subscriber::set_default(heard.clone());
        (heard, guard)
    }

    /// The plans since the last time.
    pub fn take(&self) -> Vec<Plan> {
        let messages = std::mem::take(&mut *self.0.lock().unwrap());
        let plan = |message: &String| {
            let (_, json) = message.split_once("plan:")?;
            Some(Plan(serde_json::from_str(json).unwrap()))
        };
        messages.iter().filter_map(plan).collect()
    }
}

impl Plan {
    pub fn scans(&self) -> Vec<Scan> {
        let mut scans = Vec::new();
        gather(&self.0["Plan"], &mut scans);
        scans
    }
}

fn gather(node: &Value, scans: &mut Vec<Scan>) {
    let number = |name: &str| node[name].as_f64().unwrap_or_default();
    let loops = number("Actual Loops");
    if let Some(table) = node["Relation Name"].as_str() {
        let looked_at = number("Actual Rows") + number("Rows Removed by Filter");
        let sequential = node["Node Type"] == "Seq Scan";
        scans.push(Scan { table: table.to_owned(), sequential, loops, rows: looked_at * loops });
    }
    for below in node["Plans"].as_array().into_iter().flatten() {
        gather(below, scans);
    }
}

impl tracing::Subscriber for Heard {
    fn enabled(&self, about: &tracing::Metadata<'_>) -> bool {
        about.target() == "sqlx::postgres::notice"
    }

    fn event(&self, event: &tracing::Event<'_>) {
        event.record(&mut Message(&self.0));
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

struct Message<'a>(&'a Mutex<Vec<String>>);

impl Visit for Message<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            self.0.lock().unwrap().push(value.to_owned());
        }
    }

    /// What is no string is no notice.
    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}
