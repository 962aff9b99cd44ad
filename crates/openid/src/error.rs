//! Why nobody could be signed in. Whoever looks after the provider reads it whole; whoever signs in reads what they can
//! do about it.

use model::Text;
use openidconnect::{ClaimsVerificationError, SignatureVerificationError};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenIdError {
    #[error("{0}: {1}")]
    Resolve(String, String),
    #[error("{0}: {1}")]
    Connect(String, String),
    #[error("{0}: no TLS: {1}")]
    Tls(String, String),
    #[error("the certificate of the authority cannot be read: {0}")]
    Ca(String),
    #[error("{0} does not answer in time")]
    Slow(String),
    #[error("{0}: {1}")]
    Answer(String, String),
    /// An address without TLS, on another machine.
    #[error("{0} would be asked without encryption")]
    Insecure(String),
    /// It says of itself that it is another.
    #[error("{0}")]
    Issuer(String),
    /// It gave nothing for the code: the client's secret is wrong, or the code is used up.
    #[error("the code was refused: {0}")]
    Code(String),
    #[error("the token has run out, or is not there yet: {0}")]
    Clock(String),
    #[error("the token's key is not the provider's: {0}")]
    Key(String),
    /// It is not for us, not for this sign-in, or not signed as it must be.
    #[error("the token is not believed: {0}")]
    Token(String),
    /// What was to be said of somebody is missing.
    #[error("there is no {0}")]
    Claim(String),
}

impl OpenIdError {
    /// In words for who looks after the provider.
    pub fn text(&self) -> Text {
        let of =
            |key: &str, server: &str, cause: &str| Text::new(key).with("server", server).with("cause", cause);
        match self {
            OpenIdError::Resolve(server, cause) => of("directory-no-address", server, cause),
            OpenIdError::Connect(server, cause) => of("directory-no-connection", server, cause),
            OpenIdError::Tls(server, cause) => of("directory-no-tls", server, cause),
            OpenIdError::Ca(cause) => of("directory-no-ca", "", cause),
            OpenIdError::Slow(server) => of("directory-slow", server, ""),
            OpenIdError::Answer(server, cause) => of("directory-no-answer", server, cause),
            OpenIdError::Insecure(server) => of("openid-insecure", server, ""),
            OpenIdError::Issuer(cause) => of("openid-other-issuer", "", cause),
            OpenIdError::Code(cause) => of("openid-no-code", "", cause),
            OpenIdError::Clock(cause) => of("openid-clock", "", cause),
            OpenIdError::Key(cause) => of("openid-no-key", "", cause),
            OpenIdError::Token(cause) => of("openid-no-token", "", cause),
            OpenIdError::Claim(claim) => of("openid-no-claim", "", claim),
        }
    }

    /// What the person reads who wanted to sign in.
    pub fn refusal(&self) -> &'static str {
        match self {
            OpenIdError::Code(_) => "refusal-openid-code",
            OpenIdError::Clock(_) => "refusal-openid-clock",
            OpenIdError::Key(_) => "refusal-openid-key",
            OpenIdError::Token(_) => "refusal-openid-token",
            OpenIdError::Claim(_) => "refusal-openid-claim",
            _ => "refusal-openid-away",
        }
    }

    /// Whether it could not be asked at all.
    pub fn away(&self) -> bool {
        self.refusal() == "refusal-openid-away"
    }
}

impl From<ClaimsVerificationError> for OpenIdError {
    fn from(error: ClaimsVerificationError) -> Self {
        use SignatureVerificationError::{AmbiguousKeyId, NoMatchingKey};
        match error {
            ClaimsVerificationError::Expired(why) => OpenIdError::Clock(why),
            ClaimsVerificationError::SignatureVerification(why @ (NoMatchingKey | AmbiguousKeyId(_))) => {
                OpenIdError::Key(why.to_string())
            }
            ClaimsVerificationError::SignatureVerification(why) => OpenIdError::Token(why.to_string()),
            other => OpenIdError::Token(other.to_string()),
        }
    }
}
