//! A `drover serve` of its own on the lab, with a database of its own and the lab's certificates, driven
//! through the same operations as the portal, and the means to look behind its back.

use std::collections::HashSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use control::{App, Ctx};
use model::vm::VmStatus;
use model::vm_request::{NewVm, VmConfig};
use model::{JobId, TemplateId, VmId};
use server::config::{SettingArgs, Settings};
use server::postgres::{Config, Database, Role};

/// A value of the lab's environment.
pub fn lab(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run these tests through `make test`"))
}

pub struct Drover {
    dir: tempfile::TempDir,
    port: u16,
    child: Option<Process>,
    pub app: App,
    database: Option<Database>,
    /// Every VM that was asked for, removed ones included: the hosts run other tests' VMs as well.
    made: Mutex<HashSet<VmId>>,
}

impl Drover {
    /// A fresh server with the lab's estate, all hosts up. `slot` picks one of the lab's ports.
    pub async fn new(slot: u16) -> Drover {
        let dir = tempfile::tempdir_in("/var/lib").unwrap();
        let data = dir.path().join("data");
        std::fs::create_dir(&data).unwrap();
        let pki = PathBuf::from(lab("LAB_DATA")).join("pki");
        assert!(Command::new("cp").arg("-a").args([&pki, &data]).status().unwrap().success());
        let port = lab("LAB_PORT").parse::<u16>().unwrap() + slot;
        let child = Some(spawn(&data, port, None));
        wait_healthy(port).await;
        apply(&data, &directory(&dir));
        let database = Database::start(&Config { data: data.clone(), role: Role::Command }).await.unwrap();
        let settings = Settings::load(&SettingArgs {
            data: Some(data),
            lab_allow_tcp: Some(true),
            ..SettingArgs::default()
        })
        .unwrap();
        let app = server::engine::open(&settings, database.url()).await.unwrap();
        let drover = Drover { dir, port, child, app, database: Some(database), made: Mutex::default() };
        drover
            .until("all hosts are up", || async {
                let hosts = store::hosts::all(&mut drover.app.conn().await.unwrap()).await.unwrap();
                hosts.len() == 3 && hosts.iter().all(|h| h.row.status == model::host::HostStatus::Up)
            })
            .await;
        drover
    }

    pub fn ctx(&self) -> Ctx {
        Ctx::system(&self.app, "test")
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// Ends the server in good order and starts it again, to kill itself at `crash` if given.
    pub async fn restart(&mut self, crash: Option<&str>) {
        drop(self.child.take());
        // Its PostgreSQL ended with it, and a connection used within the second is not asked whether it lives.
        while let Some(idle) = self.app.pool.try_acquire() {
            drop(idle.detach());
        }
        self.start(crash).await;
    }

    pub async fn start(&mut self, crash: Option<&str>) {
        self.child = Some(spawn(&self.data(), self.port, crash));
        wait_healthy(self.port).await;
    }

    /// SIGKILL, now.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.0.kill().unwrap();
            child.0.wait().unwrap();
        }
    }

    /// Waits for the server to have killed itself.
    pub async fn died(&mut self) {
        let mut child = self.child.take().unwrap();
        let ended = tokio::task::spawn_blocking(move || child.0.wait().unwrap());
        let status = tokio::time::timeout(Duration::from_secs(60), ended)
            .await
            .expect("the server did not die")
            .unwrap();
        use std::os::unix::process::ExitStatusExt;
        assert_eq!(status.signal(), Some(9), "it did not die by SIGKILL");
    }

    /// Polls until it is so; the deadline is generous because the machine may be busy.
    pub async fn until<F: Future<Output = bool>>(&self, what: &str, so: impl Fn() -> F) {
        let end = Instant::now() + Duration::from_secs(120);
        while !so().await {
            assert!(Instant::now() < end, "it never came true that {what}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub async fn template(&self) -> TemplateId {
        let mut c = self.app.conn().await.unwrap();
        let data_center = store::data_centers::by_name(&mut c, "Default").await.unwrap().unwrap();
        store::templates::by_name(&mut c, data_center, "Tiny Linux").await.unwrap().unwrap()
    }

    /// Asks for a VM from Tiny Linux with a NIC.
    pub async fn create(&self, name: &str) -> (VmId, JobId) {
        let mut c = self.app.conn().await.unwrap();
        let cluster = store::clusters::by_name(&mut c, "Lab").await.unwrap().unwrap();
        let data_center = store::data_centers::by_name(&mut c, "Default").await.unwrap().unwrap();
        let network = store::networks::by_name(&mut c, data_center, "mgmt").await.unwrap();
        drop(c);
        let config = VmConfig {
            name: name.to_owned(),
            description: String::new(),
            comment: String::new(),
            memory: 256 << 20,
            sockets: 1,
            cores: 1,
            threads: 1,
            cpu_model: None,
            options: model::vm_options::VmOptions::default(),
        };
        let template = Some(self.template().await);
        let (disk, image, clone) = (None, None, false);
        let new = NewVm {
            cluster,
            template,
            config,
            storage_domain: None,
            disk,
            image,
            clone,
            network,
            start: false,
        };
        let (vm, job) = control::vms::create(&self.ctx(), &new).await.unwrap();
        self.made.lock().unwrap().insert(vm);
        (vm, job)
    }

    pub async fn status(&self, vm: VmId) -> Option<VmStatus> {
        store::vms::get(&mut self.app.conn().await.unwrap(), vm).await.unwrap().map(|vm| vm.row.status)
    }

    pub async fn until_status(&self, vm: VmId, status: VmStatus) {
        self.until(&format!("the VM is {status:?}"), || async { self.status(vm).await == Some(status) })
            .await;
    }

    pub async fn until_ended(&self, job: JobId) {
        let viewer = self.ctx().viewer();
        self.until("the job has ended", || async {
            let job = store::jobs::get(&mut self.app.conn().await.unwrap(), viewer, job).await.unwrap();
            job.is_none_or(|job| job.status.ended())
        })
        .await;
    }

    /// Nothing is left that nobody knows: of our VMs each host runs, and defines, what the database says is
    /// there, the storage holds the volumes of the known disks, and nothing is locked.
    pub async fn assert_no_orphans(&self) {
        let mut c = self.app.conn().await.unwrap();
        let hosts = store::hosts::all(&mut c).await.unwrap();
        for host in &hosts {
            let known: Vec<VmId> =
                store::vms::of_host(&mut c, host.row.id).await.unwrap().iter().map(|vm| vm.id).collect();
            let driver = self.app.hosts.driver(host.row.id).await.unwrap();
            let known: HashSet<VmId> = known.into_iter().collect();
            self.until("the host has what is known of it", || async {
                let there = driver.report().await.unwrap().domains;
                let ours = self.made.lock().unwrap();
                let there: HashSet<VmId> =
                    there.iter().map(|d| d.vm).filter(|vm| ours.contains(vm)).collect();
                there == known
            })
            .await;
        }
        let domain = store::storage_domains::by_name(&mut c, "data").await.unwrap().unwrap();
        let row = store::storage_domains::LIST.one(&mut c, domain.0).await.unwrap().unwrap();
        let pool = host::PoolRef { pool: domain.to_string(), path: row.config.path };
        let driver = self.app.hosts.driver(hosts[0].row.id).await.unwrap();
        driver.open_pool(&pool).await.unwrap();
        let mut there: Vec<String> =
            driver.volumes(&pool).await.unwrap().into_iter().map(|v| v.name).collect();
        there.retain(|name| name != "leases" && name != "lost+found");
        let mut known: Vec<String> = store::disks::volumes(&mut c, domain)
            .await
            .unwrap()
            .into_iter()
            .map(|(_, volume)| volume)
            .collect();
        there.sort();
        known.sort();
        assert_eq!(there, known, "volumes");
        let locks = store::jobs::locked(&mut c).await.unwrap();
        assert!(locks.is_empty(), "locks are left: {locks:?}");
    }

    /// Takes everything down, the lab's storage included.
    pub async fn end(mut self) {
        for vm in store::vms::with_host(&mut self.app.conn().await.unwrap()).await.unwrap() {
            let job = control::vms::power_off(&self.ctx(), vm.row.id, None).await.unwrap();
            self.until_ended(job).await;
        }
        self.app.hosts.close_all().await;
        self.app.pool.close().await;
        if let Some(database) = self.database.take() {
            database.stop().await.unwrap();
        }
        drop(self.child.take());
    }
}

/// A server process that never outlives its test: it is told to stop, so that it takes its database along.
struct Process(Child);

impl Process {
    fn stop(&mut self) {
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if matches!(self.0.try_wait(), Ok(None)) {
            self.stop();
        }
    }
}

fn spawn(data: &Path, port: u16, crash: Option<&str>) -> Process {
    let mut command = Command::new(env!("CARGO_BIN_EXE_drover"));
    command
        .args(["serve", "--http", "--lab-allow-tcp", "--listen", &format!("127.0.0.1:{port}"), "--data"])
        .arg(data);
    command
        .env_remove("DATABASE_URL")
        .env_remove("DROVER_CRASH_AT")
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    if let Some(place) = crash {
        command.env("DROVER_CRASH_AT", place);
    }
    Process(command.spawn().unwrap())
}

/// A directory of its own on the hosts' shared storage: a libvirt has one pool for one path.
fn directory(dir: &tempfile::TempDir) -> String {
    let name = dir.path().file_name().unwrap().to_string_lossy().trim_start_matches('.').to_owned();
    let path = format!("{}/{name}", lab("LAB_DATA_PATH"));
    on_host("kvm1", &format!("exec mkdir -p {path}"));
    path
}

/// `lab host N …`, and what it printed.
pub fn on_host(host: &str, what: &str) -> String {
    let n = host.trim_start_matches("kvm");
    let script = format!("{} host {} {n} {what}", lab("LAB_COMMAND"), lab("LAB_DIR"));
    let done = Command::new("bash").args(["-c", &script]).output().unwrap();
    assert!(done.status.success(), "{script}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).into_owned()
}

fn apply(data: &Path, storage: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let script = format!(
        "{}/end2end/lab/estate.sh | {} admin apply --lab-allow-tcp --data {} -",
        root.display(),
        env!("CARGO_BIN_EXE_drover"),
        data.display()
    );
    let mut command = Command::new("bash");
    command.args(["-c", &script]).env("LAB_DATA_PATH", storage).env_remove("DATABASE_URL");
    assert!(command.status().unwrap().success(), "the estate could not be applied");
}

async fn wait_healthy(port: u16) {
    let end = Instant::now() + Duration::from_secs(60);
    while !healthy(port) {
        assert!(Instant::now() < end, "the server does not answer");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn healthy(port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { return false };
    let mut answer = String::new();
    let asked =
        stream.write_all(b"GET /healthz HTTP/1.0\r\n\r\n").and_then(|()| stream.read_to_string(&mut answer));
    asked.is_ok() && answer.contains(" 200 ")
}
