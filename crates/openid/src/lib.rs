//! OpenID Connect: where a provider sends people, and whose tokens are believed. Tokens and their signatures are the
//! crate `openidconnect`'s business; here is what is asked of it. A provider is reached over the network and is often
//! slow or away, so nothing here waits without an end, and nobody else waits for it.
//!
//! How a provider is reached is `http`; what it says of itself, `discovery`; the way there and back, `flow`; who somebody
//! is by what was said of them, `claims`; the test that a person sees step by step, `probe`.

mod claims;
mod discovery;
mod error;
mod flow;
mod http;
mod probe;

use std::time::Duration;

use model::provider::ProviderConfig;
use tokio::time::timeout;

pub use claims::Person;
pub use error::OpenIdError;
pub use flow::{Asked, Returned};
pub use probe::probe;

/// For everything that one sign-in asks of a provider.
const WHOLE: Duration = Duration::from_secs(20);

/// A provider as it is asked.
#[derive(Clone)]
pub struct Profile {
    pub config: ProviderConfig,
    /// None for a public client.
    pub secret: Option<String>,
}

/// Where somebody goes to sign in.
pub async fn begin(profile: &Profile, asked: &Asked) -> Result<String, OpenIdError> {
    let slow = |_| OpenIdError::Slow(profile.config.issuer.clone());
    timeout(WHOLE, flow::begin(profile, asked)).await.map_err(slow)?
}

/// Who came back with this answer.
pub async fn finish(profile: &Profile, asked: &Asked, returned: Returned<'_>) -> Result<Person, OpenIdError> {
    let slow = |_| OpenIdError::Slow(profile.config.issuer.clone());
    timeout(WHOLE, flow::finish(profile, asked, returned)).await.map_err(slow)?
}
