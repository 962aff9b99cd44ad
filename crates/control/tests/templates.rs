//! Templates: imported through a host, removed with their volume, and finished when somebody died half-way.

use control::templates;
use host::HostError;
use model::event::EventKind;
use model::list::ListQuery;
use model::template::TemplateStatus;
use sqlx::PgPool;

use crate::support::*;

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_templates_life(pool: PgPool) {
    let world = World::new(pool).await;
    let row = templates::get(&world.admin, world.template).await.unwrap();
    assert_eq!((row.status, row.disk_size), (TemplateStatus::Ok, 1 << 30), "the size is the image's own");
    assert_eq!(said(world.import(&world.admin, "tiny").await), "name: refusal-name-taken");
    let vm = world.down("web1").await;
    assert!(reasons(templates::remove(&world.admin, world.template).await)[0].contains("web1"));

    // A disk that outlives its VM still reads from the template's.
    world.done(control::vms::remove(&world.admin, vm, false).await.unwrap()).await;
    assert!(reasons(templates::remove(&world.admin, world.template).await)[0].contains("web1_Disk1"));

    let other = world.import(&world.admin, "other").await.unwrap();
    templates::remove(&world.admin, other).await.unwrap();
    assert_eq!(said(templates::remove(&world.admin, other).await), "no template");
    assert_eq!(world.events(EventKind::TemplateRemoved).await.len(), 1);
    world.assert_tidy().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_import_that_fails_leaves_nothing(pool: PgPool) {
    let world = World::new(pool).await;
    for call in ["open_pool", "create_volume", "upload", "volume"] {
        world.estate.fail_next(call, HostError::NoSpace("no space left".into()));
        assert_eq!(said(world.import(&world.admin, "other").await), "host-reason-unreachable", "{call}");
        world.assert_tidy().await;
    }
    let short = templates::Import { length: 33, ..world.template("short") };
    assert_eq!(said(templates::import(&world.admin, &short, image()).await), "host-reason-unreachable");
    assert_eq!(templates::list(&world.admin, &ListQuery::default()).await.unwrap().total, 1);
    assert_eq!(world.events(EventKind::TemplateFailed).await.len(), 5);
    world.assert_tidy().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn every_field_of_an_import_is_checked(pool: PgPool) {
    let world = World::new(pool).await;
    let elsewhere = control::data_centers::create(&world.admin, &data_center("branch")).await.unwrap();
    type Change = fn(&mut templates::Import);
    let cases: [(&str, Change); 6] = [
        ("name: field-title-characters", |i| i.name = "a/b".into()),
        ("description: field-control-characters", |i| i.description = "\0".into()),
        ("memory: field-between-sizes", |i| i.memory = 0),
        ("vcpus: field-between", |i| i.vcpus = 0),
        ("vcpus: field-between", |i| i.vcpus = u32::MAX),
        ("storage_domain: field-unknown-reference", |i| i.storage_domain = uuid::Uuid::max().into()),
    ];
    for (told, change) in cases {
        let mut import = world.template("other");
        change(&mut import);
        assert_eq!(said(templates::import(&world.admin, &import, image()).await), told);
    }
    let import = templates::Import { data_center: elsewhere, ..world.template("other") };
    let told = said(templates::import(&world.admin, &import, image()).await);
    assert_eq!(told, "storage_domain: refusal-other-data-center");
    world.assert_tidy().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_import_that_was_broken_off_is_swept_up_and_one_under_way_is_not(pool: PgPool) {
    let world = World::new(pool).await;
    let mut hold = world.estate.hold_next("upload");
    let wanted = world.template("other");
    let mut import = Box::pin(templates::import(&world.admin, &wanted, image()));
    tokio::select! {
        () = hold.reached() => {}
        _ = &mut import => panic!("the upload is held"),
    }
    templates::sweep(&world.app).await.unwrap();
    assert_eq!(world.count("SELECT count(*) FROM templates").await, 2, "somebody is at work on it");
    let locked = templates::list(&world.admin, &ListQuery::default()).await.unwrap().rows;
    let locked = locked.iter().find(|row| row.status == TemplateStatus::Locked).unwrap();
    let vm = model::vm_request::NewVm { template: Some(locked.id), ..world.new_vm("web1") };
    assert_eq!(said(control::vms::create(&world.admin, &vm).await), "template: refusal-template-not-ready");

    // The browser goes away in the middle.
    drop(import);
    hold.release();
    jobs::testing::eventually("the rest is swept up", || async {
        templates::sweep(&world.app).await.unwrap();
        (world.count("SELECT count(*) FROM templates").await == 1).then_some(())
    })
    .await;
    world.assert_tidy().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_removal_that_fails_tells_whether_the_template_is_whole(pool: PgPool) {
    let world = World::new(pool).await;
    let status = async || templates::get(&world.admin, world.template).await.unwrap().status;
    world.estate.fail_next("delete_volume", HostError::Failed("busy".into()));
    assert_eq!(said(templates::remove(&world.admin, world.template).await), "host-reason-unreachable");
    assert_eq!(status().await, TemplateStatus::Ok);
    world.estate.fail_after("delete_volume", HostError::Timeout { seconds: 10 });
    assert_eq!(said(templates::remove(&world.admin, world.template).await), "host-reason-timeout");
    assert_eq!(status().await, TemplateStatus::Illegal);
    templates::remove(&world.admin, world.template).await.unwrap();
    world.assert_tidy().await;
}
