//! The crates depend on each other as ARCHITECTURE.md's table says, and on nothing else of ours.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::process::Command;

/// A crate, and the crates of ours that it may use. `server` may use everything.
const MAY_USE: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("search", &["model"]),
    ("schedule", &["model"]),
    ("store", &["model", "search"]),
    ("host", &["model"]),
    ("directory", &["model"]),
    ("openid", &["model"]),
    ("jobs", &["model", "store"]),
    ("control", &["model", "search", "schedule", "store", "host", "directory", "openid", "jobs"]),
    ("rest", &["control", "model", "search"]),
    ("ui", &[]),
    ("app", &["ui", "model", "search", "control"]),
    ("frontend", &["app"]),
];

#[test]
fn no_arrow_that_the_table_does_not_have() {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let printed = Command::new(cargo)
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&printed.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let ours: BTreeSet<&str> = packages.iter().map(|p| p["name"].as_str().unwrap()).collect();
    assert!(ours.contains("model") && ours.contains("server"), "{ours:?}");
    for package in packages.iter().filter(|p| p["name"] != "server") {
        let name = package["name"].as_str().unwrap();
        let (_, may) =
            MAY_USE.iter().find(|(n, _)| *n == name).unwrap_or_else(|| panic!("{name} is not in the table"));
        for dependency in package["dependencies"].as_array().unwrap().iter().filter(|d| d["kind"].is_null()) {
            let used = dependency["name"].as_str().unwrap();
            assert!(!ours.contains(used) || may.contains(&used), "{name} may not use {used}");
        }
    }
}

#[test]
fn control_is_in_app_on_the_server_only() {
    let manifest =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../app/Cargo.toml")).unwrap();
    assert!(manifest.lines().any(|l| l.starts_with("control = ") && l.contains("optional = true")));
}

/// The files of a crate, as text.
fn sources(dir: &str) -> Vec<(String, String)> {
    let root = format!("{}/../{dir}", env!("CARGO_MANIFEST_DIR"));
    let found = Command::new("find").args([&root, "-name", "*.rs", "-path", "*/src/*"]).output().unwrap();
    let paths = String::from_utf8(found.stdout).unwrap();
    paths.lines().map(|p| (p.to_owned(), std::fs::read_to_string(p).unwrap())).collect()
}

#[test]
fn sql_is_in_store_only_and_libvirt_in_its_driver_only() {
    for dir in [
        "crates/model",
        "crates/schedule",
        "crates/host",
        "crates/jobs",
        "crates/control",
        "app",
        "crates/ui",
    ] {
        for (path, text) in sources(dir) {
            assert!(!text.contains("sqlx::query"), "{path} has SQL");
            let foreign = text.contains("virt::") && !text.contains("libvirt::") || text.contains("virt_sys");
            assert!(!foreign || path.contains("/host/src/libvirt/"), "{path} names libvirt's bindings");
        }
    }
}

#[test]
fn app_asks_at_most_three_times_on_which_side_it_is() {
    let asks: Vec<String> = sources("app")
        .into_iter()
        .filter(|(_, text)| text.contains("feature = \"ssr\""))
        .map(|(path, _)| path)
        .collect();
    assert!(asks.len() <= 3, "{asks:?}");
}

#[test]
fn control_knows_neither_http_nor_html() {
    for (path, text) in sources("crates/control") {
        for word in ["axum", "leptos", "http::", "<div"] {
            assert!(!text.contains(word), "{path} has {word:?}");
        }
    }
}
