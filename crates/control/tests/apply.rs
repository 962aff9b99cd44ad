//! An estate from a file: what is missing is made, what is there is left alone, and what cannot be is said.

use std::io::Write;

use control::apply::{Estate, apply};
use model::Fault;
use sqlx::PgPool;

use crate::support::*;

const FILE: &str = r#"{
    "data_center": [{"name": "main"}, {"name": "branch", "description": "beyond the hill"}],
    "cluster": [{"name": "far", "data_center": "branch"}],
    "network": [{"name": "mgmt", "data_center": "branch", "bridge": "mgmt"}],
    "storage_domain": [{"name": "far", "data_center": "branch", "path": "/srv/far"}],
    "host": [{"name": "kvm9", "cluster": "far", "address": "kvm9.example.org", "transport": "tls",
              "memory_limit": "4 GiB", "cpu_limit": 2}]
}"#;

fn estate() -> Estate {
    serde_json::from_str(FILE).unwrap()
}

async fn made(world: &World, estate: &Estate) -> control::Outcome<Vec<String>> {
    let mut made = Vec::new();
    apply(&world.admin, estate, &mut |line| made.push(line)).await?;
    Ok(made)
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn what_is_missing_is_made_once(pool: PgPool) {
    let world = World::new(pool).await;
    let first = made(&world, &estate()).await.unwrap();
    assert_eq!(
        first,
        ["data center branch", "cluster far", "network mgmt", "storage domain far", "host kvm9"]
    );
    assert_eq!(made(&world, &estate()).await.unwrap(), Vec::<String>::new());
    world.look().await;

    let mut image = tempfile::NamedTempFile::new().unwrap();
    std::io::copy(&mut *crate::support::image(), &mut image).unwrap();
    image.flush().unwrap();
    let mut estate = estate();
    estate.template.push(control::apply::Template {
        name: "Tiny Linux".into(),
        data_center: "branch".into(),
        storage_domain: "far".into(),
        image: image.path().into(),
        description: String::new(),
        memory: control::apply::Size(128 << 20),
        vcpus: 1,
        all_users: true,
    });
    assert_eq!(made(&world, &estate).await.unwrap(), ["template Tiny Linux"]);
    estate.template[0].name = "Other".into();
    estate.template[0].image = "/nowhere".into();
    assert_eq!(said(made(&world, &estate).await), "image: refusal-file");
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_name_that_nothing_has_is_said(pool: PgPool) {
    let world = World::new(pool).await;
    for (file, name) in [
        (r#"{"cluster": [{"name": "x", "data_center": "nowhere"}]}"#, "nowhere"),
        (
            r#"{"host": [{"name": "x", "cluster": "nothing", "address": "x.example.org", "transport": "tls"}]}"#,
            "nothing",
        ),
    ] {
        let Fault::Refused(refusal) = fault(made(&world, &serde_json::from_str(file).unwrap()).await) else {
            panic!("refused")
        };
        assert!(refusal.to_string().contains(name), "{refusal}");
    }
    assert!(
        serde_json::from_str::<Estate>(r#"{"clusters": []}"#).is_err(),
        "a slip of the pen is no empty estate"
    );
}
