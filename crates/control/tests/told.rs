//! What changes something is told: each operation that begins a transaction comes to an event on the way, itself or by
//! what it calls. Read off the source, so that nobody can forget it for a new one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Every function of the application with its text, by module and name. A folder's files are its module's.
fn functions() -> BTreeMap<(String, String), String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = BTreeMap::new();
    let mut folders = vec![(source, None::<String>)];
    while let Some((folder, module)) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let module = module.clone().unwrap_or(stem);
            if path.is_dir() {
                folders.push((path, Some(module)));
            } else {
                take(&std::fs::read_to_string(&path).unwrap(), &module, &mut found);
            }
        }
    }
    found
}

fn take(text: &str, module: &str, found: &mut BTreeMap<(String, String), String>) {
    let starts: Vec<usize> = text.match_indices("fn ").map(|(at, _)| at).collect();
    for (n, start) in starts.iter().enumerate() {
        let end = starts.get(n + 1).copied().unwrap_or(text.len());
        let name = text[start + 3..].split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap();
        found.entry((module.to_owned(), name.to_owned())).or_default().push_str(&text[*start..end]);
    }
}

/// Whether a function's text, or that of something it calls, has one of these words.
fn comes_to(all: &BTreeMap<(String, String), String>, from: &(String, String), words: &[&str]) -> bool {
    let (mut seen, mut next) = (BTreeSet::new(), vec![from.clone()]);
    while let Some(at) = next.pop() {
        let Some(text) = all.get(&at).filter(|_| seen.insert(at.clone())) else { continue };
        if words.iter().any(|word| text.contains(word)) {
            return true;
        }
        let called = |(module, name): &&(String, String)| {
            let own = *module == at.0 && text.contains(&format!("{name}("));
            own || text.contains(&format!("{module}::{name}("))
        };
        next.extend(all.keys().filter(called).cloned());
    }
    false
}

/// A transaction that only reads, for a cursor; and how somebody's own screen looks.
const QUIET: [&str; 5] = [
    "export::rows",
    "settings::choose_columns",
    "settings::choose_language",
    "settings::choose_portal",
    "accounts::standing",
];

#[test]
fn what_an_operation_changes_is_told() {
    let all = functions();
    let mut changing = 0;
    for (name, _) in crate::permissions::matrix::OPERATIONS {
        if QUIET.contains(name) {
            continue;
        }
        let (module, name) = name.split_once("::").unwrap();
        let operation = (module.to_owned(), name.to_owned());
        assert!(all.contains_key(&operation), "{operation:?} is found");
        if comes_to(&all, &operation, &[".begin()"]) {
            changing += 1;
            let told = ["events::tell(", "events::note(", "events::write("];
            assert!(comes_to(&all, &operation, &told), "{operation:?} tells no event");
        }
    }
    assert!(changing > 40, "{changing}");
}
