//! One type per kind of id, so that a host's id never lands where a VM's belongs. All are UUIDs on the
//! wire and in the database. Making one needs randomness, which is the caller's (`control::Ids`).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                s.parse().map($name)
            }
        }
        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                $name(id)
            }
        }
        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )*};
}

ids!(
    DataCenterId,
    ClusterId,
    HostId,
    NetworkId,
    StorageDomainId,
    DiskId,
    TemplateId,
    VmId,
    NicId,
    JobId,
    UserId,
    RoleId,
    PermissionId,
    DirectoryId,
    TagId,
    BookmarkId,
    QuotaId,
    RequestId,
);

/// The root of the object tree, on which a permission holds everywhere. The value is oVirt's.
pub const SYSTEM: Uuid = Uuid::from_u128(0xaaa00000_0000_0000_0000_123456789aaa);
/// Everyone who can sign in. The value is oVirt's.
pub const EVERYONE: Uuid = Uuid::from_u128(0xeee00000_0000_0000_0000_123456789eee);
/// oVirt's empty template.
pub const BLANK_TEMPLATE: TemplateId = TemplateId(Uuid::nil());

/// The kinds of object that carry permissions, events and locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    System,
    DataCenter,
    Cluster,
    Host,
    Network,
    StorageDomain,
    Disk,
    Template,
    Vm,
    User,
    Job,
    Event,
    Tag,
    Bookmark,
    Role,
    Directory,
    Quota,
}

impl Kind {
    pub const ALL: [Kind; 17] = [
        Kind::System,
        Kind::DataCenter,
        Kind::Cluster,
        Kind::Host,
        Kind::Network,
        Kind::StorageDomain,
        Kind::Disk,
        Kind::Template,
        Kind::Vm,
        Kind::User,
        Kind::Job,
        Kind::Event,
        Kind::Tag,
        Kind::Bookmark,
        Kind::Role,
        Kind::Directory,
        Kind::Quota,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Kind::System => "system",
            Kind::DataCenter => "data_center",
            Kind::Cluster => "cluster",
            Kind::Host => "host",
            Kind::Network => "network",
            Kind::StorageDomain => "storage_domain",
            Kind::Disk => "disk",
            Kind::Template => "template",
            Kind::Vm => "vm",
            Kind::User => "user",
            Kind::Job => "job",
            Kind::Event => "event",
            Kind::Tag => "tag",
            Kind::Bookmark => "bookmark",
            Kind::Role => "role",
            Kind::Directory => "directory",
            Kind::Quota => "quota",
        }
    }

    /// The kind's name for a person, in the singular.
    pub fn text(self) -> crate::Text {
        crate::Text::new(&format!("kind-{}", self.as_str().replace('_', "-")))
    }

    pub fn noun(self) -> String {
        self.text().to_string()
    }
}

impl std::str::FromStr for Kind {
    type Err = ();
    fn from_str(s: &str) -> Result<Self, ()> {
        Kind::ALL.into_iter().find(|k| k.as_str() == s).ok_or(())
    }
}
