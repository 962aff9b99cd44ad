//! A virtual machine: its states, what may be done in which, and its views. The table is oVirt's
//! (`ActionUtils.java`, catalogue 04 §7), for the actions that Drover has.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::lease::LeaseStage;
use crate::nic::{NicConfig, NicModel};
use crate::statistics::UsePoint;
use crate::vm_disk::Interface;
use crate::vm_options::{Graphics, VmOptions};
use crate::{
    Action, ClusterId, DataCenterId, DiskId, HostId, NetworkId, NicId, QuotaId, Refusal, TemplateId, Text,
    VmId, lease,
};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$of])* #[serde(rename = $word)] $variant),* }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),*];
            /// The same as words.
            pub const WORDS: &'static [&'static str] = &[$($word),*];
            /// The word in the database and on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),* }
            }
        }
        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(s: &str) -> Result<Self, String> {
                $name::ALL.iter().copied().find(|v| v.as_str() == s)
                    .ok_or_else(|| format!("{s:?} is no {}", stringify!($name)))
            }
        }
    };
}
pub(crate) use words;

words! {
    /// What is observed of a VM. Names are oVirt's, in REST spelling.
    VmStatus {
        ImageLocked = "image_locked", Down = "down", WaitForLaunch = "wait_for_launch", PoweringUp = "powering_up",
        Up = "up", PoweringDown = "powering_down", RebootInProgress = "reboot_in_progress", Paused = "paused",
        SavingState = "saving_state", Suspended = "suspended", RestoringState = "restoring_state",
        Migrating = "migrating", NotResponding = "not_responding", Unknown = "unknown",
        ImageIllegal = "image_illegal",
    }
}

words! {
    /// What somebody asked for. Never the same column as the status.
    VmIntent { Down = "down", Up = "up" }
}

impl VmStatus {
    pub fn text(self) -> Text {
        Text::new(&format!("vm-status-{}", self.as_str().replace('_', "-")))
    }

    pub fn label(self) -> String {
        crate::text::t(&format!("vm-status-{}", self.as_str().replace('_', "-")))
    }

    /// A process of this VM exists, or may exist, on a host.
    pub fn running(self) -> bool {
        !matches!(self, VmStatus::Down | VmStatus::ImageLocked | VmStatus::ImageIllegal | VmStatus::Suspended)
    }

    /// Whether `action` fits the status. Permission, locks and placement are other questions.
    pub fn can(self, action: Action) -> Result<(), Refusal> {
        use Action::*;
        use VmStatus::*;
        let allowed = match self {
            Down => hardware(action) || matches!(action, RunVm | RemoveVm | EditVm | MakeTemplate),
            Up => {
                hardware(action)
                    || matches!(
                        action,
                        ShutdownVm
                            | PowerOffVm
                            | RebootVm
                            | ResetVm
                            | PauseVm
                            | SuspendVm
                            | ChangeCd
                            | EditVm
                            | OpenConsole
                    )
            }
            WaitForLaunch => matches!(action, ShutdownVm | PowerOffVm | EditVm | OpenConsole),
            PoweringUp => {
                matches!(action, ShutdownVm | PowerOffVm | RebootVm | ResetVm | EditVm | OpenConsole)
            }
            PoweringDown => matches!(action, ShutdownVm | PowerOffVm | EditVm | OpenConsole),
            RebootInProgress => {
                matches!(action, ShutdownVm | PowerOffVm | ResetVm | EditVm | OpenConsole)
            }
            Migrating => matches!(action, ShutdownVm | PowerOffVm | EditVm | OpenConsole),
            Paused => matches!(action, RunVm | ShutdownVm | PowerOffVm | ChangeCd | EditVm | OpenConsole),
            Suspended => matches!(action, RunVm | PowerOffVm | EditVm),
            SavingState | RestoringState => matches!(action, EditVm | OpenConsole),
            NotResponding => matches!(action, ShutdownVm | PowerOffVm),
            ImageIllegal => matches!(action, RemoveVm),
            ImageLocked | Unknown => false,
        };
        if allowed {
            return Ok(());
        }
        Err(Refusal::new("refusal-vm-status").with("action", action.text()).with("status", self.text()))
    }
}

/// What is put into a VM or taken out of it: while it is down, or its guest is there to notice.
fn hardware(action: Action) -> bool {
    use Action::*;
    matches!(action, AddDisk | AttachDisk | DetachDisk | ExtendDisk | AddNic | EditNic | RemoveNic)
}

/// A line of the list of VMs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VmRow {
    pub id: VmId,
    pub version: i64,
    pub name: String,
    pub description: String,
    pub comment: String,
    pub status: VmStatus,
    pub intended: VmIntent,
    /// Why it is as it is, if there is something to say ("the guest shut down").
    pub status_reason: Option<Text>,
    pub host: Option<(HostId, String)>,
    pub cluster: (ClusterId, String),
    pub data_center: (DataCenterId, String),
    pub memory: u64,
    pub vcpus: u32,
    /// Of the VM's memory, 0 to 100.
    pub memory_percent: Option<f32>,
    /// Of the VM's vCPUs, 0 to 100.
    pub cpu_percent: Option<f32>,
    /// Bytes per second, both ways.
    pub network_rate: Option<u64>,
    /// Addresses told by the guest agent.
    pub addresses: Vec<String>,
    pub fqdn: Option<String>,
    /// The operating system, as the guest tells it.
    #[serde(default)]
    pub os: Option<String>,
    /// The protocols of its screen: of the run while it runs, else of the next one.
    pub graphics: Graphics,
    /// None is the default of its data center.
    pub quota: Option<(QuotaId, String)>,
    /// It is not removed, whoever asks.
    pub protected: bool,
    pub tags: Vec<String>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub started_at: Option<OffsetDateTime>,
    /// When it is shut down, to be removed later; none never is.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub expires_at: Option<OffsetDateTime>,
    /// How far it is on the way there.
    pub lease_stage: LeaseStage,
}

impl VmRow {
    /// Whether `action` fits what it is now: its status, its end, its protection.
    pub fn can(&self, action: Action) -> Result<(), Refusal> {
        self.status.can(action)?;
        match action {
            Action::RunVm if self.lease_stage.over() => Err(lease::refusal(self.id, &self.name)),
            Action::RemoveVm if self.protected => {
                Err(Refusal::new("refusal-protected").with("name", &self.name))
            }
            _ => Ok(()),
        }
    }

    /// Whether there is an end to be extended.
    pub fn has_lease(&self) -> Result<(), Refusal> {
        let none = || Refusal::new("refusal-lease-none").with("name", &self.name);
        self.expires_at.map(drop).ok_or_else(none)
    }
}

/// Everything the details page shows besides lists of their own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VmDetails {
    pub row: VmRow,
    pub template: Option<(TemplateId, String)>,
    pub sockets: u32,
    pub cores: u32,
    pub threads: u32,
    pub cpu_model: Option<String>,
    pub options: VmOptions,
    /// The hosts that the options name.
    pub option_hosts: Vec<(HostId, String)>,
    pub next_run_changes: bool,
    /// Why somebody stopped it last, to be shown before the next start.
    #[serde(default)]
    pub stop_reason: Option<String>,
    /// When it is started again by itself, after attempts that failed.
    #[serde(with = "time::serde::rfc3339::option")]
    pub ha_next_at: Option<OffsetDateTime>,
    /// When the next thing happens on the way to its end and after it: of one that is kept, its removal.
    #[serde(with = "time::serde::rfc3339::option")]
    pub lease_due: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    pub disks: Vec<VmDisk>,
    pub nics: Vec<Nic>,
    pub guest: Option<GuestInfo>,
    /// Its use in the last hour, the newest first.
    pub use_history: Vec<UsePoint>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VmDisk {
    pub id: DiskId,
    pub alias: String,
    pub virtual_size: u64,
    pub actual_size: u64,
    pub allocation: crate::disk::Allocation,
    pub status: crate::disk::DiskStatus,
    pub bootable: bool,
    pub interface: Interface,
    pub storage_domain: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Nic {
    pub id: NicId,
    pub name: String,
    pub mac: String,
    pub network: Option<(NetworkId, String)>,
    pub model: NicModel,
    /// Whether the guest has it.
    pub plugged: bool,
    /// Whether its cable is in.
    pub linked: bool,
    pub addresses: Vec<String>,
}

impl Nic {
    pub fn config(&self) -> NicConfig {
        NicConfig {
            name: self.name.clone(),
            network: self.network.as_ref().map(|(id, _)| *id),
            model: self.model,
            plugged: self.plugged,
            linked: self.linked,
        }
    }
}

/// What the guest agent tells.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct GuestInfo {
    pub hostname: Option<String>,
    pub os: Option<String>,
    pub kernel: Option<String>,
    pub agent_version: Option<String>,
    pub interfaces: Vec<GuestInterface>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct GuestInterface {
    pub name: String,
    pub mac: String,
    pub addresses: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows: a status; columns: run, shutdown, power off, reboot, remove, edit, console, reset, pause, suspend, change
    /// CD, make template, and everything about disks and NICs.
    const TABLE: &[(VmStatus, &str)] = &[
        (VmStatus::Down, "y---yy-----yy"),
        (VmStatus::Up, "-yyy-yyyyyy-y"),
        (VmStatus::WaitForLaunch, "-yy--yy------"),
        (VmStatus::PoweringUp, "-yyy-yyy-----"),
        (VmStatus::PoweringDown, "-yy--yy------"),
        (VmStatus::RebootInProgress, "-yy--yyy-----"),
        (VmStatus::Migrating, "-yy--yy------"),
        (VmStatus::Paused, "yyy--yy---y--"),
        (VmStatus::Suspended, "y-y--y-------"),
        (VmStatus::SavingState, "-----yy------"),
        (VmStatus::RestoringState, "-----yy------"),
        (VmStatus::NotResponding, "-yy----------"),
        (VmStatus::ImageIllegal, "----y--------"),
        (VmStatus::ImageLocked, "-------------"),
        (VmStatus::Unknown, "-------------"),
    ];

    #[test]
    fn the_table_of_catalogue_04_section_7() {
        use Action::*;
        let columns = [
            RunVm,
            ShutdownVm,
            PowerOffVm,
            RebootVm,
            RemoveVm,
            EditVm,
            OpenConsole,
            ResetVm,
            PauseVm,
            SuspendVm,
            ChangeCd,
            MakeTemplate,
            AddDisk,
        ];
        assert_eq!(TABLE.len(), VmStatus::ALL.len());
        for (status, row) in TABLE {
            for (action, mark) in columns.iter().zip(row.chars()) {
                assert_eq!(status.can(*action).is_ok(), mark == 'y', "{status:?} {action:?}");
            }
        }
    }

    /// oVirt would extend the disk of a suspended VM; but its guest goes on with the size that it knew.
    #[test]
    fn all_of_the_hardware_is_changed_in_the_same_states() {
        use Action::*;
        for status in VmStatus::ALL {
            for action in [AttachDisk, DetachDisk, ExtendDisk, AddNic, EditNic, RemoveNic] {
                assert_eq!(status.can(action).is_ok(), status.can(AddDisk).is_ok(), "{status:?} {action:?}");
            }
        }
    }

    #[test]
    fn a_refusal_names_the_action_and_the_status() {
        let text = VmStatus::Up.can(Action::RemoveVm).unwrap_err().to_string();
        assert!(text.contains("Remove") && text.contains("Up"), "{text}");
    }
}
