//! What can be searched, and the words for it.

use model::id::Kind;

macro_rules! entities {
    ($($name:ident = $shown:literal [$($word:literal),*] $kind:ident),* $(,)?) => {
        /// Something with a list of its own.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Entity { $($name),* }

        impl Entity {
            pub const ALL: &'static [Entity] = &[$(Entity::$name),*];

            /// The word that stands before the colon.
            pub fn as_str(self) -> &'static str {
                match self { $(Entity::$name => $shown),* }
            }

            /// All words for it, in lower case.
            pub fn words(self) -> &'static [&'static str] {
                match self { $(Entity::$name => &[$($word),*]),* }
            }

            pub fn kind(self) -> Kind {
                match self { $(Entity::$name => Kind::$kind),* }
            }
        }
    };
}

entities! {
    Vms = "Vms" ["vms", "vm"] Vm,
    Hosts = "Hosts" ["hosts", "host"] Host,
    Templates = "Templates" ["templates", "template"] Template,
    Clusters = "Clusters" ["clusters", "cluster"] Cluster,
    DataCenters = "DataCenters" ["datacenters", "datacenter"] DataCenter,
    Storage = "Storage" ["storage", "storages"] StorageDomain,
    Disks = "Disks" ["disks", "disk"] Disk,
    Networks = "Networks" ["networks", "network"] Network,
    Quotas = "Quota" ["quota", "quotas"] Quota,
    Users = "Users" ["users", "user"] User,
    Events = "Events" ["events", "event"] Event,
    Jobs = "Jobs" ["jobs", "job"] Job,
}

impl Entity {
    /// By any of its words, in whatever case.
    pub fn named(word: &str) -> Option<Entity> {
        let word = word.to_ascii_lowercase();
        Entity::ALL.iter().copied().find(|e| e.words().contains(&word.as_str()))
    }

    pub fn of_kind(kind: Kind) -> Option<Entity> {
        Entity::ALL.iter().copied().find(|e| e.kind() == kind)
    }
}

/// A whole search, taken apart at its colon: what it searches, and the rest. None when no entity stands before one.
pub fn split(text: &str) -> Option<(Entity, &str)> {
    let (word, rest) = text.split_once(':')?;
    Some((Entity::named(word.trim())?, rest.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_begins_with_what_it_searches() {
        for (text, found) in [
            ("Vms: name = a", Some((Entity::Vms, "name = a"))),
            ("vm:", Some((Entity::Vms, ""))),
            (" DATACENTER : x:y", Some((Entity::DataCenters, "x:y"))),
            ("Storages:a", Some((Entity::Storage, "a"))),
            ("name = a", None),
            ("cars: a", None),
            ("", None),
        ] {
            assert_eq!(split(text), found, "{text}");
        }
    }

    #[test]
    fn no_word_means_two_things() {
        let mut words: Vec<&str> = Entity::ALL.iter().flat_map(|e| e.words()).copied().collect();
        let all = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), all);
        assert!(Entity::ALL.iter().all(|e| Entity::named(e.as_str()) == Some(*e)));
        assert!(Entity::ALL.iter().all(|e| Entity::of_kind(e.kind()) == Some(*e)));
    }
}
