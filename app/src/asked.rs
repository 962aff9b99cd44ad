//! What the address asks for. The router's own map of it decodes each value twice, so that a search for `%41` would be
//! one for `A`; here it is read once.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::paths;

/// The words of an address's query, as they were meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked(Vec<(String, String)>);

impl Asked {
    fn read(search: &str) -> Asked {
        Asked(form_urlencoded::parse(search.trim_start_matches('?').as_bytes()).into_owned().collect())
    }

    /// What an address asks for.
    #[cfg(test)]
    pub fn of(href: &str) -> Asked {
        Asked::read(href.split_once('?').map_or("", |(_, query)| query))
    }

    /// The last value of a word, if it is there.
    pub fn get(&self, name: &str) -> Option<String> {
        self.0.iter().rev().find(|(word, _)| word == name).map(|(_, value)| value.clone())
    }

    /// All values of a word, in their order.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(word, _)| word == name).map(|(_, value)| value.clone()).collect()
    }

    /// The same query with one word as said, as it stands behind a path.
    pub fn with(&self, name: &str, value: &str) -> String {
        let others = self.0.iter().filter(|(word, _)| word != name);
        let mut out = form_urlencoded::Serializer::new(String::new());
        format!("?{}", out.extend_pairs(others).append_pair(name, value).finish())
    }
}

/// That this is the VM portal.
#[derive(Clone, Copy)]
pub struct InPortal;

/// An address of the administration portal; in the VM portal, where that has the same.
pub fn here(href: String) -> String {
    match use_context::<InPortal>() {
        Some(InPortal) => paths::in_portal(&href).unwrap_or(href),
        None => href,
    }
}

/// The query of the address that is shown.
pub fn address() -> Memo<Asked> {
    let search = use_location().search;
    Memo::new(move |_| search.with(|search| Asked::read(search)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_decoded_once() {
        let asked = Asked::read("?search=name+%3D+%2541%25&next=%2Fvms%3Fsearch%3Da%253Db&a=1&a=2");
        assert_eq!(asked.get("search").as_deref(), Some("name = %41%"));
        assert_eq!(asked.get("next").as_deref(), Some("/vms?search=a%3Db"));
        assert_eq!(asked.get("a").as_deref(), Some("2"));
        assert_eq!(asked.all("a"), ["1", "2"]);
        assert_eq!(asked.get("b"), None);
        assert_eq!(Asked::read("?a=1&b=%25").with("a", "x y"), "?b=%25&a=x+y");
    }
}
