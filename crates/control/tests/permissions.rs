//! Who may what: every operation as the owner of one VM, on what is theirs and on what is not, as somebody who
//! sees a data center but has only a user's role there, as an administrator on ids that are nowhere, and before
//! the first password was changed. The answers are the checked-in `operations.txt`; an operation that is missing
//! there fails the test, and so does an answer that changed. `UPDATE_OPERATIONS=1` writes the file anew.

pub mod matrix;

use std::collections::BTreeSet;
use std::fmt::Write;

use control::{Ctx, Outcome};
use model::{Fault, JobId};
use sqlx::PgPool;

use crate::support::*;
use matrix::{OPERATIONS, Targets};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/operations.txt");

/// In one word; whatever follows once somebody may is other tests' business.
fn word(outcome: Outcome<()>) -> &'static str {
    match outcome {
        Err(Fault::NotFound { .. }) => "404",
        Err(Fault::Forbidden(_)) => "403",
        Err(Fault::Invalid(errors)) if errors.0.iter().any(|(_, e)| e.key == "field-unknown-reference") => {
            "422"
        }
        Err(Fault::Internal { .. }) => "500",
        _ => "may",
    }
}

async fn column(world: &World, ctx: &Ctx, targets: &Targets) -> Vec<&'static str> {
    let mut words = Vec::new();
    for (_, run) in OPERATIONS {
        words.push(word(run(world, ctx, targets).await));
    }
    words
}

async fn quota_of(world: &World, data_center: model::DataCenterId) -> model::QuotaId {
    let new = model::quota::NewQuota { data_center, config: crate::quotas::quota("dev") };
    control::quotas::create(&world.admin, &new).await.unwrap()
}

/// What a VM's owner has, and what somebody else has in the same cluster and in another data center.
async fn targets(world: &World) -> (Targets, Targets) {
    let (own, job) = control::vms::create(&world.admin, &world.new_vm("own")).await.unwrap();
    world.done(job).await;
    let (other, other_job) = control::vms::create(&world.admin, &world.new_vm("other")).await.unwrap();
    world.done(other_job).await;
    let disk = |vm| control::vms::get(&world.admin, vm);
    let here = Targets {
        data_center: world.data_center,
        cluster: world.cluster,
        network: world.network,
        quota: quota_of(world, world.data_center).await,
        storage: world.storage,
        host: world.hosts[0],
        template: world.template,
        vm: own,
        disk: disk(own).await.unwrap().disks[0].id,
        job,
        tag: control::tags::create(&world.admin, &crate::tags::tag("own", None)).await.unwrap(),
        directory: control::directories::create(&world.admin, &crate::directories::config("own"), None)
            .await
            .unwrap(),
        bookmark: control::bookmarks::create(&world.admin, &crate::bookmarks::bookmark("own", true))
            .await
            .unwrap(),
        role: control::roles::create(&world.admin, &crate::roles::role("own", &[22])).await.unwrap(),
    };
    let data_center = control::data_centers::create(&world.admin, &data_center("branch")).await.unwrap();
    let there = Targets {
        data_center,
        cluster: control::clusters::create(&world.admin, &cluster("far", data_center)).await.unwrap(),
        network: control::networks::create(&world.admin, &network("far", data_center)).await.unwrap(),
        quota: quota_of(world, data_center).await,
        vm: other,
        disk: disk(other).await.unwrap().disks[0].id,
        job: other_job,
        ..here
    };
    (here, there)
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn every_operation_knows_who_may(pool: PgPool) {
    let world = World::new(pool).await;
    let (here, there) = targets(&world).await;
    world.stop_engine().await;
    let owner = world.owner_of("owner", &[here.vm.0]).await;
    let manager = world.owner_of("manager", &[world.data_center.0]).await;
    let newcomer = world.newcomer("newcomer").await;
    let nowhere = Targets::nowhere(&world);
    let columns = [
        column(&world, &newcomer, &here).await,
        column(&world, &world.admin, &nowhere).await,
        column(&world, &owner, &there).await,
        column(&world, &manager, &Targets { vm: there.vm, ..here }).await,
        column(&world, &owner, &here).await,
    ];
    let [newcomer, nowhere, others, manager, own] = columns;
    let mut table =
        format!("{:<30}{:<8}{:<8}{:<9}{:<9}newcomer\n", "operation", "own", "others", "manager", "nowhere");
    for (n, (name, _)) in OPERATIONS.iter().enumerate() {
        let (own, others, manager) = (own[n], others[n], manager[n]);
        writeln!(table, "{name:<30}{own:<8}{others:<8}{manager:<9}{:<9}{}", nowhere[n], newcomer[n]).unwrap();
    }
    assert!(!table.contains("500"), "{table}");
    if std::env::var_os("UPDATE_OPERATIONS").is_some() {
        std::fs::write(FILE, &table).unwrap();
    }
    assert_eq!(table, std::fs::read_to_string(FILE).unwrap());
}

/// What there is to ask for: every public function whose first parameter is who asks.
fn operations() -> BTreeSet<String> {
    let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = BTreeSet::new();
    let mut folders = vec![(source, String::new())];
    while let Some((folder, module)) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
            // A folder's files are its module's.
            let module = if module.is_empty() { stem } else { module.clone() };
            if path.is_dir() {
                folders.push((path, module));
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap().replace("(\n    ctx:", "(ctx:");
            for line in text.lines().filter(|line| line.contains("(ctx: &Ctx")) {
                if let Some((name, _)) = line.strip_prefix("pub async fn ").and_then(|l| l.split_once('(')) {
                    found.insert(format!("{module}::{name}"));
                }
            }
        }
    }
    found
}

#[test]
fn no_operation_is_without_a_may_not() {
    let there = operations();
    assert!(there.len() > 40, "the operations are found: {there:?}");
    let tried: BTreeSet<String> = OPERATIONS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(there, tried, "each operation of the application has its line in tests/permissions/matrix.rs");
    let table = std::fs::read_to_string(FILE).unwrap();
    for line in table.lines().skip(1) {
        // Lists show what is one's own, and one's own account is one's own; that a console was left is told after
        // the right to it was lost, too. Everything else says no to somebody.
        let open = [
            "list",
            "running",
            "newest",
            "children",
            "overview",
            "sign_out",
            "change_password",
            "may_hear",
            "console_told",
            "columns",
            "usable",
            "mine",
            "language",
        ];
        let name = line.split_whitespace().next().unwrap();
        let open = open.iter().any(|word| name.ends_with(word)) && name != "users::list";
        assert!(open || line.contains("403") || line.contains("404"), "{line}");
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_job_is_its_owners_to_cancel(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    world.stop_engine().await;
    let owner = world.owner_of("owner", &[vm.0]).await;
    let namesake = Ctx {
        who: control::Who { principal: "owner@internal".into(), ..other(&world, vm).await.who },
        ..owner.clone()
    };
    let job = control::vms::run(&owner, vm, None).await.unwrap();
    assert_eq!(said(control::jobs::cancel(&namesake, job).await), "refusal-not-permitted");
    control::jobs::cancel(&owner, job).await.unwrap();
    world.finish(job).await;
    assert_eq!(said(control::jobs::cancel(&owner, job).await), "refusal-job-ended");
    assert_eq!(said(control::jobs::cancel(&owner, JobId(uuid::Uuid::max())).await), "no job");
    world.assert_tidy().await;
}

async fn other(world: &World, vm: model::VmId) -> Ctx {
    world.owner_of("other", &[vm.0]).await
}
