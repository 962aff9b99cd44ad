//! Locking and ending the sessions in a guest: its agent runs the program that its system has for it.

use std::time::{Duration, Instant};

use model::VmId;
use serde_json::{Value, json};
use virt::connect::Connect;
use virt::domain::Domain;

use super::domains::running;
use super::guest;
use crate::driver::Sessions;
use crate::{HostError, HostResult};

/// Seconds that libvirt waits for one answer of the agent.
const PATIENCE: i32 = 5;
/// How long the program in the guest may take.
const PROGRAM: Duration = Duration::from_secs(8);

/// By the system's id as its agent tells it; none stands for every other, which is expected to have systemd.
const PROGRAMS: &[(Option<&str>, Sessions, &str, &[&str])] = &[
    (Some("mswindows"), Sessions::Lock, "tsdiscon.exe", &["console"]),
    (Some("mswindows"), Sessions::End, "logoff.exe", &["console"]),
    (None, Sessions::Lock, "loginctl", &["lock-sessions"]),
    (None, Sessions::End, "loginctl", &["terminate-seat", "seat0"]),
];

pub fn act(connection: &Connect, vm: VmId, what: Sessions) -> HostResult<()> {
    let domain = running(connection, vm)?;
    guest::bound(&domain);
    let system = ask(&domain, "guest-get-osinfo", json!({}))?;
    let (program, arguments) = program(system["id"].as_str(), what);
    let started = ask(&domain, "guest-exec", json!({ "path": program, "arg": arguments }))?;
    let deadline = Instant::now() + PROGRAM;
    loop {
        let status = ask(&domain, "guest-exec-status", json!({ "pid": started["pid"] }))?;
        match (status["exited"].as_bool(), status["exitcode"].as_i64()) {
            (Some(true), Some(0)) => return Ok(()),
            (Some(true), code) => {
                let code = code.map_or("by a signal".to_owned(), |code| format!("with {code}"));
                return Err(HostError::Failed(format!("{program} in the guest ended {code}")));
            }
            _ if Instant::now() > deadline => {
                return Err(HostError::Timeout { seconds: PROGRAM.as_secs() });
            }
            _ => std::thread::sleep(Duration::from_millis(100)),
        }
    }
}

fn program(system: Option<&str>, what: Sessions) -> (&'static str, &'static [&'static str]) {
    let fits =
        |(of, act, ..): &&(Option<&str>, Sessions, _, _)| *act == what && (of.is_none() || *of == system);
    PROGRAMS.iter().find(fits).map_or(("loginctl", &[]), |(_, _, program, arguments)| (program, arguments))
}

fn ask(domain: &Domain, command: &str, arguments: Value) -> HostResult<Value> {
    let command = json!({ "execute": command, "arguments": arguments });
    let answer = domain.qemu_agent_command(&command.to_string(), PATIENCE, 0)?;
    let unreadable = |e: serde_json::Error| HostError::Failed(format!("the agent's answer: {e}"));
    Ok(serde_json::from_str::<Value>(&answer).map_err(unreadable)?["return"].take())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_system_has_its_programs() {
        for (system, what, program, first) in [
            (Some("mswindows"), Sessions::Lock, "tsdiscon.exe", "console"),
            (Some("mswindows"), Sessions::End, "logoff.exe", "console"),
            (Some("debian"), Sessions::Lock, "loginctl", "lock-sessions"),
            (None, Sessions::End, "loginctl", "terminate-seat"),
        ] {
            let (found, arguments) = super::program(system, what);
            assert_eq!((found, arguments[0]), (program, first), "{system:?} {what:?}");
        }
    }
}
