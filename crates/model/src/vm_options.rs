//! What is said of a VM beside its name and hardware: its screen, where it may run, how available it has to be,
//! and what it boots from. Kept together, because the database and the run's own copy keep it together; names and
//! defaults are oVirt's (catalogue 04 §4).

use serde::{Deserialize, Serialize};

use crate::vm::words;
use crate::{FieldErrors, HostId, QuotaId, StorageDomainId, Text, field};

words! {
    /// The protocols of a VM's screen.
    Graphics { None = "none", Vnc = "vnc", Spice = "spice", Both = "spice_vnc" }
}

words! {
    /// What happens to the guest when its console is left.
    DisconnectAction {
        None = "none", LockScreen = "lock_screen", Logout = "logout", Shutdown = "shutdown", Reboot = "reboot",
    }
}

words! {
    BootDevice { Disk = "hd", Cdrom = "cdrom", Network = "network" }
}

words! {
    /// Who may move the VM while it runs.
    Migration { Any = "migratable", Manual = "user_migratable", None = "pinned" }
}

words! {
    /// Which of several VMs is started again first.
    Priority { Low = "low", Medium = "medium", High = "high" }
}

macro_rules! labels {
    ($($name:ident $prefix:literal),*) => {$(
        impl $name {
            pub fn label(self) -> String {
                crate::text::t(&format!(concat!($prefix, "-{}"), self.as_str().replace('_', "-")))
            }
        }
    )*};
}

words! {
    /// One way to a VM's screen.
    Protocol { Vnc = "vnc", Spice = "spice" }
}

labels!(Protocol "graphics", Graphics "graphics", DisconnectAction "disconnect", BootDevice "boot", Migration "migration", Priority "priority");

impl Graphics {
    pub fn vnc(self) -> bool {
        matches!(self, Graphics::Vnc | Graphics::Both)
    }

    pub fn spice(self) -> bool {
        matches!(self, Graphics::Spice | Graphics::Both)
    }
}

impl Graphics {
    /// The ways there are.
    pub fn protocols(self) -> Vec<Protocol> {
        let each = [(Protocol::Vnc, self.vnc()), (Protocol::Spice, self.spice())];
        each.into_iter().filter(|(_, there)| *there).map(|(protocol, _)| protocol).collect()
    }
}

/// A file that lies in a storage domain without being a disk.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MediaRef {
    pub storage_domain: StorageDomainId,
    pub name: String,
}

impl std::fmt::Display for MediaRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.storage_domain, self.name)
    }
}

impl std::str::FromStr for MediaRef {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (domain, name) = text.split_once('/').ok_or(())?;
        Ok(MediaRef { storage_domain: domain.parse().map_err(|_| ())?, name: name.to_owned() })
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct VmOptions {
    pub graphics: Graphics,
    /// Of VNC only; none takes the viewer's.
    pub keyboard: Option<String>,
    pub disconnect: DisconnectAction,
    /// Where it may run; empty is any host of its cluster.
    pub hosts: Vec<HostId>,
    pub migration: Migration,
    /// Started again by itself when its process died.
    pub ha: bool,
    pub priority: Priority,
    /// At least one device, each once.
    pub boot: Vec<BootDevice>,
    pub boot_menu: bool,
    pub cd: Option<MediaRef>,
    /// Paths on the host. With a kernel the firmware is skipped.
    pub kernel: Option<String>,
    pub initrd: Option<String>,
    pub kernel_parameters: Option<String>,
    /// What it is counted in; none is the default of its data center. Its disks have their own.
    pub quota: Option<QuotaId>,
    /// Nobody removes it by accident, nor by its lease (oVirt: delete protection).
    pub protected: bool,
}

impl Default for VmOptions {
    fn default() -> Self {
        VmOptions {
            graphics: Graphics::Vnc,
            keyboard: None,
            disconnect: DisconnectAction::LockScreen,
            hosts: Vec::new(),
            migration: Migration::Any,
            ha: false,
            priority: Priority::Low,
            boot: vec![BootDevice::Disk],
            boot_menu: false,
            cd: None,
            kernel: None,
            initrd: None,
            kernel_parameters: None,
            quota: None,
            protected: false,
        }
    }
}

/// The keyboards that QEMU's VNC knows by name.
pub const KEYBOARDS: &[&str] = &[
    "ar", "da", "de", "de-ch", "en-gb", "en-us", "es", "et", "fi", "fo", "fr", "fr-be", "fr-ca", "fr-ch",
    "hr", "hu", "is", "it", "ja", "lt", "lv", "mk", "nl", "no", "pl", "pt", "pt-br", "ru", "sl", "sv", "th",
    "tr",
];

impl VmOptions {
    pub fn headless(&self) -> bool {
        self.graphics == Graphics::None
    }

    /// Every field that is wrong, in the order of the dialog.
    pub fn errors(&self) -> FieldErrors {
        let mut e = FieldErrors::default();
        if self.keyboard.as_deref().is_some_and(|k| !KEYBOARDS.contains(&k)) {
            e.add("keyboard", Text::new("field-unknown-choice"));
        }
        if self.ha && self.hosts.len() == 1 {
            e.add("ha", Text::new("field-ha-pinned"));
        }
        match self.boot.as_slice() {
            [] => e.add("boot_first", Text::new("field-required")),
            [first, rest @ ..] if rest.contains(first) => {
                e.add("boot_second", Text::new("field-boot-twice"));
            }
            _ => {}
        }
        self.kernel_errors(&mut e);
        e
    }

    fn kernel_errors(&self, e: &mut FieldErrors) {
        for (name, path) in [("kernel", &self.kernel), ("initrd", &self.initrd)] {
            if let Some(path) = path {
                e.check(name, field::absolute_path(path));
            }
        }
        if let Some(parameters) = &self.kernel_parameters {
            e.check("kernel_parameters", field::line(parameters, 2048));
        }
        if self.kernel.is_some() {
            if self.boot_menu {
                e.add("boot_menu", Text::new("field-boot-menu-kernel"));
            }
            return;
        }
        for (name, there) in
            [("initrd", self.initrd.is_some()), ("kernel_parameters", self.kernel_parameters.is_some())]
        {
            if there && e.get(name).is_none() {
                e.add(name, Text::new("field-needs-kernel"));
            }
        }
    }

    /// Whether a running VM takes these options over without a new start.
    pub fn same_run(&self, running: &VmOptions) -> bool {
        let machine = |o: &VmOptions| {
            (
                o.graphics,
                o.keyboard.clone(),
                o.boot.clone(),
                o.boot_menu,
                o.cd.clone(),
                o.kernel.clone(),
                o.initrd.clone(),
                o.kernel_parameters.clone(),
            )
        };
        machine(self) == machine(running)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    type Change = fn(&mut VmOptions);

    #[test]
    fn each_contradiction_is_told_at_its_field() {
        let host = |n: u128| HostId(Uuid::from_u128(n));
        let fine: [Change; 4] = [
            |_| {},
            |o| o.boot = vec![BootDevice::Network, BootDevice::Cdrom],
            |o| (o.kernel, o.kernel_parameters) = (Some("/boot/k".into()), Some("quiet".into())),
            |o| o.graphics = Graphics::None,
        ];
        for change in fine {
            let mut options = VmOptions::default();
            change(&mut options);
            assert_eq!(options.errors(), FieldErrors::default());
        }
        let wrong: [(&str, &str, Change); 8] = [
            ("keyboard", "field-unknown-choice", |o| o.keyboard = Some("klingon".into())),
            ("boot_first", "field-required", |o| o.boot.clear()),
            ("boot_second", "field-boot-twice", |o| o.boot = vec![BootDevice::Disk, BootDevice::Disk]),
            ("kernel", "field-path", |o| o.kernel = Some("vmlinuz".into())),
            ("initrd", "field-needs-kernel", |o| o.initrd = Some("/boot/i".into())),
            ("kernel_parameters", "field-needs-kernel", |o| o.kernel_parameters = Some("quiet".into())),
            ("kernel_parameters", "field-edge-blanks", |o| {
                (o.kernel, o.kernel_parameters) = (Some("/boot/k".into()), Some(" quiet".into()));
            }),
            ("boot_menu", "field-boot-menu-kernel", |o| {
                (o.kernel, o.boot_menu) = (Some("/boot/k".into()), true);
            }),
        ];
        for (field, key, change) in wrong {
            let mut options = VmOptions::default();
            change(&mut options);
            let told: Vec<(String, String)> =
                options.errors().0.into_iter().map(|(name, text)| (name, text.key)).collect();
            assert_eq!(told, [(field.to_owned(), key.to_owned())]);
        }
        let mut pinned = VmOptions { ha: true, hosts: vec![host(1)], ..VmOptions::default() };
        assert_eq!(pinned.errors().get("ha").map(|t| t.key.as_str()), Some("field-ha-pinned"));
        pinned.hosts.push(host(2));
        assert!(pinned.errors().is_empty());
    }

    #[test]
    fn every_word_has_a_label() {
        let words = |prefix: &'static str, all: Vec<&'static str>| {
            all.into_iter().map(move |word| format!("{prefix}-{}", word.replace('_', "-")))
        };
        let keys = words("graphics", Graphics::ALL.iter().map(|w| w.as_str()).collect())
            .chain(words("disconnect", DisconnectAction::ALL.iter().map(|w| w.as_str()).collect()))
            .chain(words("boot", BootDevice::ALL.iter().map(|w| w.as_str()).collect()))
            .chain(words("migration", Migration::ALL.iter().map(|w| w.as_str()).collect()))
            .chain(words("priority", Priority::ALL.iter().map(|w| w.as_str()).collect()));
        for key in keys {
            assert!(crate::text::known(&key), "{key}");
        }
    }

    #[test]
    fn a_medium_is_named_by_its_domain_and_file() {
        let cd = MediaRef { storage_domain: StorageDomainId(Uuid::from_u128(7)), name: "a/b.iso".into() };
        assert_eq!(cd.to_string().parse(), Ok(cd));
        assert_eq!("x.iso".parse::<MediaRef>(), Err(()));
    }
}
