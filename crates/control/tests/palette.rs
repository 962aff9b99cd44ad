//! The command palette: what is found of what there is, in which order, and by whom.

use control::{Ctx, bookmarks, palette, tags};
use model::Fault;
use model::id::Kind;
use model::palette::Found;
use sqlx::PgPool;

use crate::support::*;

async fn found(ctx: &Ctx, text: &str) -> Vec<Found> {
    palette::find(ctx, text).await.unwrap()
}

/// Each as `kind name`.
async fn names(ctx: &Ctx, text: &str) -> Vec<String> {
    found(ctx, text).await.iter().map(|f| format!("{} {}", f.kind.as_str(), f.name)).collect()
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn everything_is_found_by_its_name(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    world.down("web1").await;
    world.down("my-web").await;
    bookmarks::create(admin, &crate::bookmarks::bookmark("Web servers", false)).await.unwrap();
    tags::create(admin, &crate::tags::tag("websites", None)).await.unwrap();
    assert_eq!(
        names(admin, " WEB ").await,
        [
            "vm web1",
            "bookmark Web servers",
            "tag websites",
            "disk web1_Disk1",
            "vm my-web",
            "disk my-web_Disk1"
        ],
        "what begins so, then what has a word that does"
    );
    let all = found(admin, "web").await;
    assert_eq!(all[0].place, Some("lab".into()));
    assert_eq!(all[0].status, Some("down".into()));
    assert_eq!(all[1].leads, Some((Kind::Vm, "name = web*".into())));
    assert_eq!(names(admin, "disk1 my").await, ["disk my-web_Disk1"], "each word, in whatever order");
    assert_eq!(names(admin, "kvm2").await, ["host kvm2"]);
    assert_eq!(names(admin, "mgmt").await, ["network mgmt"]);
    assert_eq!(names(admin, "lab").await, ["cluster lab"]);
    assert_eq!(names(admin, "main").await, ["data_center main"]);
    assert_eq!(names(admin, "adm").await, ["user admin"]);
    assert!(names(admin, "").await.is_empty());
    assert!(names(admin, " - ").await.is_empty());
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_job_is_found_while_it_runs(pool: PgPool) {
    let world = World::new(pool).await;
    let vm = world.down("web1").await;
    let job = control::vms::run(&world.admin, vm, None).await.unwrap();
    let title = world.job(job).await.title.to_string();
    let jobs = async || found(&world.admin, &title).await.iter().filter(|f| f.id == job.0).count();
    assert_eq!(jobs().await, 1, "{title}");
    world.done(job).await;
    assert_eq!(jobs().await, 0, "{title}");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn nobody_finds_what_they_may_not_see(pool: PgPool) {
    let world = World::new(pool).await;
    let admin = &world.admin;
    world.down("web1").await;
    let own = world.down("web2").await;
    let owner = world.owner_of("owner", &[own.0]).await;
    bookmarks::create(admin, &crate::bookmarks::bookmark("Web of mine", false)).await.unwrap();
    bookmarks::create(admin, &crate::bookmarks::bookmark("Web of all", true)).await.unwrap();
    assert_eq!(names(&owner, "web").await, ["vm web2", "bookmark Web of all", "disk web2_Disk1"]);
    assert_eq!(names(&owner, "disk1").await, ["disk web2_Disk1"]);
    for hidden in ["kvm", "mgmt", "admin", "owner", "web1"] {
        assert!(names(&owner, hidden).await.is_empty(), "{hidden}");
    }
    let nobody = world.owner_of("nobody", &[]).await;
    assert_eq!(names(&nobody, "web").await, ["bookmark Web of all"]);
    assert_eq!(
        said(palette::find(&world.newcomer("new").await, "web").await),
        "refusal-must-change-password"
    );
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_is_typed_is_no_pattern_and_no_query(pool: PgPool) {
    let world = World::new(pool).await;
    world.down("web1").await;
    for text in [
        "%",
        "_eb1",
        "eb1",
        "'; DROP TABLE vms; --",
        "web1' | 'kvm1",
        "nothing | web1 &",
        "\\",
        ":*",
        "web1:zz",
        "\u{10ffff}",
        "i\u{307}\u{1f600}",
    ] {
        assert!(names(&world.admin, text).await.is_empty(), "{text}");
    }
    for text in ["w%", "!web", "web\\", "(web'", "web:*"] {
        assert_eq!(names(&world.admin, text).await[0], "vm web1", "{text}: signs only part words");
    }
    assert_eq!(names(&world.admin, "we\0b\u{7}1").await[0], "vm web1");
    let long = palette::find(&world.admin, &"w".repeat(1 << 20)).await;
    assert!(matches!(&long, Err(Fault::Invalid(errors)) if errors.get("text").is_some()), "{long:?}");
    assert!(names(&world.admin, &"w ".repeat(127)).await.contains(&"vm web1".to_owned()));
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_group_is_found_among_the_users_by_who_may_see_them(pool: PgPool) {
    let world = World::new(pool).await;
    let owner = world.owner_of("operator", &[world.cluster.0]).await;
    let group = world.group("operators", &[&owner]).await;
    let all = found(&world.admin, "oper").await;
    let what: Vec<_> = all.iter().map(|f| (f.kind, f.name.as_str(), f.status.as_deref())).collect();
    assert_eq!(what, [(Kind::User, "operator", Some("user")), (Kind::User, "operators", Some("group"))]);
    assert_eq!((all[1].id, all[1].place.as_deref()), (group, Some("corp")));
    assert!(control::users::get(&world.admin, group.into()).await.unwrap().group, "it has a page");
    assert!(names(&owner, "oper").await.is_empty());
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn twenty_at_most(pool: PgPool) {
    let world = World::new(pool).await;
    for n in 0..30 {
        let new = network(&format!("web{n:02}"), world.data_center);
        control::networks::create(&world.admin, &new).await.unwrap();
    }
    world.down("web").await;
    let all = names(&world.admin, "web").await;
    assert_eq!(all.len(), 20);
    assert_eq!(all[..3], ["vm web", "network web00", "network web01"]);
    assert!(all.contains(&"disk web_Disk1".to_owned()), "many of one kind hide no other: {all:?}");
}
