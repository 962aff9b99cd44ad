//! What a provider says of itself, and the keys that it signs with. Both are read anew for each sign-in: a key that
//! was replaced is known at once, and there is nothing to go stale.

use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClient, CoreClientAuthMethod, CoreGrantType,
    CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreResponseMode,
    CoreResponseType, CoreSubjectIdentifierType,
};
use openidconnect::{
    AdditionalProviderMetadata, AuthType, ClientId, ClientSecret, DiscoveryError, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, HttpRequest, IssuerUrl, ProviderMetadata, RedirectUrl,
};
use serde::{Deserialize, Serialize};

use crate::http::Http;
use crate::{OpenIdError, Profile};

/// What RFC 8414 and RFC 9207 add.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct More {
    pub code_challenge_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for More {}

pub type Metadata = ProviderMetadata<
    More,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

pub type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Asks for both; `heard` is told of each request before it is sent.
pub async fn discover(issuer: &str, http: &Http, heard: impl Fn() + Sync) -> Result<Metadata, OpenIdError> {
    let url = IssuerUrl::new(issuer.to_owned()).map_err(|e| OpenIdError::Issuer(e.to_string()))?;
    let ask = |request: HttpRequest| {
        heard();
        http.clone().ask(request)
    };
    Metadata::discover_async(url, &ask).await.map_err(|error| match error {
        DiscoveryError::Request(cause) => cause,
        DiscoveryError::Validation(cause) => OpenIdError::Issuer(cause),
        DiscoveryError::Response(_, _, cause) => OpenIdError::Answer(issuer.to_owned(), cause),
        DiscoveryError::Parse(cause) => OpenIdError::Answer(issuer.to_owned(), cause.to_string()),
        other => OpenIdError::Answer(issuer.to_owned(), other.to_string()),
    })
}

/// Drover as the provider knows it.
pub fn client(profile: &Profile, metadata: Metadata, redirect: &str) -> Result<Client, OpenIdError> {
    let redirect = RedirectUrl::new(redirect.to_owned()).map_err(|e| OpenIdError::Issuer(e.to_string()))?;
    let auth = auth_type(&metadata);
    let id = ClientId::new(profile.config.client_id.clone());
    let secret = profile.secret.clone().map(ClientSecret::new);
    Ok(CoreClient::from_provider_metadata(metadata, id, secret)
        .set_redirect_uri(redirect)
        .set_auth_type(auth))
}

/// As the standard has it, unless the provider knows only the other way.
fn auth_type(metadata: &Metadata) -> AuthType {
    use CoreClientAuthMethod::{ClientSecretBasic, ClientSecretPost};
    let known = metadata.token_endpoint_auth_methods_supported();
    let only_post =
        known.is_some_and(|known| !known.contains(&ClientSecretBasic) && known.contains(&ClientSecretPost));
    if only_post { AuthType::RequestBody } else { AuthType::BasicAuth }
}
