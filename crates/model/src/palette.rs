//! What the command palette finds, and the order in which it shows it. What is asked fits a name when the name is that,
//! begins with it, or has a word for each of its words that begins so.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::id::Kind;

/// How much is shown.
pub const MOST: usize = 20;
/// No name is longer.
pub const LONGEST: usize = 255;
/// So many of a kind come before what fits no better of another: ten thousand disks shall not hide the one host.
const SHARE: usize = 5;

/// An object that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Found {
    pub kind: Kind,
    pub id: Uuid,
    pub name: String,
    /// What it is in: a cluster, a data center, a storage domain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The status word; of a user, whether it is a group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Of a bookmark: the list that it leads to, and what is looked for in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leads: Option<(Kind, String)>,
}

impl Found {
    /// What it is, as a word.
    pub fn noun(&self) -> String {
        match (self.kind, self.status.as_deref()) {
            (Kind::User, Some("group")) => crate::text::t("value-group"),
            (kind, _) => kind.noun(),
        }
    }

    /// Without what is another by the time that it is read again.
    pub fn kept(&self) -> Found {
        let status = self.status.clone().filter(|_| self.kind == Kind::User);
        Found { status, ..self.clone() }
    }
}

/// How well a name fits, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    Same,
    Begins,
    Words,
}

/// The words of a name, or of what is asked.
pub fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// How `name` fits what is asked, if it does.
pub fn fit(name: &str, asked: &str) -> Option<Fit> {
    let (lower, wanted) = (name.to_lowercase(), asked.trim().to_lowercase());
    if wanted.is_empty() {
        return None;
    }
    if lower == wanted {
        return Some(Fit::Same);
    }
    if lower.starts_with(&wanted) {
        return Some(Fit::Begins);
    }
    let (own, wanted) = (words(name), words(asked));
    let has = |word: &String| own.iter().any(|own| own.starts_with(word.as_str()));
    (!wanted.is_empty() && wanted.iter().all(has)).then_some(Fit::Words)
}

/// The best of what was found, each once, in the order in which it is shown.
pub fn ranked(found: Vec<Found>, asked: &str) -> Vec<Found> {
    let mut all: Vec<(Fit, Found)> =
        found.into_iter().map(|one| (fit(&one.name, asked).unwrap_or(Fit::Words), one)).collect();
    all.sort_by_cached_key(|(fit, one)| (*fit, order(one.kind), one.name.to_lowercase(), one.id));
    all.dedup_by_key(|(_, one)| (one.kind, one.id));
    let mut before = BTreeMap::<(Fit, u8), usize>::new();
    all.sort_by_cached_key(|(fit, one)| {
        let nth = before.entry((*fit, order(one.kind))).or_default();
        *nth += 1;
        (*fit, *nth > SHARE, order(one.kind))
    });
    all.truncate(MOST);
    all.into_iter().map(|(_, one)| one).collect()
}

/// What people look for most comes first.
fn order(kind: Kind) -> u8 {
    match kind {
        Kind::Vm => 0,
        Kind::Host => 1,
        Kind::Cluster => 2,
        Kind::DataCenter => 3,
        Kind::StorageDomain => 4,
        Kind::Network => 5,
        Kind::Template | Kind::Quota => 6,
        Kind::Bookmark => 7,
        Kind::Tag => 8,
        Kind::User => 9,
        Kind::Job => 10,
        Kind::Disk => 11,
        Kind::Directory => 12,
        Kind::System | Kind::Event | Kind::Role => 13,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_fits_by_its_beginning_or_by_words() {
        for (name, asked, expected) in [
            ("web1", "web1", Some(Fit::Same)),
            ("Web1", " wEB1 ", Some(Fit::Same)),
            ("web1", "we", Some(Fit::Begins)),
            ("web-01.example.org", "web-01", Some(Fit::Begins)),
            ("my-web_1", "web", Some(Fit::Words)),
            ("my-web_1", "1 my", Some(Fit::Words)),
            ("New virtual machine", "virt new", Some(Fit::Words)),
            ("Größe", "GRÖ", Some(Fit::Begins)),
            ("web1", "eb", None),
            ("my-web", "web my x", None),
            ("web1", "", None),
            ("web1", "   ", None),
            ("web1", "%", None),
            ("web1", "_eb1", None),
            ("100%", "100%", Some(Fit::Same)),
        ] {
            assert_eq!(fit(name, asked), expected, "{name} {asked}");
        }
    }

    fn found(kind: Kind, n: u128, name: &str) -> Found {
        Found { kind, id: Uuid::from_u128(n), name: name.into(), place: None, status: None, leads: None }
    }

    fn names(found: Vec<Found>, asked: &str) -> Vec<String> {
        ranked(found, asked).into_iter().map(|one| one.name).collect()
    }

    #[test]
    fn what_fits_best_comes_first_and_nothing_twice() {
        let all = vec![
            found(Kind::Disk, 1, "web"),
            found(Kind::Vm, 2, "my-web"),
            found(Kind::Vm, 3, "web2"),
            found(Kind::Host, 4, "web3"),
            found(Kind::Vm, 5, "Web1"),
            found(Kind::Vm, 3, "web2"),
        ];
        assert_eq!(names(all, "web"), ["web", "Web1", "web2", "web3", "my-web"]);
    }

    #[test]
    fn many_of_one_kind_hide_no_other() {
        let mut all: Vec<Found> = (0..30).map(|n| found(Kind::Vm, n, &format!("web{n:02}"))).collect();
        all.push(found(Kind::Disk, 99, "web-disk"));
        all.push(found(Kind::Template, 98, "a-web"));
        let names = names(all, "web");
        assert_eq!(names.len(), MOST);
        assert_eq!(names[4..7], ["web04", "web-disk", "web05"]);
        assert!(!names.contains(&"a-web".to_owned()), "what fits worse waits behind what fits better");
    }

    #[test]
    fn a_group_stays_one_and_a_state_is_not_kept() {
        let with = |kind, status: &str| Found { status: Some(status.into()), ..found(kind, 1, "x") };
        for (one, noun, kept) in [
            (with(Kind::User, "group"), "Group", Some("group")),
            (with(Kind::User, "user"), "user", Some("user")),
            (with(Kind::Vm, "up"), "virtual machine", None),
        ] {
            assert_eq!((one.noun().as_str(), one.kept().status.as_deref()), (noun, kept));
        }
    }
}
