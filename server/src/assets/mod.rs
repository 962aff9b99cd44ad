//! The web assets inside the binary: style sheet, scripts, WASM, fonts, and the files of `public/`. Most carry a
//! hash of their content in their name, so a browser may keep them for ever; the manifest maps the name that
//! pages use to today's file. Files of `public/` keep their names and are asked for again each time.
//! Compressed siblings (`.br`, `.gz`) made at build time are sent to whoever takes them.

mod encoding;
mod serve;

pub use serve::routes;

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, LazyLock},
};

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/site.rs"));
}

const MANIFEST: &str = "manifest.json";

/// A set of files with their manifest: the embedded one, or a test's own. Paths are relative to the site.
#[derive(Debug, Default, Clone)]
pub struct Site {
    files: HashMap<&'static str, &'static [u8]>,
    manifest: HashMap<String, String>,
    hashed: HashSet<String>,
}

static EMBEDDED: LazyLock<Arc<Site>> = LazyLock::new(|| Arc::new(Site::new(embedded::FILES)));

/// The assets this binary was built with.
pub fn site() -> Arc<Site> {
    EMBEDDED.clone()
}

/// The URL of an asset by the name that pages use, such as `app.css`.
pub fn asset(logical: &str) -> String {
    EMBEDDED.url(logical)
}

impl Site {
    pub fn new(files: &[(&'static str, &'static [u8])]) -> Site {
        let files: HashMap<_, _> = files.iter().copied().collect();
        let manifest = files.get(MANIFEST).map(|bytes| serde_json::from_slice(bytes));
        let manifest = manifest.unwrap_or_else(|| Ok(HashMap::new())).unwrap_or_else(|error| {
            tracing::error!(%error, "the assets' manifest cannot be read");
            HashMap::new()
        });
        let hashed = manifest.values().cloned().collect();
        Site { files, manifest, hashed }
    }

    /// The manifest as the build wrote it; empty when there is none.
    pub fn manifest_json(&self) -> String {
        serde_json::to_string(&self.manifest).unwrap_or_default()
    }

    /// Whether the binary was built without web assets.
    pub fn is_empty(&self) -> bool {
        self.manifest.is_empty()
    }

    /// A name that the manifest does not know is a file of `public/`, or gives a URL that answers 404, which
    /// the browser tests look for.
    pub fn url(&self, logical: &str) -> String {
        format!("/{}", self.manifest.get(logical).map_or(logical, String::as_str))
    }

    /// A file's content by its path, such as `help/vms.md`.
    pub fn file(&self, path: &str) -> Option<&'static [u8]> {
        self.files.get(path).copied()
    }

    /// The paths that are served: neither the manifest nor compressed siblings by themselves.
    fn served(&self) -> impl Iterator<Item = &'static str> {
        let sibling = |path: &str| {
            let plain = encoding::SIBLINGS.iter().find_map(|(_, end)| path.strip_suffix(end));
            plain.is_some_and(|p| self.files.contains_key(p))
        };
        self.files.keys().copied().filter(move |path| *path != MANIFEST && !sibling(path))
    }
}
