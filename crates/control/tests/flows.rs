//! The flows of a VM by the engine's generic tests: each runs twice, unwinds from every step, and recovers when
//! killed at every step and within. Whatever happened, the VM is as asked or as before, and nothing lies about.

use std::sync::Arc;

use async_trait::async_trait;
use control::flows::change_cd::ChangeCd;
use control::flows::change_nic::{Change, ChangeNic};
use control::flows::create_vm::CreateVm;
use control::flows::detach_disk::{After, DetachDisk};
use control::flows::extend_disk::ExtendDisk;
use control::flows::make::{MakeDisk, MakeTemplate};
use control::flows::plug_disk::{Plug, PlugDisk};
use control::flows::power_vm::{Power, PowerOffVm, PowerVm};
use control::flows::remove_disk::RemoveDisk;
use control::flows::remove_vm::RemoveVm;
use control::flows::restore_vm::{DiscardVm, RestoreVm};
use control::flows::start_vm::StartVm;
use control::flows::suspend_vm::SuspendVm;
use control::{disks, templates, vms};
use jobs::Flow;
use jobs::testing::{
    Bench, Worlds, recovers_when_killed_at_every_step, recovers_when_killed_within_every_step,
    succeeds_when_run_twice, unwinds_from_every_step,
};
use model::clock::{Ids, ManualClock};
use model::disk::{DiskStatus, ImageDisk};
use model::job::JobStatus;
use model::nic::NicConfig;
use model::size::GIB;
use model::template::TemplateStatus;
use model::vm::{VmIntent, VmStatus};
use model::vm_request::NewVm;
use model::{DiskId, JobId, NicId, TemplateId, VmId};
use sqlx::PgPool;
use std::sync::Mutex;

use crate::support::{World, attach, extend};

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Create,
    Start,
    Resume,
    Shutdown,
    Reboot,
    Reset,
    Pause,
    PowerOff,
    Remove,
    RemoveDisk,
    Clone,
    Suspend,
    Restore,
    Discard,
    ChangeCd,
    MakeTemplate,
    MakeDisk,
    AddDisk,
    AttachDisk,
    DetachDisk,
    TakeOutDisk,
    ExtendDisk,
    AddNic,
    EditNic,
    RemoveNic,
}

impl Kind {
    /// Those that change what a running VM is made of.
    const HARDWARE: [Kind; 8] = [
        Kind::AddDisk,
        Kind::AttachDisk,
        Kind::DetachDisk,
        Kind::TakeOutDisk,
        Kind::ExtendDisk,
        Kind::AddNic,
        Kind::EditNic,
        Kind::RemoveNic,
    ];
}

/// One estate for all; each world has a VM of its own in it.
struct Estate {
    world: Arc<World>,
    kind: Kind,
}

struct One {
    world: Arc<World>,
    kind: Kind,
    name: String,
    /// None until it is created.
    vm: Mutex<Option<VmId>>,
    /// What a removed VM left behind.
    disk: Mutex<Option<DiskId>>,
    /// What was made of the VM.
    template: Mutex<Option<TemplateId>>,
}

impl One {
    fn vm(&self) -> VmId {
        self.vm.lock().unwrap().expect("it was created")
    }

    fn as_flow(&self, kind: Kind) -> Arc<dyn Flow> {
        let app = self.world.app.clone();
        match kind {
            Kind::Create => Arc::new(CreateVm(app)),
            Kind::Start => Arc::new(StartVm(app)),
            Kind::Resume => Arc::new(PowerVm(app, Power::Resume)),
            Kind::Shutdown => Arc::new(PowerVm(app, Power::Shutdown)),
            Kind::Reboot => Arc::new(PowerVm(app, Power::Reboot)),
            Kind::Reset => Arc::new(PowerVm(app, Power::Reset)),
            Kind::Pause => Arc::new(PowerVm(app, Power::Pause)),
            Kind::PowerOff => Arc::new(PowerOffVm(app)),
            Kind::Remove => Arc::new(RemoveVm(app)),
            Kind::RemoveDisk => Arc::new(RemoveDisk(app)),
            Kind::Clone => Arc::new(CreateVm(app)),
            Kind::Suspend => Arc::new(SuspendVm(app)),
            Kind::Restore => Arc::new(RestoreVm(app)),
            Kind::Discard => Arc::new(DiscardVm(app)),
            Kind::ChangeCd => Arc::new(ChangeCd(app)),
            Kind::MakeTemplate => Arc::new(MakeTemplate(app)),
            Kind::MakeDisk => Arc::new(MakeDisk(app)),
            Kind::AddDisk => Arc::new(PlugDisk(app, Plug::New)),
            Kind::AttachDisk => Arc::new(PlugDisk(app, Plug::There)),
            Kind::DetachDisk => Arc::new(DetachDisk(app, After::Keep)),
            Kind::TakeOutDisk => Arc::new(DetachDisk(app, After::Remove)),
            Kind::ExtendDisk => Arc::new(ExtendDisk(app)),
            Kind::AddNic => Arc::new(ChangeNic(app, Change::Add)),
            Kind::EditNic => Arc::new(ChangeNic(app, Change::Edit)),
            Kind::RemoveNic => Arc::new(ChangeNic(app, Change::Remove)),
        }
    }

    async fn ask(&self, kind: Kind) -> JobId {
        let admin = &self.world.admin;
        match kind {
            Kind::Create => {
                let (vm, job) = vms::create(admin, &self.world.new_vm(&self.name)).await.unwrap();
                *self.vm.lock().unwrap() = Some(vm);
                job
            }
            Kind::Clone => {
                let clone = NewVm { clone: true, ..self.world.new_vm(&self.name) };
                let (vm, job) = vms::create(admin, &clone).await.unwrap();
                *self.vm.lock().unwrap() = Some(vm);
                job
            }
            Kind::Start | Kind::Resume | Kind::Restore => vms::run(admin, self.vm(), None).await.unwrap(),
            Kind::Shutdown => vms::shutdown(admin, self.vm(), None).await.unwrap(),
            Kind::Reboot => vms::reboot(admin, self.vm(), None).await.unwrap(),
            Kind::Reset => vms::reset(admin, self.vm(), None).await.unwrap(),
            Kind::Pause => vms::pause(admin, self.vm(), None).await.unwrap(),
            Kind::Suspend => vms::suspend(admin, self.vm(), None).await.unwrap(),
            Kind::PowerOff | Kind::Discard => vms::power_off(admin, self.vm(), None).await.unwrap(),
            Kind::Remove => vms::remove(admin, self.vm(), self.kind == Kind::Remove).await.unwrap(),
            Kind::RemoveDisk => disks::remove(admin, self.disk()).await.unwrap(),
            Kind::ChangeCd => {
                vms::change_cd(admin, self.vm(), Some(&self.world.image("one.iso"))).await.unwrap()
            }
            Kind::MakeTemplate => {
                let (template, job) = templates::make(admin, self.vm(), &self.template()).await.unwrap();
                *self.template.lock().unwrap() = Some(template);
                job
            }
            Kind::MakeDisk => {
                let new = ImageDisk {
                    image: self.world.image("one.img"),
                    alias: self.name.clone(),
                    description: String::new(),
                    quota: None,
                };
                let (disk, job) = disks::from_image(admin, &new).await.unwrap();
                *self.disk.lock().unwrap() = Some(disk);
                job
            }
            Kind::AddDisk => {
                let (_, job) = vms::add_disk(admin, self.vm(), &self.world.new_disk("more")).await.unwrap();
                job
            }
            Kind::AttachDisk => {
                vms::attach_disk(admin, self.vm(), &attach(self.disk())).await.unwrap().expect("it runs")
            }
            Kind::DetachDisk | Kind::TakeOutDisk => {
                let asked = model::vm_disk::DetachDisk {
                    disk: self.own_disk().await,
                    remove: kind == Kind::TakeOutDisk,
                };
                vms::detach_disk(admin, self.vm(), &asked).await.unwrap().expect("it runs")
            }
            Kind::ExtendDisk => {
                let id = self.own_disk().await;
                let disk = disks::get(admin, id).await.unwrap();
                let edit = extend(&disk, GIB, true);
                disks::edit(admin, id, &edit).await.unwrap().expect("it grows")
            }
            Kind::AddNic => {
                let (_, job) = vms::add_nic(admin, self.vm(), &self.world.new_nic("nic2")).await.unwrap();
                job.expect("it runs")
            }
            Kind::EditNic => {
                let nic = self.own_nic().await;
                let new = NicConfig { linked: false, ..self.world.new_nic("lan") };
                vms::edit_nic(admin, self.vm(), nic, &new).await.unwrap().expect("it runs")
            }
            Kind::RemoveNic => {
                vms::remove_nic(admin, self.vm(), self.own_nic().await).await.unwrap().expect("it runs")
            }
        }
    }

    async fn own_disk(&self) -> DiskId {
        vms::get(&self.world.admin, self.vm()).await.unwrap().disks[0].id
    }

    async fn own_nic(&self) -> NicId {
        vms::get(&self.world.admin, self.vm()).await.unwrap().nics[0].id
    }

    /// Of a VM that is up: so many disks and NICs in its rows and in the guest, and all of them whole.
    async fn has(&self, disks: usize, nics: usize) -> Result<(), String> {
        let vm = vms::get(&self.world.admin, self.vm()).await.map_err(|fault| fault.to_string())?;
        let rows = (vm.disks.len(), vm.nics.len());
        let host = vm.row.host.clone().ok_or("it runs nowhere")?.0;
        let domain = self.world.estate.domains(host).into_iter().find(|d| d.spec.vm == self.vm());
        let spec = domain.ok_or("the host does not know it")?.spec;
        let guest = (spec.disks.len(), spec.nics.len());
        if rows != (disks, nics) || guest != (disks, nics) {
            return Err(format!("{rows:?} in its rows and {guest:?} in the guest, not {:?}", (disks, nics)));
        }
        if vm.disks.iter().any(|disk| disk.status != DiskStatus::Ok) {
            return Err(format!("{:?}", vm.disks));
        }
        self.stands(VmStatus::Up, VmIntent::Up, 1).await
    }

    /// The NIC in the rows and in the guest.
    async fn cable(&self, name: &str, linked: bool) -> Result<(), String> {
        let vm = vms::get(&self.world.admin, self.vm()).await.map_err(|fault| fault.to_string())?;
        let row = (vm.nics[0].name.as_str(), vm.nics[0].linked);
        let host = vm.row.host.clone().ok_or("it runs nowhere")?.0;
        let domain = self.world.estate.domains(host).into_iter().find(|d| d.spec.vm == self.vm());
        let guest = domain.ok_or("the host does not know it")?.spec.nics[0].linked;
        match row == (name, linked) && guest == linked {
            true => self.has(1, 1).await,
            false => Err(format!("{row:?}, and in the guest {guest}")),
        }
    }

    /// How large its disk is, in its row and on the storage.
    async fn size(&self) -> Result<(u64, u64), String> {
        self.has(1, 1).await?;
        let disk = vms::get(&self.world.admin, self.vm()).await.unwrap().disks[0].clone();
        let volumes = self.world.estate.volumes(&self.world.pool());
        let volume = volumes.iter().find(|v| v.name.starts_with(&disk.id.to_string()));
        Ok((disk.virtual_size, volume.ok_or("it has no volume")?.capacity))
    }

    fn template(&self) -> model::template::MakeTemplate {
        model::template::MakeTemplate {
            name: format!("t{}", self.world.ids.uuid().as_u128()),
            description: String::new(),
            comment: String::new(),
            storage_domain: None,
            quota: None,
            all_users: false,
        }
    }

    /// The status of the template that was asked for; none when it is gone.
    async fn template_stands(&self, status: Option<TemplateStatus>) -> Result<(), String> {
        let id = self.template.lock().unwrap().expect("it was asked for");
        let mut c = self.world.app.conn().await.unwrap();
        let found = store::templates::get(&mut c, id).await.unwrap();
        if found.as_ref().map(|template| template.status) != status {
            return Err(format!("the template is {found:?}"));
        }
        drop(c);
        self.stands(VmStatus::Down, VmIntent::Down, 0).await
    }

    /// Of a VM that is there: suspended, without a host, and with a volume that holds its memory.
    async fn suspended(&self) -> Result<(), String> {
        let vm = self.world.find_vm(self.vm()).await.ok_or("the VM is gone")?;
        let there = (vm.row.status, vm.row.intended, self.world.estate.running_on(vm.row.id).len());
        if there != (VmStatus::Suspended, VmIntent::Down, 0) || vm.row.host.is_some() {
            return Err(format!("{there:?} on {:?}", vm.row.host));
        }
        if vm.memory_disk.is_none() || vm.running.is_none() {
            return Err("its memory is nowhere".into());
        }
        self.tidy().await
    }

    async fn made(&self, kind: Kind) {
        let job = self.ask(kind).await;
        Bench::new(self).run(self.as_flow(kind), job, JobStatus::Finished, "the state before").await;
    }

    /// Of a VM that is there: status, what was asked for last, and on how many hosts it runs.
    async fn stands(&self, status: VmStatus, intended: VmIntent, runs: usize) -> Result<(), String> {
        let vm = self.world.find_vm(self.vm()).await.ok_or("the VM is gone")?;
        let there = (vm.row.status, vm.row.intended, self.world.estate.running_on(vm.row.id).len());
        if there != (status, intended, runs) {
            return Err(format!("{there:?} instead of {:?}", (status, intended, runs)));
        }
        if vm.row.host.is_some() != (runs > 0) || vm.running.is_some() != (runs > 0) {
            return Err(format!("booked on {:?} with a run: {:?}", vm.row.host, vm.running));
        }
        self.tidy().await
    }

    fn disk(&self) -> DiskId {
        self.disk.lock().unwrap().expect("it was left behind")
    }

    /// The disk's status; none when it is gone.
    async fn disk_stands(&self, status: Option<DiskStatus>) -> Result<(), String> {
        let mut c = self.world.app.conn().await.unwrap();
        let disk = store::disks::get(&mut c, self.disk()).await.unwrap().map(|disk| disk.status);
        if disk != status {
            return Err(format!("the disk is {disk:?}"));
        }
        self.tidy().await
    }

    async fn gone(&self) -> Result<(), String> {
        if self.world.find_vm(self.vm()).await.is_some() {
            return Err("the VM is still there".into());
        }
        self.tidy().await
    }

    async fn tidy(&self) -> Result<(), String> {
        let litter = self.world.litter().await;
        if litter.is_empty() { Ok(()) } else { Err(litter.join(", ")) }
    }
}

#[async_trait]
impl jobs::testing::World for One {
    fn pool(&self) -> PgPool {
        self.world.app.pool.clone()
    }

    fn flow(&self) -> Arc<dyn Flow> {
        self.as_flow(self.kind)
    }

    fn clock(&self) -> ManualClock {
        self.world.clock.clone()
    }

    fn ids(&self) -> Arc<dyn Ids> {
        self.world.ids.clone()
    }

    async fn enqueue(&self) -> JobId {
        self.ask(self.kind).await
    }

    async fn as_asked(&self) -> Result<(), String> {
        match self.kind {
            Kind::Create => self.stands(VmStatus::Down, VmIntent::Down, 0).await,
            Kind::Start => self.stands(VmStatus::PoweringUp, VmIntent::Up, 1).await,
            Kind::Resume => self.stands(VmStatus::Up, VmIntent::Up, 1).await,
            Kind::Shutdown => {
                self.world.look().await;
                self.stands(VmStatus::Down, VmIntent::Down, 0).await
            }
            Kind::Reboot | Kind::Reset => self.stands(VmStatus::RebootInProgress, VmIntent::Up, 1).await,
            Kind::Pause => self.stands(VmStatus::Paused, VmIntent::Up, 1).await,
            Kind::PowerOff => self.stands(VmStatus::Down, VmIntent::Down, 0).await,
            Kind::Remove => self.gone().await,
            Kind::RemoveDisk => self.disk_stands(None).await,
            Kind::Clone => {
                let vm = self.world.find_vm(self.vm()).await.ok_or("the VM is gone")?;
                if vm.template.is_some() {
                    return Err("it still hangs on its template".into());
                }
                self.stands(VmStatus::Down, VmIntent::Down, 0).await
            }
            Kind::Suspend => self.suspended().await,
            Kind::Restore | Kind::ChangeCd => self.stands(VmStatus::Up, VmIntent::Up, 1).await,
            Kind::Discard => self.stands(VmStatus::Down, VmIntent::Down, 0).await,
            Kind::MakeTemplate => self.template_stands(Some(TemplateStatus::Ok)).await,
            Kind::MakeDisk => self.disk_stands(Some(DiskStatus::Ok)).await,
            Kind::AddDisk | Kind::AttachDisk => self.has(2, 1).await,
            Kind::DetachDisk | Kind::TakeOutDisk => self.has(0, 1).await,
            Kind::AddNic => self.has(1, 2).await,
            Kind::RemoveNic => self.has(1, 0).await,
            Kind::EditNic => self.cable("lan", false).await,
            Kind::ExtendDisk => match self.size().await? {
                (a, b) if a == 2 * GIB && b == a => Ok(()),
                other => Err(format!("{other:?}")),
            },
        }
    }

    async fn as_before(&self) -> Result<(), String> {
        match self.kind {
            Kind::Create | Kind::Clone => self.gone().await,
            Kind::Suspend => self.stands(VmStatus::Up, VmIntent::Up, 1).await,
            Kind::Restore | Kind::Discard => self.suspended().await,
            Kind::MakeTemplate => self.template_stands(None).await,
            Kind::MakeDisk => self.disk_stands(None).await,
            Kind::EditNic => self.cable("nic1", true).await,
            // What has grown stays so, and is counted as it is.
            Kind::ExtendDisk => match self.size().await? {
                (a, b) if a == b => Ok(()),
                other => Err(format!("{other:?}")),
            },
            Kind::AddDisk
            | Kind::AttachDisk
            | Kind::DetachDisk
            | Kind::TakeOutDisk
            | Kind::AddNic
            | Kind::RemoveNic => self.has(1, 1).await,
            Kind::ChangeCd => self.stands(VmStatus::Up, VmIntent::Up, 1).await,
            Kind::RemoveDisk => self.disk_stands(Some(DiskStatus::Ok)).await,
            Kind::Start | Kind::Remove => self.stands(VmStatus::Down, VmIntent::Down, 0).await,
            // They cannot be put back: what was asked of a guest was asked.
            Kind::Resume | Kind::Shutdown | Kind::Reboot | Kind::Reset | Kind::Pause | Kind::PowerOff => {
                Ok(())
            }
        }
    }
}

#[async_trait]
impl Worlds for Estate {
    type World = One;

    async fn fresh(&self) -> One {
        let name = format!("vm{}", self.world.ids.uuid().as_u128());
        let one = One {
            world: self.world.clone(),
            kind: self.kind,
            name,
            vm: Mutex::default(),
            disk: Mutex::default(),
            template: Mutex::default(),
        };
        if !matches!(self.kind, Kind::Create | Kind::Clone) {
            one.made(Kind::Create).await;
        }
        let running = [Kind::Resume, Kind::Shutdown, Kind::Reboot, Kind::Reset, Kind::PowerOff];
        let up = [Kind::Pause, Kind::Suspend, Kind::Restore, Kind::Discard, Kind::ChangeCd];
        let up = up.contains(&self.kind) || Kind::HARDWARE.contains(&self.kind);
        if running.contains(&self.kind) || up {
            one.made(Kind::Start).await;
        }
        if self.kind == Kind::AttachDisk {
            one.made(Kind::MakeDisk).await;
        }
        if up {
            self.world.estate.set_agent(one.vm(), Some(crate::support::guest("one")));
            self.world.look_until(one.vm(), VmStatus::Up).await;
        }
        if matches!(self.kind, Kind::Restore | Kind::Discard) {
            one.made(Kind::Suspend).await;
        }
        if self.kind == Kind::RemoveDisk {
            let disk = vms::get(&self.world.admin, one.vm()).await.unwrap().disks[0].id;
            *one.disk.lock().unwrap() = Some(disk);
            one.made(Kind::Remove).await;
        }
        if self.kind == Kind::Resume {
            self.world.estate.io_error(one.vm());
            self.world.look().await;
        }
        one
    }

    fn no_return(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Create | Kind::Clone | Kind::Start | Kind::MakeTemplate | Kind::MakeDisk => None,
            Kind::AddDisk | Kind::AttachDisk | Kind::DetachDisk => None,
            Kind::AddNic | Kind::EditNic | Kind::RemoveNic => None,
            Kind::ExtendDisk => Some("grow"),
            Kind::TakeOutDisk => Some("volumes"),
            Kind::Suspend => Some("record"),
            Kind::Restore => Some("use"),
            Kind::Discard => Some("record"),
            Kind::ChangeCd => Some("change"),
            Kind::Resume | Kind::Shutdown | Kind::Reboot | Kind::Reset | Kind::Pause => Some("ask"),
            Kind::PowerOff => Some("destroy"),
            Kind::Remove | Kind::RemoveDisk => Some("volumes"),
        }
    }
}

async fn estate(pool: PgPool, kind: Kind) -> Estate {
    let world = Arc::new(World::new(pool).await);
    for name in ["one.iso", "one.img"] {
        world.put_image(name).await;
    }
    Estate { world, kind }
}

macro_rules! generic {
    ($($module:ident $kind:ident),*) => {$(
        mod $module {
            use super::*;

            #[sqlx::test(migrator = "store::MIGRATIONS")]
            async fn runs_twice_and_unwinds(pool: PgPool) {
                let estate = estate(pool, Kind::$kind).await;
                succeeds_when_run_twice(&estate).await;
                unwinds_from_every_step(&estate).await;
            }

            #[sqlx::test(migrator = "store::MIGRATIONS")]
            async fn recovers_when_killed_at_every_step(pool: PgPool) {
                super::recovers_when_killed_at_every_step(&estate(pool, Kind::$kind).await).await;
            }

            #[sqlx::test(migrator = "store::MIGRATIONS")]
            async fn recovers_when_killed_within_every_step(pool: PgPool) {
                super::recovers_when_killed_within_every_step(&estate(pool, Kind::$kind).await).await;
            }
        }
    )*};
}

generic!(create Create, start Start, resume Resume, shutdown Shutdown, reboot Reboot, reset Reset, pause Pause, power_off PowerOff, remove Remove,
    remove_disk RemoveDisk, clone Clone, suspend Suspend, restore Restore, discard Discard, change_cd ChangeCd,
    make_template MakeTemplate, make_disk MakeDisk, add_disk AddDisk, attach_disk AttachDisk, detach_disk DetachDisk,
    take_out_disk TakeOutDisk, extend_disk ExtendDisk, add_nic AddNic, edit_nic EditNic, remove_nic RemoveNic);

/// The server dies while the storage is away; the removal is given up half-way, and goes on when asked again.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_removal_that_lost_its_storage_can_be_asked_for_again(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    world.estate.fail_after("delete_volume", host::HostError::Failed("broken".into()));
    let (status, _) = world.finish(vms::remove(&world.admin, vm, true).await.unwrap()).await;
    assert_eq!(status, JobStatus::Failed);
    assert_eq!(world.vm(vm).await.row.status, VmStatus::ImageIllegal);

    let intact = world.down("web2").await;
    world.estate.fail_next("delete_volume", host::HostError::Failed("broken".into()));
    world.finish(vms::remove(&world.admin, intact, true).await.unwrap()).await;
    assert_eq!(world.vm(intact).await.row.status, VmStatus::Down, "nothing of it was deleted");
    for vm in [vm, intact] {
        world.done(vms::remove(&world.admin, vm, true).await.unwrap()).await;
    }
    world.assert_tidy().await;
}

/// A host that is away when the way back needs it keeps the VM: nobody knows whether it runs there.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_start_that_cannot_be_taken_back_is_unknown_until_the_host_tells(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    let mut hold = world.estate.hold_next("start");
    world.start_engine().await;
    let job = vms::run(&world.admin, vm, None).await.unwrap();
    hold.reached().await;
    let (host, _) = world.vm(vm).await.row.host.unwrap();
    world.estate.disconnect(host, "cable");
    hold.release();
    assert_eq!(world.finish(job).await.0, JobStatus::Failed);
    let lost = world.vm(vm).await.row;
    assert_eq!((lost.status, lost.host.map(|h| h.0)), (VmStatus::Unknown, Some(host)));
    assert_eq!(crate::support::said(vms::run(&world.admin, vm, None).await), "refusal-vm-status");
    world.look().await;
    world.look().await;
    world.estate.reconnect(host);
    world.look_until(vm, VmStatus::Down).await;
    world.look().await;
    world.assert_tidy().await;
}
