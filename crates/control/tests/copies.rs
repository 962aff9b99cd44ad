//! What is copied: disks out of images, templates of VMs and of images, clones; and the CD that changes while a VM
//! runs.

use control::{disks, storage_domains, templates, vms};
use model::disk::ImageDisk;
use model::event::EventKind;
use model::job::JobStatus;
use model::list::ListQuery;
use model::size::{GIB, MIB};
use model::template::{ImageTemplate, MakeTemplate, TemplateStatus};
use model::vm::VmStatus;
use model::vm_options::{BootDevice, Priority};
use model::vm_request::{EditVm, NewVm, NewVmDisk};
use sqlx::PgPool;

use crate::support::*;

fn of_vm(name: &str) -> MakeTemplate {
    MakeTemplate {
        name: name.into(),
        description: "golden".into(),
        comment: String::new(),
        storage_domain: None,
        quota: None,
        all_users: false,
    }
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_template_is_made_of_a_vm_that_is_down(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let vm = world.down("web1").await;
    let mut config = vm_config("web1");
    (config.options.ha, config.options.priority) = (true, Priority::High);
    config.options.boot = vec![BootDevice::Disk, BootDevice::Network];
    vms::edit(admin, vm, &EditVm { version: 1, config }).await.unwrap();

    let mut hold = world.estate.hold_next("copy_volume");
    let (id, job) = templates::make(admin, vm, &of_vm("golden")).await.unwrap();
    hold.reached().await;
    assert_eq!(said(vms::run(admin, vm, None).await), "refusal-busy", "its disk is being read");
    assert_eq!(said(templates::remove(admin, id).await), "refusal-template-not-ready");
    templates::sweep(&world.app).await.unwrap();
    hold.release();
    world.done(job).await;
    let made = templates::get(admin, id).await.unwrap();
    assert_eq!((made.status, made.memory, made.disk_size), (TemplateStatus::Ok, MEMORY, GIB));
    assert!(made.options.ha && made.options.boot.len() == 2 && made.description == "golden");
    let copy = world.estate.volumes(&world.pool());
    assert_eq!(
        copy.iter().filter(|v| v.backing.is_some()).count(),
        1,
        "the VM's only: a template stands alone"
    );
    assert_eq!(world.events(EventKind::TemplateAdded).await.len(), 2);
    assert_eq!(said(templates::make(admin, vm, &of_vm("golden")).await), "name: refusal-name-taken");

    let new = NewVm { template: Some(id), ..world.new_vm("web2") };
    let (second, job) = vms::create(admin, &new).await.unwrap();
    world.done(job).await;
    world.done(vms::remove(admin, vm, true).await.unwrap()).await;
    assert_eq!(said(templates::remove(admin, id).await), "refusal-in-use");
    world.done(vms::remove(admin, second, true).await.unwrap()).await;
    templates::remove(admin, id).await.unwrap();
    world.assert_tidy().await;

    world.done(vms::run(admin, world.down("web3").await, None).await.unwrap()).await;
    let up = world.powering_up("web4").await;
    assert_eq!(said(templates::make(admin, up, &of_vm("x")).await), "refusal-vm-status");
    let (bare, job) = vms::create(admin, &NewVm { template: None, ..world.new_vm("bare") }).await.unwrap();
    world.done(job).await;
    assert_eq!(said(templates::make(admin, bare, &of_vm("x")).await), "refusal-no-disk");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_clone_does_not_need_its_template_any_more(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let clone = NewVm { clone: true, ..world.new_vm("web1") };
    let blank = NewVm { template: None, ..clone.clone() };
    assert_eq!(said(vms::create(admin, &blank).await), "clone: field-clone-template");
    let (vm, job) = vms::create(admin, &clone).await.unwrap();
    assert_eq!(said(templates::remove(admin, world.template).await), "refusal-in-use", "it is being read");
    world.done(job).await;
    let made = vms::get(admin, vm).await.unwrap();
    assert_eq!((made.template, made.disks[0].virtual_size), (None, GIB));
    templates::remove(admin, world.template).await.unwrap();
    assert!(world.estate.volumes(&world.pool()).iter().all(|v| v.backing.is_none()));
    world.done(vms::run(admin, vm, None).await.unwrap()).await;
    world.assert_tidy().await;
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_clone_may_go_to_another_domain(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let other =
        storage_domains::create(admin, &storage("other", world.data_center, "/srv/other")).await.unwrap();
    world.look().await;
    world.look().await;
    let there = NewVm { storage_domain: Some(other), ..world.new_vm("web1") };
    assert_eq!(said(vms::create(admin, &there).await), "storage_domain: field-template-storage");
    let (vm, job) = vms::create(admin, &NewVm { clone: true, ..there }).await.unwrap();
    world.done(job).await;
    assert_eq!(vms::get(admin, vm).await.unwrap().disks[0].storage_domain, "other");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_image_becomes_a_disk_a_template_or_a_vm(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    world.estate.put_file(PATH, "golden.img", 64 * MIB);
    let image = world.image("golden.img");
    let early = ImageDisk {
        image: image.clone(),
        alias: "data1".into(),
        description: "of an image".into(),
        quota: None,
    };
    assert_eq!(said(disks::from_image(admin, &early).await), "image: field-image-unknown");
    storage_domains::rescan(admin, world.storage).await.unwrap();

    let new = ImageDisk {
        image: image.clone(),
        alias: "data1".into(),
        description: "of an image".into(),
        quota: None,
    };
    world.stop_engine().await;
    let (disk, job) = disks::from_image(admin, &new).await.unwrap();
    assert_eq!(said(disks::remove(admin, disk).await), "refusal-busy");
    world.done(job).await;
    let made = disks::get(admin, disk).await.unwrap();
    assert_eq!((made.virtual_size, made.attached_to.len()), (64 * MIB, 0));
    assert_eq!((made.description.as_str(), made.created_at), ("of an image", world.app.now()));
    let long = ImageDisk { description: "x".repeat(4001), ..new };
    assert_eq!(said(disks::from_image(admin, &long).await), "description: field-too-long");
    world.done(disks::remove(admin, disk).await.unwrap()).await;

    let new = ImageTemplate {
        image: image.clone(),
        name: "golden".into(),
        description: String::new(),
        comment: String::new(),
        memory: MEMORY,
        vcpus: 2,
        quota: None,
        all_users: true,
    };
    let (template, job) = templates::from_image(admin, &new).await.unwrap();
    world.done(job).await;
    assert_eq!(templates::get(admin, template).await.unwrap().vcpus, 2);
    let wrong = ImageTemplate { memory: 1, name: "a\0".into(), ..new };
    let told = said(templates::from_image(admin, &wrong).await);
    assert!(told.contains("memory: field-between-sizes") && told.contains("name: "), "{told}");

    let request = NewVm { template: None, image: Some(image.clone()), ..world.new_vm("web1") };
    let (vm, job) = vms::create(admin, &request).await.unwrap();
    world.done(job).await;
    assert_eq!(vms::get(admin, vm).await.unwrap().disks[0].virtual_size, 64 * MIB);
    world.done(vms::run(admin, vm, None).await.unwrap()).await;
    world.assert_tidy().await;

    let both = NewVm {
        disk: Some(NewVmDisk { size: GIB, allocation: model::disk::Allocation::Thin }),
        ..NewVm { config: vm_config("web2"), ..request.clone() }
    };
    assert_eq!(said(vms::create(admin, &both).await), "image: field-image-size");
    let none = NewVm { image: Some(world.image("no.img")), config: vm_config("web2"), ..request };
    assert_eq!(said(vms::create(admin, &none).await), "image: field-image-unknown");
}

/// Found once, and gone or changed since: the copy says so by its name, and nothing of it stays.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_image_that_is_gone_or_leans_on_another_is_refused(pool: PgPool) {
    let world = World::new(pool).await;
    world.put_image("golden.img").await;
    let new = ImageDisk {
        image: world.image("golden.img"),
        alias: "data1".into(),
        description: "of an image".into(),
        quota: None,
    };
    for (spoil, told) in [("lean", "refusal-image-backing"), ("gone", "refusal-image-missing")] {
        match spoil {
            "lean" => world.estate.lean(PATH, "golden.img", "/etc/shadow"),
            _ => world.estate.take_file(PATH, "golden.img"),
        }
        let (_, job) = disks::from_image(&world.admin, &new).await.unwrap();
        let (status, error) = world.finish(job).await;
        assert_eq!((status, error.unwrap().text.key.as_str()), (JobStatus::Failed, told));
        assert_eq!(disks::list(&world.admin, &ListQuery::default()).await.unwrap().rows.len(), 1);
    }
    assert_eq!(world.events(EventKind::DiskCreateFailed).await.len(), 2);
}

/// What a guest writes to the beginning of a raw disk may name a file of the host.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_raw_disk_that_looks_like_an_image_is_not_copied(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    let disk = Some(NewVmDisk { size: GIB, allocation: model::disk::Allocation::Preallocated });
    let new = NewVm { template: None, disk, ..world.new_vm("web1") };
    let (vm, job) = vms::create(admin, &new).await.unwrap();
    world.done(job).await;
    world.done(templates::make(admin, vm, &of_vm("honest")).await.unwrap().1).await;
    let volume = format!("{}.raw", vms::get(admin, vm).await.unwrap().disks[0].id);
    world.estate.lean(PATH, &volume, "/etc/shadow");
    let (status, error) = world.finish(templates::make(admin, vm, &of_vm("sly")).await.unwrap().1).await;
    assert_eq!(
        (status, error.unwrap().text.key.as_str()),
        (JobStatus::Failed, "refusal-disk-looks-like-image")
    );
    world.assert_tidy().await;
}

/// Seeing a domain's name, because a template lies there, is not enough to read what else does.
#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn an_image_is_only_for_whoever_may_make_disks_beside_it(pool: PgPool) {
    let world = World::new(pool).await;
    world.put_image("golden.img").await;
    let maker = world.owner_of("maker", &[world.cluster.0, world.template.0, world.network.0]).await;
    let request = NewVm { template: None, image: Some(world.image("golden.img")), ..world.new_vm("web1") };
    let told = said(vms::create(&maker, &request).await);
    assert_ne!(told, "", "{told}");
    assert!(world.events(EventKind::VmCreateStarted).await.is_empty());
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_cd_is_changed_while_the_vm_runs(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    world.put_image("one.iso").await;
    world.put_image("two.iso").await;
    let (one, two) = (world.image("one.iso"), world.image("two.iso"));
    let vm = world.down("web1").await;
    assert_eq!(said(vms::change_cd(admin, vm, Some(&one)).await), "refusal-vm-status");
    world.done(vms::run(admin, vm, None).await.unwrap()).await;
    world.estate.set_agent(vm, Some(guest("web1")));
    world.look_until(vm, VmStatus::Up).await;
    let in_drive = async || {
        let now = world.vm(vm).await;
        let domain = world.estate.domains(now.row.host.unwrap().0).into_iter().find(|d| d.spec.vm == vm);
        let file = domain.unwrap().spec.cd.map(|v| v.volume);
        let cd = |o: &model::vm_options::VmOptions| o.cd.as_ref().map(|cd| cd.name.clone());
        assert_eq!(
            (cd(&now.config.options), cd(&now.running.unwrap().options)),
            (file.clone(), file.clone())
        );
        file
    };
    for (wanted, kind) in
        [(Some(&one), EventKind::CdChanged), (Some(&two), EventKind::CdChanged), (None, EventKind::CdEjected)]
    {
        let before = world.events(kind).await.len();
        world.done(vms::change_cd(admin, vm, wanted).await.unwrap()).await;
        assert_eq!(in_drive().await, wanted.map(|cd| cd.name.clone()));
        assert_eq!(world.events(kind).await.len(), before + 1);
        assert_eq!(said(vms::change_cd(admin, vm, wanted).await), "refusal-cd-same");
    }
    assert!(!vms::get(admin, vm).await.unwrap().next_run_changes);
    assert_eq!(said(vms::change_cd(admin, vm, Some(&world.image("no.iso"))).await), "cd: field-cd-unknown");
    world.estate.take_file(PATH, "two.iso");
    let (status, error) = world.finish(vms::change_cd(admin, vm, Some(&two)).await.unwrap()).await;
    assert_eq!((status, error.unwrap().text.key.as_str()), (JobStatus::Failed, "refusal-cd-missing"));
    assert_eq!(in_drive().await, None);
    assert_eq!(world.events(EventKind::CdChangeFailed).await.len(), 1);
}
