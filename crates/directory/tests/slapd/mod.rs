//! The directory of these tests. Its script ends it when this process is gone, whose end of the pipe goes with it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use directory::Profile;
use model::directory::{DirectoryConfig, Schema, Security};

pub struct Slapd {
    plain: String,
    tls: String,
    ca: String,
    pub other_ca: String,
    _script: Child,
}

pub fn slapd() -> &'static Slapd {
    static SLAPD: OnceLock<Slapd> = OnceLock::new();
    SLAPD.get_or_init(start)
}

fn start() -> Slapd {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../end2end/setup/ldap.sh");
    let name = format!("tests-{}", std::process::id());
    let mut command = Command::new(script);
    let mut child = command
        .args(["run", &name])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the directory's script runs");
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut next = |name: &str| {
        let line = lines.next().expect("slapd is installed: end2end/setup/machine.sh").unwrap();
        line.strip_prefix(name).unwrap_or_else(|| panic!("{line} is no {name}")).to_owned()
    };
    let (plain, tls) = (next("LDAP_PORT="), next("LDAPS_PORT="));
    let pem = |path: String| std::fs::read_to_string(path).unwrap();
    let (ca, other_ca) = (pem(next("LDAP_CA=")), pem(next("LDAP_OTHER_CA=")));
    Slapd { plain, tls, ca, other_ca, _script: child }
}

impl Slapd {
    pub fn profile(&self, security: Security) -> Profile {
        let port = if security == Security::Ldaps { &self.tls } else { &self.plain };
        let config = DirectoryConfig {
            name: "example.org".into(),
            schema: Schema::OpenLdap,
            servers: vec![format!("127.0.0.1:{port}")],
            security,
            ca: self.ca.clone(),
            base_dn: "dc=example,dc=org".into(),
            bind_dn: "cn=reader,dc=example,dc=org".into(),
        };
        Profile { config, password: "reader-secret".into() }
    }
}
