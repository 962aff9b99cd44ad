//! The domain of these tests. Its script ends it when this process is gone, whose end of the pipe goes with it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use directory::Profile;
use model::directory::{DirectoryConfig, Schema, Security};

pub struct Samba {
    address: String,
    ca: String,
    pub other_ca: String,
    _script: Child,
}

pub fn samba() -> &'static Samba {
    static SAMBA: OnceLock<Samba> = OnceLock::new();
    SAMBA.get_or_init(start)
}

fn start() -> Samba {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../end2end/setup/samba.sh");
    let name = format!("tests-{}", std::process::id());
    let mut command = Command::new(script);
    let mut child = command
        .args(["run", &name])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the domain's script runs");
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut next = |name: &str| {
        let line = lines.next().expect("the domain is up: what is in the way was said above").unwrap();
        line.strip_prefix(name).unwrap_or_else(|| panic!("{line} is no {name}")).to_owned()
    };
    let address = next("AD_ADDRESS=");
    let pem = |path: String| std::fs::read_to_string(path).unwrap();
    let (ca, other_ca) = (pem(next("AD_CA=")), pem(next("AD_OTHER_CA=")));
    Samba { address, ca, other_ca, _script: child }
}

impl Samba {
    pub fn profile(&self, security: Security) -> Profile {
        let config = DirectoryConfig {
            name: "ad.example.org".into(),
            schema: Schema::ActiveDirectory,
            servers: vec![self.address.clone()],
            security,
            ca: self.ca.clone(),
            base_dn: "dc=ad,dc=example,dc=org".into(),
            bind_dn: "reader@ad.example.org".into(),
        };
        Profile { config, password: "reader-secret".into() }
    }
}
