//! P1: how long it takes from asking Drover to start a VM to the status that first shows it running, beside
//! `virsh start` of the same definition on the same host, in turn. Prints the JSON line of `make bench`. Needs a
//! server that runs on the lab's data directory, seeded, and the lab's environment.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use control::{App, Ctx, vms};
use model::vm::VmStatus;
use model::vm_request::{NewVm, VmConfig};
use model::{JobId, VmId};
use server::config::{SettingArgs, Settings};
use server::postgres::{Config, Database, Role};

const ROUNDS: usize = 9;

/// Where the twin's id goes.
const TWIN: &str = "@twin@";

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let data = PathBuf::from(std::env::var("LAB_DATA")?);
    let settings = Settings::load(&SettingArgs {
        data: Some(data.clone()),
        lab_allow_tcp: Some(true),
        ..SettingArgs::default()
    })?;
    let database = Database::start(&Config { data, role: Role::Command }).await?;
    let app = server::engine::open(&settings, database.url()).await?;
    let ctx = Ctx::system(&app, "bench");
    let vm = create(&ctx).await?;
    let (mut ours, mut virsh, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let (a, host, xml) = with_drover(&ctx, vm).await?;
        let b = with_virsh(&host, ctx.app.ids.uuid(), &twin(&xml, vm))?;
        // The first pair warms both up.
        if round > 0 {
            ours.push(a);
            virsh.push(b);
            ratios.push(a / b);
        }
    }
    let job = vms::remove(&ctx, vm, true).await?;
    ended(&app, &ctx, job).await?;
    let (a, b, ratio) = (median(ours), median(virsh), median(ratios));
    println!(
        "{}",
        serde_json::json!({
            "id": "P1", "what": format!("start a VM, median ratio of {ROUNDS} pairs ({:.0} ms beside {:.0} ms)", a * 1e3, b * 1e3),
            "value": (ratio * 1000.0).round() / 1000.0, "unit": "×", "compared": "virsh start", "bar": "<= 1.15 ×",
            "met": ratio <= 1.15,
        })
    );
    app.hosts.close_all().await;
    app.pool.close().await;
    database.stop().await?;
    Ok(())
}

async fn create(ctx: &Ctx) -> Result<VmId, Failure> {
    let mut c = ctx.app.conn().await?;
    let cluster = store::clusters::by_name(&mut c, "Lab").await?.ok_or("the estate has no cluster Lab")?;
    let data_center = store::data_centers::by_name(&mut c, "Default").await?.ok_or("no data center")?;
    let template = store::templates::by_name(&mut c, data_center, "Tiny Linux").await?;
    let network = store::networks::by_name(&mut c, data_center, "mgmt").await?;
    drop(c);
    let config = VmConfig {
        name: "bench-start".to_owned(),
        description: String::new(),
        comment: String::new(),
        memory: 256 << 20,
        sockets: 1,
        cores: 1,
        threads: 1,
        cpu_model: None,
        options: model::vm_options::VmOptions::default(),
    };
    let (disk, image, clone) = (None, None, false);
    let new =
        NewVm { cluster, template, config, storage_domain: None, disk, image, clone, network, start: false };
    let (vm, job) = vms::create(ctx, &new).await?;
    ended(&ctx.app, ctx, job).await?;
    Ok(vm)
}

/// Seconds until the status shows it running; where, and with which definition.
async fn with_drover(ctx: &Ctx, vm: VmId) -> Result<(f64, String, String), Failure> {
    let begun = Instant::now();
    let job = vms::run(ctx, vm, None).await?;
    let host = loop {
        let now = store::vms::get(&mut *ctx.app.conn().await?, vm).await?.ok_or("the VM is gone")?;
        if matches!(now.row.status, VmStatus::PoweringUp | VmStatus::Up) {
            break now.row.host.ok_or("it runs nowhere")?.1;
        }
        if begun.elapsed() > Duration::from_secs(60) {
            return Err(format!("it does not start: {:?}", now.row.status_reason).into());
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    };
    let took = begun.elapsed().as_secs_f64();
    let xml = on_host(&host, &format!("virsh dumpxml --security-info --inactive drover-{vm}"))?;
    ended(&ctx.app, ctx, job).await?;
    let job = vms::power_off(ctx, vm, None).await?;
    ended(&ctx.app, ctx, job).await?;
    Ok((took, host, xml))
}

/// The same machine as one that is not Drover's, which the server would otherwise look after.
fn twin(xml: &str, vm: VmId) -> String {
    let (before, rest) = xml.split_once("<metadata>").unwrap_or((xml, ""));
    let after = rest.split_once("</metadata>").map_or("", |(_, after)| after);
    format!("{before}{after}").replace(&vm.to_string(), TWIN)
}

/// Seconds that `virsh start` takes on the host itself.
fn with_virsh(host: &str, id: uuid::Uuid, xml: &str) -> Result<f64, Failure> {
    let file = tempfile::NamedTempFile::new()?;
    std::fs::write(file.path(), xml.replace(TWIN, &id.to_string()))?;
    let name = format!("drover-{id}");
    on_host(host, &format!("virsh -q define {}", file.path().display()))?;
    let timed = format!(
        "exec bash -c 's=$EPOCHREALTIME; virsh -q start {name} >/dev/null; e=$EPOCHREALTIME; echo $s $e'"
    );
    let times = on_host(host, &timed)?;
    on_host(host, &format!("virsh -q destroy {name}"))?;
    on_host(host, &format!("virsh -q undefine {name}"))?;
    let seconds: Vec<f64> = times.split_whitespace().filter_map(|t| t.parse().ok()).collect();
    match seconds[..] {
        [s, e] => Ok(e - s),
        _ => Err(format!("virsh said {times:?}").into()),
    }
}

fn on_host(host: &str, what: &str) -> Result<String, Failure> {
    let n = host.trim_start_matches("kvm");
    let script = format!("{} host {} {n} {what}", std::env::var("LAB_COMMAND")?, std::env::var("LAB_DIR")?);
    let done = Command::new("bash").args(["-c", &script]).output()?;
    match done.status.success() {
        true => Ok(String::from_utf8(done.stdout)?),
        false => Err(format!("{script}: {}", String::from_utf8_lossy(&done.stderr)).into()),
    }
}

async fn ended(app: &App, ctx: &Ctx, job: JobId) -> Result<(), Failure> {
    for _ in 0..12_000 {
        let row = store::jobs::get(&mut *app.conn().await?, ctx.viewer(), job).await?;
        match row {
            Some(row) if row.status == model::job::JobStatus::Finished => return Ok(()),
            Some(row) if row.status.ended() => return Err(format!("{}: {:?}", row.title, row.error).into()),
            _ => tokio::time::sleep(Duration::from_millis(5)).await,
        }
    }
    Err("a job does not end".into())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
