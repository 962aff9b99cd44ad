//! Questions that tests ask of the world, and what must hold at the end of most.

use std::collections::BTreeSet;

use control::Outcome;
use host::PoolRef;
use model::event::{EventKind, EventRow};
use model::job::JobRow;
use model::list::ListQuery;
use model::{Fault, JobId, VmId};
use store::vms::Vm;

use super::{PATH, World};

impl World {
    pub async fn vm(&self, id: VmId) -> Vm {
        self.find_vm(id).await.expect("the VM is there")
    }

    pub async fn find_vm(&self, id: VmId) -> Option<Vm> {
        store::vms::get(&mut self.app.conn().await.unwrap(), id).await.unwrap()
    }

    pub async fn job(&self, id: JobId) -> JobRow {
        control::jobs::get(&self.admin, id).await.unwrap().row
    }

    /// The events of a kind, the newest first.
    pub async fn events(&self, kind: EventKind) -> Vec<EventRow> {
        let query = ListQuery { size: 500, ..ListQuery::default() };
        let all = control::events::list(&self.admin, &query).await.unwrap().rows;
        all.into_iter().filter(|event| event.code == kind.code()).collect()
    }

    pub async fn count(&self, sql: &str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.app.pool).await.unwrap()
    }

    pub fn pool(&self) -> PoolRef {
        PoolRef { pool: self.storage.to_string(), path: PATH.to_owned() }
    }

    /// What is left lying about: locks without a job, volumes without a disk and disks without a volume,
    /// definitions of VMs that are down, VMs that run twice.
    pub async fn litter(&self) -> Vec<String> {
        let mut litter = Vec::new();
        if self.count("SELECT count(*) FROM entity_locks").await > 0 {
            litter.push("a lock".to_owned());
        }
        let volumes: BTreeSet<String> =
            self.estate.volumes(&self.pool()).into_iter().map(|v| v.name).collect();
        let sql = "SELECT volume FROM disks WHERE storage_domain_id = $1
                   UNION SELECT name FROM media WHERE storage_domain_id = $1";
        let disks = sqlx::query_scalar(sql).bind(self.storage.0).fetch_all(&self.app.pool).await.unwrap();
        let disks: BTreeSet<String> = disks.into_iter().collect();
        litter.extend(volumes.symmetric_difference(&disks).map(|name| format!("{name} on one side only")));
        for host in &self.hosts {
            for domain in self.estate.domains(*host) {
                let vm = self.find_vm(domain.spec.vm).await;
                let on = vm.as_ref().and_then(|vm| vm.row.host.as_ref()).map(|(id, _)| *id);
                if on != Some(*host) {
                    litter.push(format!("{} on a host where it is not booked", domain.spec.title));
                }
                if self.estate.running_on(domain.spec.vm).len() > 1 {
                    litter.push(format!("{} runs twice", domain.spec.title));
                }
            }
        }
        litter
    }

    pub async fn assert_tidy(&self) {
        assert_eq!(self.litter().await, Vec::<String>::new());
    }
}

/// The fault of what must not succeed.
#[track_caller]
pub fn fault<T>(outcome: Outcome<T>) -> Fault {
    match outcome {
        Ok(_) => panic!("this must not succeed"),
        Err(fault) => fault,
    }
}

/// The catalogue key of a refusal, or of the first thing that is wrong with a field, as `field: key`.
#[track_caller]
pub fn said<T>(outcome: Outcome<T>) -> String {
    match fault(outcome) {
        Fault::Refused(r) | Fault::Forbidden(r) | Fault::Unavailable(r) => r.text.key,
        Fault::Invalid(errors) => {
            let lines: Vec<String> =
                errors.0.iter().map(|(field, text)| format!("{field}: {}", text.key)).collect();
            lines.join(", ")
        }
        Fault::NotFound { kind } => format!("no {}", kind.as_str()),
        Fault::Stale { .. } => "stale".to_owned(),
        other => panic!("a defect: {other}"),
    }
}

/// The reasons of a refusal, worded.
#[track_caller]
pub fn reasons<T>(outcome: Outcome<T>) -> Vec<String> {
    match fault(outcome) {
        Fault::Refused(refusal) => refusal.reasons.iter().map(ToString::to_string).collect(),
        other => panic!("no refusal: {other}"),
    }
}
