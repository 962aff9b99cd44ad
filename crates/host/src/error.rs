//! How a call to a host fails, sorted by what the caller should do next.

use model::Text;

pub type HostResult<T> = Result<T, HostError>;

#[derive(Debug, Clone, thiserror::Error)]
pub enum HostError {
    /// No connection, or it broke. Trying again later may help.
    #[error("{0}")]
    Unreachable(String),
    /// The certificate of either side was refused.
    #[error("{0}")]
    Certificate(String),
    /// No answer before the deadline; whether the host acted is unknown, so look before trying again.
    #[error("no answer within {seconds} s")]
    Timeout { seconds: u64 },
    /// The domain, volume or pool is not there.
    #[error("{0}")]
    NotFound(String),
    /// It is there already.
    #[error("{0}")]
    Exists(String),
    /// The storage has no room.
    #[error("{0}")]
    NoSpace(String),
    /// Another process or host holds the disk.
    #[error("{0}")]
    DiskInUse(String),
    /// The guest agent does not answer or is not there.
    #[error("{0}")]
    NoAgent(String),
    /// It is not in a state for that (already running, not running).
    #[error("{0}")]
    WrongState(String),
    /// The guest has been asked for it, and has not let go of it yet.
    #[error("{0}")]
    Kept(String),
    /// An earlier call is still at work on it.
    #[error("{0}")]
    Busy(String),
    /// Anything else that libvirt said.
    #[error("{0}")]
    Failed(String),
}

impl HostError {
    /// Whether doing the same again later can help.
    pub fn transient(&self) -> bool {
        matches!(
            self,
            HostError::Unreachable(_) | HostError::Timeout { .. } | HostError::Busy(_) | HostError::Kept(_)
        )
    }

    /// The same in words for a person.
    pub fn text(&self) -> Text {
        match self {
            HostError::Timeout { seconds } => Text::new("host-reason-timeout").with("seconds", *seconds),
            HostError::Kept(_) => Text::new("host-reason-kept"),
            HostError::Certificate(cause) => Text::new("host-reason-certificate").with("cause", cause),
            other => Text::new("host-reason-unreachable").with("cause", other.to_string()),
        }
    }
}
