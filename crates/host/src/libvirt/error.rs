//! From libvirt's errors to what the caller should do next. libvirt's codes decide where they are precise;
//! where they are not (most failures of QEMU and of TLS are "internal error" or "system error") its words do.

use virt::error::{Error, ErrorNumber as Code};

use crate::HostError;

impl From<Error> for HostError {
    fn from(error: Error) -> Self {
        let code = error.code().unwrap_or(Code::InternalError);
        sort(code, error.message().to_owned())
    }
}

impl From<crate::xml::XmlError> for HostError {
    fn from(error: crate::xml::XmlError) -> Self {
        HostError::Failed(error.to_string())
    }
}

fn sort(code: Code, text: String) -> HostError {
    match code {
        Code::NoDomain | Code::NoStoragePool | Code::NoStorageVolume => HostError::NotFound(text),
        Code::StorageVolExist | Code::DomExist => HostError::Exists(text),
        Code::OperationInvalid => by_words(&text).unwrap_or(HostError::WrongState(text)),
        // libvirt waits 30 s for a guest's monitor before it says this.
        Code::OperationTimeout => HostError::Timeout { seconds: 30 },
        Code::AgentUnresponsive => HostError::NoAgent(plain(&text)),
        Code::AuthFailed | Code::GnutlsError => certificate(text),
        Code::NoConnect | Code::Rpc | Code::InvalidConn | Code::UnknownHost => {
            by_words(&text).unwrap_or(HostError::Unreachable(text))
        }
        _ => by_words(&text).unwrap_or_else(|| HostError::Failed(plain(&text))),
    }
}

type Make = fn(String) -> HostError;

/// What is said only in words: a piece of libvirt's or QEMU's text, and the kind of error that it means.
const WORDS: &[(&str, Make)] = &[
    ("No space left on device", |_| HostError::NoSpace("the storage has no room left".into())),
    ("is locked", disk_in_use),
    ("Failed to get \"write\" lock", disk_in_use),
    ("Failed to get shared \"write\" lock", disk_in_use),
    ("ertificate", certificate),
    ("TLS", certificate),
    ("No such file or directory", |text| HostError::NotFound(plain(&text))),
    ("is still being allocated", |text| HostError::Busy(plain(&text))),
    ("Storage source conflict", |_| {
        HostError::Exists("another pool of this host has the same directory".into())
    }),
    ("guest agent is not configured", |text| HostError::NoAgent(plain(&text))),
    ("guest agent is not", |text| HostError::NoAgent(plain(&text))),
    ("domain is not running", |_| HostError::WrongState("the VM is not running".into())),
    ("domain is already running", |_| HostError::WrongState("the VM is running already".into())),
    ("client socket is closed", |_| HostError::Unreachable("the connection to the host broke".into())),
    ("End of file while reading data", |_| HostError::Unreachable("the host closed the connection".into())),
    ("Connection reset by peer", |_| HostError::Unreachable("the host closed the connection".into())),
    ("unable to connect to server", HostError::Unreachable),
    ("Failed to connect socket", |text| {
        HostError::Unreachable(format!("libvirt does not run on this machine: {}", plain(&text)))
    }),
];

fn by_words(text: &str) -> Option<HostError> {
    let (_, make) = WORDS.iter().find(|(words, _)| text.contains(words))?;
    Some(make(text.to_owned()))
}

fn disk_in_use(text: String) -> HostError {
    HostError::DiskInUse(format!("a disk is in use by another VM or host: {}", plain(&text)))
}

/// A host that does not like our certificate hangs up instead of confirming; libvirt only notes the silence.
fn certificate(text: String) -> HostError {
    let text = plain(&text);
    let meaning = [
        ("TLS confirmation", "the host did not accept Drover's certificate"),
        ("our certificate", "the host did not accept Drover's certificate"),
        ("The client certificate", "Drover's certificate is not usable"),
    ];
    let found = meaning.iter().find(|(words, _)| text.contains(words));
    HostError::Certificate(found.map_or(text.clone(), |(_, meaning)| format!("{meaning} ({text})")))
}

/// Without libvirt's own classification in front.
fn plain(text: &str) -> String {
    const PREFIXES: &[&str] = &["internal error: ", "operation failed: ", "authentication failed: "];
    let stripped = PREFIXES.iter().find_map(|p| text.strip_prefix(p));
    stripped.unwrap_or(text).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_libvirt_and_qemu_find_their_kind() {
        use HostError::*;
        type Fits = fn(&HostError) -> bool;
        let cases: &[(Code, &str, Fits)] = &[
            (Code::NoDomain, "Domain not found", |e| matches!(e, NotFound(_))),
            (Code::SystemError, "cannot fill file '/x': No space left on device", |e| {
                matches!(e, NoSpace(_))
            }),
            (Code::ResourceBusy, "Lockspace resource '/x' is locked", |e| matches!(e, DiskInUse(_))),
            (
                Code::InternalError,
                "process exited while connecting to monitor: Failed to get \"write\" lock",
                |e| matches!(e, DiskInUse(_)),
            ),
            (Code::AgentUnresponsive, "Guest agent is not responding", |e| matches!(e, NoAgent(_))),
            (Code::OperationInvalid, "Requested operation is not valid: domain is not running", |e| {
                matches!(e, WrongState(_))
            }),
            (Code::OperationTimeout, "cannot acquire state change lock", |e| matches!(e, Timeout { .. })),
            (Code::InternalError, "client socket is closed", |e| matches!(e, Unreachable(_))),
            (Code::SystemError, "cannot open directory '/x': No such file or directory", |e| {
                matches!(e, NotFound(_))
            }),
            (Code::OperationInvalid, "volume 'x.qcow2' is still being allocated.", |e| matches!(e, Busy(_))),
            (Code::InternalError, "something new", |e| matches!(e, Failed(_))),
        ];
        for (code, text, fits) in cases {
            let error = sort(*code, (*text).to_owned());
            assert!(fits(&error), "{text}: {error:?}");
        }
    }
}
