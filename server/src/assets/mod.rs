//! The web assets inside the binary: style sheet, scripts, WASM, images. Their names carry a hash of their
//! content, so a browser may keep them for ever; the manifest maps the name that pages use to today's file.
//! Compressed siblings (`.br`, `.gz`) made at build time are sent to whoever takes them.

mod encoding;
mod serve;

pub use serve::routes;

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/site.rs"));
}

/// Where assets are served.
pub const PREFIX: &str = "/assets/";
const MANIFEST: &str = "manifest.json";

/// A set of files with their manifest: the embedded one, or a test's own.
#[derive(Debug, Default, Clone)]
pub struct Site {
    files: HashMap<&'static str, &'static [u8]>,
    manifest: HashMap<String, String>,
}

static EMBEDDED: LazyLock<Arc<Site>> = LazyLock::new(|| Arc::new(Site::new(embedded::FILES)));

/// The assets this binary was built with.
pub fn site() -> Arc<Site> {
    EMBEDDED.clone()
}

/// The URL of an asset by the name that pages use, such as `style.css`.
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
        Site { files, manifest }
    }

    /// Whether the binary was built without web assets.
    pub fn is_empty(&self) -> bool {
        self.manifest.is_empty()
    }

    /// An unknown name gives a URL that answers 404, which the browser tests look for.
    pub fn url(&self, logical: &str) -> String {
        let file = self.manifest.get(logical).map_or(logical, String::as_str);
        format!("{PREFIX}{}", file.trim_start_matches('/'))
    }

    /// A file by its hashed name, never the manifest and never a compressed sibling by itself.
    fn get(&self, name: &str) -> Option<(&'static str, &'static [u8])> {
        let (name, bytes) = self.files.get_key_value(name)?;
        let hidden = *name == MANIFEST || encoding::SIBLINGS.iter().any(|(_, end)| name.ends_with(end));
        (!hidden).then_some((*name, *bytes))
    }

    fn sibling(&self, name: &str, ending: &str) -> Option<&'static [u8]> {
        self.files.get(format!("{name}{ending}").as_str()).copied()
    }
}
