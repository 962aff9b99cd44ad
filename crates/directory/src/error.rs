//! Why a directory could not be asked. Whoever set it up reads this; whoever signs in reads only that it is away.

use ldap3::LdapError;
use model::Text;

#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    #[error("{0}: {1}")]
    Resolve(String, String),
    #[error("{0}: {1}")]
    Connect(String, String),
    #[error("{0}: no TLS: {1}")]
    Tls(String, String),
    #[error("the certificate of the authority cannot be read: {0}")]
    Ca(String),
    /// The account that Drover looks with.
    #[error("{0}: {1}")]
    Bind(String, String),
    #[error("{0} does not answer in time")]
    Slow(String),
    /// It answers, and has nobody in it as it is asked.
    #[error("{0} has no users")]
    Nobody(String),
    #[error("{0}: {1}")]
    Asked(String, String),
}

impl DirectoryError {
    /// In words for who looks after the directory.
    pub fn text(&self) -> Text {
        let (key, server, cause) = match self {
            DirectoryError::Resolve(server, cause) => ("directory-no-address", server, cause.as_str()),
            DirectoryError::Connect(server, cause) => ("directory-no-connection", server, cause.as_str()),
            DirectoryError::Tls(server, cause) => ("directory-no-tls", server, cause.as_str()),
            DirectoryError::Ca(cause) => return Text::new("directory-no-ca").with("cause", cause),
            DirectoryError::Bind(server, cause) => ("directory-no-bind", server, cause.as_str()),
            DirectoryError::Slow(server) => ("directory-slow", server, ""),
            DirectoryError::Nobody(_) => return Text::new("directory-step-none"),
            DirectoryError::Asked(server, cause) => ("directory-no-answer", server, cause.as_str()),
        };
        Text::new(key).with("server", server).with("cause", cause)
    }

    /// Whether another server of the same directory may do better.
    pub fn elsewhere(&self) -> bool {
        !matches!(self, DirectoryError::Ca(_) | DirectoryError::Bind(..))
    }

    pub(crate) fn asked(server: &str, error: &LdapError) -> DirectoryError {
        match error {
            LdapError::Timeout { .. } => DirectoryError::Slow(server.to_owned()),
            other => DirectoryError::Asked(server.to_owned(), other.to_string()),
        }
    }
}
