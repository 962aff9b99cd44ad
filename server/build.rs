//! Embeds the web assets: writes a table of every file under `$DROVER_SITE` (default `site` in cargo's target
//! directory, where style/build.sh puts it) with `include_bytes!`. The folder may be empty; the binary then
//! serves the API alone and says so.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

fn main() {
    println!("cargo::rerun-if-env-changed=DROVER_SITE");
    println!("cargo::rerun-if-env-changed=CARGO_TARGET_DIR");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo")).join("..");
    let target = env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    // `join` keeps what is absolute already.
    let site =
        root.join(env::var_os("DROVER_SITE").map_or_else(|| Path::new(&target).join("site"), PathBuf::from));
    // A path that does not exist would make cargo run this at every build.
    let _ = fs::create_dir_all(&site);
    println!("cargo::rerun-if-changed={}", site.display());
    let mut files = Vec::new();
    collect(&site, &site, &mut files);
    files.sort();
    let rows: String =
        files.iter().map(|(name, path)| format!("    ({name:?}, include_bytes!({path:?})),\n")).collect();
    let table = format!("pub static FILES: &[(&str, &[u8])] = &[\n{rows}];\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("set by cargo")).join("site.rs");
    fs::write(out, table).expect("OUT_DIR can be written");
}

fn collect(site: &Path, dir: &Path, files: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(site, &path, files);
        } else if let (Ok(name), Ok(whole)) = (path.strip_prefix(site), fs::canonicalize(&path)) {
            files.push((name.to_string_lossy().into_owned(), whole.to_string_lossy().into_owned()));
        }
    }
}
