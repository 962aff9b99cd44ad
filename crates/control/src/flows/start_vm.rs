//! Start a VM: choose a host and book it, define the domain there, launch it, and see it run. Until the
//! process is proven not to exist, the VM keeps its host: nothing is ever started twice.

use std::time::Duration;

use async_trait::async_trait;
use host::{
    DiskSpec, DomainSpec, DomainState, GraphicsSpec, HostDriver, HostError, KernelSpec, NicSpec, PoolRef,
    VolumeRef,
};
use jobs::{Flow, Outcome as End, Run, Step, StepError};
use model::event::EventKind;
use model::id::Kind;
use model::vm::{VmIntent, VmStatus};
use model::vm_options::MediaRef;
use model::vm_request::VmConfig;
use model::{HostId, Refusal, Text};
use store::PgConnection;
use store::vms::Vm;

use super::{VmParams, cause, fault_said, finished, host_said};
use crate::app::{App, commit};
use crate::{events, placement};

pub struct StartVm(pub App);

const fn step(name: &'static str, undo: bool, seconds: u64) -> Step {
    Step { name, undo, cancellable: undo, deadline: Duration::from_secs(seconds), attempts: 5 }
}

static STEPS: [Step; 4] =
    [step("place", true, 30), step("define", true, 60), step("launch", true, 120), step("settle", false, 60)];

#[async_trait]
impl Flow for StartVm {
    fn kind(&self) -> &'static str {
        super::START_VM
    }

    fn steps(&self) -> &'static [Step] {
        &STEPS
    }

    async fn run(&self, step: &'static str, run: &mut Run) -> Result<(), StepError> {
        let params: VmParams = run.params()?;
        match step {
            "place" => self.place(&params).await,
            "define" => self.define(&params).await,
            "launch" => {
                let (vm, driver) = self.booked(&params).await?;
                driver.start(vm.row.id).await.map_err(host_said)
            }
            _ => self.settle(&params, run).await,
        }
    }

    async fn undo(&self, step: &'static str, run: &mut Run) -> Result<(), StepError> {
        let params: VmParams = run.params()?;
        let vm = super::vm(&self.0, params.vm).await?;
        let Some((host, _)) = &vm.row.host else { return Ok(()) };
        let driver = self.0.hosts.driver(*host).await.map_err(fault_said)?;
        match step {
            "launch" => driver.destroy(params.vm).await.map_err(host_said),
            "define" => driver.undefine(params.vm).await.map_err(host_said),
            _ => {
                let mut c = self.0.conn().await.map_err(fault_said)?;
                store::vms::end_run(&mut c, params.vm).await.map_err(StepError::from)
            }
        }
    }

    async fn end(&self, run: &Run, outcome: &End, tx: &mut PgConnection) -> Result<(), StepError> {
        let params: VmParams = run.params()?;
        let Some(vm) = store::vms::get(tx, params.vm).await? else { return Ok(()) };
        if let Some((host, _)) = &vm.row.host {
            self.0.hosts.poke(*host);
        }
        if finished(outcome) {
            return Ok(());
        }
        let now = self.0.now();
        // A VM that still has its host could not be taken back there: the monitor finds out what it is.
        let status = if vm.row.host.is_some() { VmStatus::Unknown } else { VmStatus::Down };
        let reason = Text::new("vm-reason-start-failed");
        store::vms::set_status(tx, params.vm, status, Some(&reason), now).await?;
        // One that is being started again by itself is tried again; `ha` says when.
        if vm.ha_attempts == 0 || *outcome == End::Cancelled {
            store::vms::set_intent(tx, params.vm, VmIntent::Down, None).await?;
        }
        let (args, about) = ([("cause", cause(outcome))], vec![(Kind::Vm, params.vm.0, vm.row.name)]);
        events::note(tx, now, EventKind::VmStartFailed, &args, about, super::of(run))
            .await
            .map_err(fault_said)
    }
}

impl StartVm {
    async fn place(&self, params: &VmParams) -> Result<(), StepError> {
        let mut tx = self.0.begin().await.map_err(fault_said)?;
        let vm = store::vms::lock(&mut tx, params.vm).await?;
        let vm = vm.ok_or_else(|| fault_said(model::Fault::NotFound { kind: Kind::Vm }))?;
        if vm.row.host.is_some() {
            return Ok(());
        }
        let host = placement::place(&mut tx, &vm).await.map_err(fault_said)?;
        let password = (!vm.config.options.headless()).then(|| screen_password(self.0.ids.uuid()));
        store::vms::begin_run(&mut tx, params.vm, &vm.config, password.as_deref()).await?;
        store::vms::set_host(&mut tx, params.vm, Some(host)).await?;
        commit(tx).await.map_err(fault_said)
    }

    async fn define(&self, params: &VmParams) -> Result<(), StepError> {
        let (vm, driver) = self.booked(params).await?;
        let mut c = self.0.conn().await.map_err(fault_said)?;
        let mut disks = Vec::new();
        for id in store::disks::of_vm(&mut c, params.vm).await? {
            disks.extend(store::disks::get(&mut c, id).await?);
        }
        let nics = store::vms::nics(&mut c, params.vm, None).await?;
        drop(c);
        // The disks are named by their paths: that the host has their domains is what placement has looked at, and
        // refreshing a pool reads every volume in it.
        let cd = match &run_of(&vm).options.cd {
            Some(at) => Some(self.medium(at, driver.as_ref()).await?),
            None => None,
        };
        driver.define(&spec(&vm, &disks, nics, cd)).await.map_err(host_said)
    }

    /// The file in the CD drive; somebody may have taken it away.
    async fn medium(&self, at: &MediaRef, driver: &dyn HostDriver) -> Result<VolumeRef, StepError> {
        let mut c = self.0.conn().await.map_err(fault_said)?;
        let domain = store::storage_domains::LIST.one(&mut c, at.storage_domain.0).await?;
        drop(c);
        let missing = || StepError::Fail(Refusal::new("refusal-cd-missing").with("name", &at.name));
        let domain = domain.ok_or_else(missing)?;
        let pool = PoolRef { pool: at.storage_domain.to_string(), path: domain.config.path };
        driver.open_pool(&pool).await.map_err(host_said)?;
        let volume = VolumeRef { pool, volume: at.name.clone() };
        match driver.volume(&volume).await {
            Ok(_) => Ok(volume),
            Err(HostError::NotFound(_)) => Err(missing()),
            Err(error) => Err(host_said(error)),
        }
    }

    /// The VM with the host that is booked for it.
    async fn booked(&self, params: &VmParams) -> Result<(Vm, std::sync::Arc<dyn HostDriver>), StepError> {
        let vm = super::vm(&self.0, params.vm).await?;
        let host: Option<HostId> = vm.row.host.as_ref().map(|(id, _)| *id);
        let host = host.ok_or_else(|| StepError::Fail(Refusal::new("vm-reason-host-lost")))?;
        let driver = self.0.hosts.driver(host).await.map_err(fault_said)?;
        Ok((vm, driver))
    }

    async fn settle(&self, params: &VmParams, run: &Run) -> Result<(), StepError> {
        let (vm, driver) = self.booked(params).await?;
        let report = driver.domain(params.vm).await.map_err(host_said)?;
        if !matches!(report.state, DomainState::Running | DomainState::Paused | DomainState::ShuttingDown) {
            return Err(StepError::Fail(Refusal::new("vm-reason-crashed")));
        }
        let now = self.0.now();
        let mut tx = self.0.begin().await.map_err(fault_said)?;
        store::vms::set_status(&mut tx, params.vm, VmStatus::PoweringUp, None, now).await?;
        if vm.row.started_at.is_some() {
            // This step has been here before, and was told of.
            return commit(tx).await.map_err(fault_said);
        }
        store::vms::set_started(&mut tx, params.vm, now).await?;
        let (host_id, host) = vm.row.host.clone().unwrap_or((HostId(uuid::Uuid::nil()), String::new()));
        let about = vec![(Kind::Vm, params.vm.0, vm.row.name), (Kind::Host, host_id.0, host.clone())];
        let args = [("host", events::word(&host))];
        events::note(&mut tx, now, EventKind::VmStarted, &args, about, super::of(run))
            .await
            .map_err(fault_said)?;
        commit(tx).await.map_err(fault_said)
    }
}

/// Eight characters, all that VNC looks at, from fresh randomness.
fn screen_password(random: uuid::Uuid) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bytes = random.into_bytes();
    // Bytes 6 and 8 carry the UUID's version and variant, and are left out.
    [0, 1, 2, 3, 4, 5, 9, 10].iter().map(|i| char::from(LETTERS[usize::from(bytes[*i] & 63)])).collect()
}

/// The run's own configuration: an edit after the booking waits for the next start.
fn run_of(vm: &Vm) -> &VmConfig {
    vm.running.as_ref().unwrap_or(&vm.config)
}

fn spec(
    vm: &Vm,
    disks: &[store::disks::Disk],
    nics: Vec<store::vms::WiredNic>,
    cd: Option<VolumeRef>,
) -> DomainSpec {
    let config = run_of(vm);
    let options = &config.options;
    let disk = |(n, disk): (usize, &store::disks::Disk)| DiskSpec {
        volume: super::volume_ref(disk),
        format: disk.format,
        serial: disk.id.to_string(),
        boot: n == 0,
    };
    let graphics = vm.vnc_password.clone().filter(|_| !options.headless());
    let screen =
        |password| GraphicsSpec { password, keyboard: options.keyboard.clone(), protocols: options.graphics };
    let kernel = |kernel| KernelSpec {
        kernel,
        initrd: options.initrd.clone(),
        parameters: options.kernel_parameters.clone(),
    };
    DomainSpec {
        vm: vm.row.id,
        title: vm.row.name.clone(),
        memory: config.memory,
        sockets: config.sockets,
        cores: config.cores,
        threads: config.threads,
        cpu_model: config.cpu_model.clone(),
        disks: disks.iter().enumerate().map(disk).collect(),
        nics: nics
            .into_iter()
            .map(|n| NicSpec { mac: n.nic.mac, bridge: n.bridge, name: n.nic.name })
            .collect(),
        cd,
        graphics: graphics.map(screen),
        boot: options.boot.clone(),
        boot_menu: options.boot_menu,
        kernel: options.kernel.clone().map(kernel),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn screen_passwords_differ_and_have_eight_safe_characters() {
        let one = super::screen_password(uuid::Uuid::from_u128(1 << 120));
        let two = super::screen_password(uuid::Uuid::from_u128(2 << 120));
        assert_eq!(one.len(), 8);
        assert_ne!(one, two);
        assert!(one.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'));
    }
}
