//! Everything that is served, as it is asked with ids: from the router's own source, the table of forms, the registered
//! server functions and the routes of the pages.

use std::collections::BTreeSet;
use std::path::Path;

use crate::tables::{FORMS, FUNCTIONS, OTHERS, PARTS, WITHOUT};

/// One request, with `{vm}` and the like where ids are.
pub struct Route {
    pub name: String,
    pub method: &'static str,
    pub path: String,
    pub body: String,
    /// It is not tried with one's own ids, which it would change.
    pub changes: bool,
}

impl Route {
    /// Whether it is about nothing in particular: there is no id to be forged, but somebody who may not.
    pub fn plain(&self) -> bool {
        !self.path.contains('{') && !self.body.contains('{')
    }
}

pub fn all() -> Vec<Route> {
    let mut routes = others();
    routes.extend(exports());
    routes.extend(pages());
    routes.extend(forms());
    routes.extend(functions());
    routes
}

fn known<'a>(what: &str, served: BTreeSet<String>, table: impl Iterator<Item = &'a str>) {
    let table: BTreeSet<String> = table.map(str::to_owned).collect();
    let differs: Vec<_> = served.symmetric_difference(&table).collect();
    assert!(
        differs.is_empty(),
        "each of the {what} has its line in tests/forged/tables.rs, but for {differs:?}"
    );
}

/// What `{id}` is below a list's address.
fn kind_of(path: &str) -> &'static str {
    let path = path.strip_prefix(app::paths::PORTAL).unwrap_or(path);
    let list = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    match list {
        "data-centers" => "data_center",
        "clusters" => "cluster",
        "hosts" => "host",
        "networks" => "network",
        "storage" => "storage_domain",
        "disks" => "disk",
        "vms" => "vm",
        "templates" => "template",
        "events" => "event",
        "jobs" => "job",
        "quotas" => "quota",
        "users" => "user",
        "directories" => "directory",
        "bookmarks" => "bookmark",
        "tags" => "tag",
        "roles" => "role",
        other => panic!("which id does {other} take? ({path})"),
    }
}

fn with_kind(path: &str) -> String {
    match path.contains("{id}") {
        true => path.replace("{id}", &format!("{{{}}}", kind_of(path))),
        false => path.to_owned(),
    }
}

/// The routes that the server itself answers, read from where they are put together.
fn others() -> Vec<Route> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/mod.rs");
    let source = std::fs::read_to_string(source).unwrap();
    let served = source.split(".route(\"").skip(1).map(|rest| rest.split('"').next().unwrap_or_default());
    let served: BTreeSet<String> = served.map(str::to_owned).collect();
    assert!(served.contains("/live"), "the routes are found: {served:?}");
    known("server's own routes", served, OTHERS.iter().map(|line| line.0));
    let asked = OTHERS.iter().flat_map(|(_, asked)| asked.iter());
    let route = |(method, path): &(&'static str, &str)| Route {
        name: format!("{method} {path}"),
        method,
        path: (*path).to_owned(),
        body: String::new(),
        changes: true,
    };
    asked.map(route).collect()
}

/// Every list as a file, limited to what is in another's box, and searched by it.
fn exports() -> Vec<Route> {
    let lists = model::id::Kind::ALL.into_iter().filter_map(app::paths::tab_for);
    let route = |list: &str| Route {
        name: format!("GET /export{list}.json"),
        method: "GET",
        path: format!("/export{list}.json?within={{data_center}}"),
        body: String::new(),
        changes: false,
    };
    lists.map(|tab| route(app::paths::list(tab))).collect()
}

/// Pages of one object, with each of their parts and dialogs.
fn pages() -> Vec<Route> {
    let served = leptos_axum::generate_route_list(app::App);
    let mut routes = Vec::new();
    for path in served.iter().map(|route| route.path()).filter(|path| path.contains("id")) {
        let path = with_kind(&path.replace(":id", "{id}").replace(":part", "{part}"));
        let words: BTreeSet<&str> = match path.contains("{part}") {
            true => PARTS.iter().copied().chain(dialogs_of(&path)).collect(),
            false => BTreeSet::from([""]),
        };
        routes.extend(words.into_iter().map(|word| page(path.replace("{part}", word))));
    }
    assert!(routes.len() > 100, "pages are found");
    routes
}

fn page(path: String) -> Route {
    Route { name: format!("GET {path}"), method: "GET", path, body: String::new(), changes: false }
}

/// The last words of the forms of this list.
fn dialogs_of(path: &str) -> impl Iterator<Item = &'static str> {
    let path = path.strip_prefix(app::paths::PORTAL).unwrap_or(path);
    let list = path.split('{').next().unwrap_or_default().to_owned();
    app::forms::table::TABLE.iter().filter_map(move |line| {
        line.path.strip_prefix(&list)?.strip_prefix("{id}/").filter(|word| !word.contains('/'))
    })
}

fn forms() -> Vec<Route> {
    let served = app::forms::table::TABLE.iter().map(|line| line.path.to_owned()).collect();
    let table = FORMS.iter().flat_map(|(paths, _)| paths.iter().copied());
    known("forms", served, table.chain(WITHOUT.iter().map(|line| line.0)));
    let route = |path: &&'static str, body: &str| {
        let path = with_kind(path);
        let body = match path.split_once('{') {
            Some((_, rest)) => {
                body.replace("{id}", &format!("{{{}", rest.split('/').next().unwrap_or_default()))
            }
            None => body.to_owned(),
        };
        Route { name: format!("POST {path}"), method: "POST", path, body, changes: true }
    };
    let all = FORMS.iter().flat_map(|(paths, body)| paths.iter().map(move |path| route(path, body)));
    all.chain(WITHOUT.iter().map(|(path, body)| route(path, body))).collect()
}

fn functions() -> Vec<Route> {
    let served = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned()).collect();
    known("server functions", served, FUNCTIONS.iter().map(|line| line.0));
    let route = |(path, body): &(&str, &str)| Route {
        name: format!("{path} {}", body.chars().take(44 - path.len()).collect::<String>()),
        method: "POST",
        path: (*path).to_owned(),
        body: body.replace("&list", LIST),
        changes: false,
    };
    FUNCTIONS.iter().map(route).collect()
}

/// A page of a list, limited to what is in a box.
const LIST: &str = "&query[page]=1&query[size]=100&query[descending]=false&query[advanced]=false";
