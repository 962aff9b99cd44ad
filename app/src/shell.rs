//! The HTML document around the application, on the server only: the theme before the first paint, the hashed
//! assets, and the script that brings the page to life. Every inline script carries the request's nonce.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, header, request::Parts};
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::MetaTags;
use model::language::spoken;

use crate::App;
use crate::answer::AnswerStatus;
use crate::later::{Chunk, needed};
use crate::theme::{self, Theme};

/// The addresses of the hashed assets, from the site's `manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assets {
    pub css: String,
    pub js: String,
    pub wasm: String,
    /// The script of the console's page, noVNC in it.
    pub novnc: String,
    /// The font of the first paint.
    pub font: String,
    /// The texts, by the tag of their language. A page needs those of its own.
    pub texts: HashMap<&'static str, String>,
    /// The files of each part of the WASM that comes later, by the part's name.
    pub later: HashMap<&'static str, Vec<String>>,
    /// Names this build of the browser's half.
    pub build: String,
}

/// What is wrong with a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ManifestError {
    /// It is no JSON object of names and paths.
    Unreadable(String),
    /// It lacks this asset: the site was built without it.
    Missing(&'static str),
}

impl std::fmt::Display for ManifestError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ManifestError::Unreadable(why) => write!(f, "the site's manifest is unreadable: {why}"),
            ManifestError::Missing(name) => {
                write!(f, "the site's manifest lacks {name}; build it with style/build.sh")
            }
        }
    }
}

impl std::error::Error for ManifestError {}

impl Assets {
    /// Reads `manifest.json`: logical names to paths below the site's root.
    pub fn from_manifest(json: &str) -> Result<Assets, ManifestError> {
        let paths: HashMap<String, String> =
            serde_json::from_str(json).map_err(|e| ManifestError::Unreadable(e.to_string()))?;
        let address = |name: &'static str| {
            paths.get(name).map(|path| format!("/{path}")).ok_or(ManifestError::Missing(name))
        };
        let (wasm, js) = (address("app.wasm")?, address("app.js")?);
        Ok(Assets {
            css: address("app.css")?,
            novnc: address("novnc.js")?,
            font: address("RedHatTextVF.woff2")?,
            texts: HashMap::from([("en", address("texts.en.ftl")?), ("de", address("texts.de.ftl")?)]),
            later: Chunk::ALL.map(|chunk| (chunk.name(), parts(&paths, chunk))).into(),
            // The script knows the parts by name, so it is another one when one of them is.
            build: [(&wasm, ".wasm"), (&js, ".js")]
                .map(|(path, end)| path.trim_start_matches("/pkg/app.").trim_end_matches(end))
                .concat(),
            js,
            wasm,
        })
    }
}

fn parts(paths: &HashMap<String, String>, chunk: Chunk) -> Vec<String> {
    let files = paths.get(&format!("later {}", chunk.name())).map_or("", String::as_str);
    files.split_whitespace().map(|path| format!("/{path}")).collect()
}

/// The document. To be given to `leptos_axum`'s route handlers; the server provides nothing else for it.
pub fn shell(assets: Arc<Assets>) -> impl IntoView {
    let theme = use_context::<Parts>().map(|parts| theme_of(&parts)).unwrap_or_default();
    provide_context(theme);
    provide_context(assets.clone());
    let language = spoken().tag();
    provide_context(AnswerStatus(set_status));
    let class = if theme == Theme::Dark { theme::DARK_CLASS } else { "" };
    view! {
        <!DOCTYPE html>
        <html lang=language class=class data-theme=theme.as_str()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="drover-build" content=assets.build.clone()/>
                <script nonce=use_nonce()>{theme::SCRIPT}</script>
                <link rel="stylesheet" href=assets.css.clone()/>
                <link rel="preload" href=assets.font.clone() r#as="font" type="font/woff2" crossorigin="anonymous"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                {scripts(&assets)}
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// A VM's screen has a script of its own and needs nothing of the portal's.
fn scripts(assets: &Assets) -> AnyView {
    let uri = use_context::<Parts>().map(|parts| parts.uri).unwrap_or_default();
    if uri.path().ends_with("/console") {
        let src = assets.novnc.clone();
        return view! { <script type="module" nonce=use_nonce() src=src></script> }.into_any();
    }
    hydration(assets, needed(uri.path(), uri.query().unwrap_or_default())).into_any()
}

/// The scripts that bring the page to life. Not Leptos' own component, which knows no manifest.
fn hydration(assets: &Assets, chunks: &[Chunk]) -> impl IntoView + use<> {
    let Assets { js, wasm, .. } = assets.clone();
    let language = spoken().tag();
    let texts = assets.texts[language].clone();
    let files: BTreeSet<&String> = chunks.iter().flat_map(|chunk| &assets.later[chunk.name()]).collect();
    let hint = |href: &String| {
        view! { <link rel="preload" href=href.clone() r#as="fetch" type="application/wasm" crossorigin="anonymous"/> }
    };
    let hints = files.into_iter().map(hint).collect_view();
    // Without its words the page stays as the server made it.
    let words = format!("fetch({texts:?}).then(r=>r.ok?r.text():Promise.reject(r.status))");
    let start = format!(
        "import start,{{hydrate}} from {js:?};Promise.all([{words},start({{module_or_path:{wasm:?}}})])\
         .then(([words])=>hydrate({language:?},words))"
    );
    view! {
        <link rel="modulepreload" href=js nonce=use_nonce()/>
        <link rel="preload" href=wasm r#as="fetch" type="application/wasm" crossorigin="anonymous"/>
        <link rel="preload" href=texts r#as="fetch" type="text/plain" crossorigin="anonymous"/>
        {hints}
        <script type="module" nonce=use_nonce()>{start}</script>
    }
}

fn theme_of(parts: &Parts) -> Theme {
    let cookies = parts.headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    Theme::of_cookies(&cookies.collect::<Vec<_>>().join("; "))
}

fn set_status(code: u16) {
    if let (Some(response), Ok(status)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(code)) {
        response.set_status(status);
    }
}

/// Adds a `Set-Cookie` to the response that is being made.
pub fn set_cookie(cookie: &str) {
    if let (Some(response), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(cookie)) {
        response.append_header(header::SET_COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = r#"{"app.css":"pkg/app.1.css","app.js":"pkg/app.2.js","app.wasm":"pkg/app.3f.wasm",
        "novnc.js":"pkg/novnc.4.js","RedHatTextVF.woff2":"pkg/RedHatTextVF.5.woff2","texts.en.ftl":"pkg/texts.en.9.ftl",
        "texts.de.ftl":"pkg/texts.de.10.ftl","later entities":"pkg/a.6.wasm pkg/b.7.wasm",
        "later dialogs":"pkg/a.6.wasm pkg/c.8.wasm","other":"x"}"#;

    #[test]
    fn the_manifest_names_the_assets() {
        let assets = Assets::from_manifest(MANIFEST).unwrap();
        assert_eq!((assets.css.as_str(), assets.build.as_str()), ("/pkg/app.1.css", "3f2"));
    }

    #[test]
    fn a_manifest_that_lacks_something_says_so() {
        let missing = Assets::from_manifest(r#"{"app.css":"pkg/a.css"}"#).unwrap_err();
        assert_eq!(missing, ManifestError::Missing("app.wasm"));
        assert!(matches!(Assets::from_manifest("[]").unwrap_err(), ManifestError::Unreadable(_)));
    }

    fn document(address: &str) -> String {
        Owner::new().with(|| {
            let (parts, ()) = axum::http::Request::builder()
                .uri(address)
                .header("cookie", "session=x; theme=dark")
                .body(())
                .unwrap()
                .into_parts();
            provide_context(parts);
            provide_context(leptos_router::location::RequestUrl::new(address));
            let (_meta, _output) = leptos_meta::ServerMetaContext::new();
            provide_context(_meta);
            shell(Arc::new(Assets::from_manifest(MANIFEST).unwrap())).to_html()
        })
    }

    #[test]
    fn the_document_has_the_theme_the_assets_and_no_inline_style() {
        let html = document("/nowhere");
        assert!(html.contains(r#"class="pf-v6-theme-dark""#), "{html}");
        assert!(html.contains("/pkg/app.1.css") && html.contains("/pkg/app.3f.wasm"), "{html}");
        assert!(!html.contains("style="), "{html}");
    }

    #[test]
    fn the_document_is_in_the_readers_language_and_fetches_no_other() {
        use model::language::{Language, speak};
        let html = speak(Language::German, || document("/vms"));
        assert!(html.contains(r#"<html lang="de""#) && html.contains("/pkg/texts.de.10.ftl"), "{html}");
        assert!(!html.contains("texts.en"), "{html}");
        assert!(document("/vms").contains(r#"<html lang="en""#));
    }

    #[test]
    fn the_document_names_the_parts_that_its_page_needs_once() {
        for (address, parts) in [("/vms", [0, 0, 0]), ("/nothing", [1, 1, 0]), ("/nowhere/at/all", [1, 1, 1])]
        {
            let html = document(address);
            let named =
                ["/pkg/a.6.wasm", "/pkg/b.7.wasm", "/pkg/c.8.wasm"].map(|part| html.matches(part).count());
            assert_eq!(named, parts, "{address}: {html}");
        }
    }
}
