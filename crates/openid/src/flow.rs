//! The way to a provider and back: the authorization code flow with PKCE. What was asked for is kept by who asks,
//! bound to the browser, and given back with the answer.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::provider::ProviderConfig;
use openidconnect::core::{CoreAuthenticationFlow, CoreGenderClaim, CoreIdToken, CoreJwsSigningAlgorithm};
use openidconnect::{
    AccessTokenHash, AdditionalClaims, AuthorizationCode, CsrfToken, HttpRequest, Nonce, OAuth2TokenResponse,
    PkceCodeChallenge, PkceCodeVerifier, RequestTokenError, Scope, TokenResponse, UserInfoClaims,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;

use crate::claims::{self, Person, Said};
use crate::discovery::{self, Client};
use crate::http::{Http, Server};
use crate::{OpenIdError, Profile};

/// How far two clocks may be apart.
const LEEWAY: time::Duration = time::Duration::MINUTE;
/// What a provider may sign with: never with the client's secret, and never not at all.
const SIGNED: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// What somebody was sent with. Each of the three is nobody's to guess, and for one sign-in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Asked {
    pub state: String,
    pub nonce: String,
    /// Of PKCE.
    pub verifier: String,
    /// Where they come back to.
    pub redirect: String,
}

/// What somebody came back with.
#[derive(Debug, Clone, Copy)]
pub struct Returned<'a> {
    pub code: &'a str,
    /// Who says that it sent them (RFC 9207).
    pub issuer: Option<&'a str>,
    pub now: OffsetDateTime,
}

pub async fn begin(profile: &Profile, asked: &Asked) -> Result<String, OpenIdError> {
    let http = Http::new(&profile.config.ca)?;
    let metadata = discovery::discover(&profile.config.issuer, &http, || {}).await?;
    let client = discovery::client(profile, metadata, &asked.redirect)?;
    // People type their passwords there.
    Server::of(client.auth_uri().as_str())?;
    let (state, nonce) = (CsrfToken::new(asked.state.clone()), Nonce::new(asked.nonce.clone()));
    let challenge =
        PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(asked.verifier.clone()));
    let scopes = profile.config.scopes.iter().cloned().map(Scope::new);
    let flow = CoreAuthenticationFlow::AuthorizationCode;
    let (url, ..) = client
        .authorize_url(flow, move || state, move || nonce)
        .add_scopes(scopes)
        .set_pkce_challenge(challenge)
        .url();
    Ok(url.into())
}

pub async fn finish(profile: &Profile, asked: &Asked, returned: Returned<'_>) -> Result<Person, OpenIdError> {
    let http = Http::new(&profile.config.ca)?;
    let metadata = discovery::discover(&profile.config.issuer, &http, || {}).await?;
    sent_by(&profile.config, returned.issuer, &metadata)?;
    let client = discovery::client(profile, metadata, &asked.redirect)?;
    let tokens = exchange(&client, &http, asked, returned.code).await?;
    let token = tokens.id_token().ok_or_else(|| OpenIdError::Token("no ID token".to_owned()))?;
    let (subject, mut said) = believed(profile, &client, token, (&asked.nonce, returned.now))?;
    bound(&client, token, tokens.access_token())?;
    if claims::missing(&profile.config, &said) {
        for (name, value) in more(&client, &http, &tokens, &subject).await? {
            said.entry(name).or_insert(value);
        }
    }
    claims::person(&profile.config, &subject, &said)
}

/// An answer that another provider sent is not taken to this one.
fn sent_by(
    config: &ProviderConfig,
    said: Option<&str>,
    metadata: &discovery::Metadata,
) -> Result<(), OpenIdError> {
    match said {
        Some(issuer) if issuer == config.issuer => Ok(()),
        Some(issuer) => Err(OpenIdError::Token(format!("iss: {issuer}"))),
        None if metadata.additional_metadata().authorization_response_iss_parameter_supported => {
            Err(OpenIdError::Token("no iss".to_owned()))
        }
        None => Ok(()),
    }
}

type Tokens = openidconnect::core::CoreTokenResponse;

async fn exchange(client: &Client, http: &Http, asked: &Asked, code: &str) -> Result<Tokens, OpenIdError> {
    let ask = |request: HttpRequest| http.clone().ask(request);
    let server = || client.token_uri().map(|url| url.to_string()).unwrap_or_default();
    let request = client
        .exchange_code(AuthorizationCode::new(code.to_owned()))
        .map_err(|e| OpenIdError::Answer(String::new(), e.to_string()))?
        .set_pkce_verifier(PkceCodeVerifier::new(asked.verifier.clone()));
    request.request_async(&ask).await.map_err(|error| match error {
        RequestTokenError::Request(cause) => cause,
        RequestTokenError::ServerResponse(said) => OpenIdError::Code(said.to_string()),
        RequestTokenError::Parse(cause, _) => OpenIdError::Answer(server(), cause.to_string()),
        RequestTokenError::Other(cause) => OpenIdError::Answer(server(), cause),
    })
}

/// Checks an ID token; gives whose it is, and what it says.
fn believed(
    profile: &Profile,
    client: &Client,
    token: &CoreIdToken,
    (nonce, now): (&str, OffsetDateTime),
) -> Result<(String, Said), OpenIdError> {
    let at =
        |time: OffsetDateTime| chrono::DateTime::from_timestamp(time.unix_timestamp(), 0).unwrap_or_default();
    let (earliest, latest) = (at(now - LEEWAY), at(now + LEEWAY));
    let verifier = client
        .id_token_verifier()
        .set_allowed_algs(SIGNED)
        .set_time_fn(move || earliest)
        .set_issue_time_verifier_fn(move |issued| {
            if issued <= latest { Ok(()) } else { Err(format!("issued at {issued}")) }
        });
    let claims = token.claims(&verifier, &Nonce::new(nonce.to_owned()))?;
    let us = |party: &openidconnect::ClientId| party.as_str() == profile.config.client_id;
    if claims.authorized_party().is_some_and(|party| !us(party)) {
        return Err(OpenIdError::Token("azp".to_owned()));
    }
    // The signature is over these very bytes.
    Ok((claims.subject().to_string(), payload(&token.to_string())?))
}

fn payload(token: &str) -> Result<Said, OpenIdError> {
    let wrong = || OpenIdError::Token("JSON".to_owned());
    let part = token.split('.').nth(1).ok_or_else(wrong)?;
    let bytes = URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).map_err(|_| wrong())?;
    serde_json::from_slice(&bytes).map_err(|_| wrong())
}

/// The access token is the one that the ID token came with, where that says so.
fn bound(
    client: &Client,
    token: &CoreIdToken,
    access: &openidconnect::AccessToken,
) -> Result<(), OpenIdError> {
    let verifier = client.id_token_verifier().set_allowed_algs(SIGNED);
    let wrong = |e: &dyn std::fmt::Display| OpenIdError::Token(e.to_string());
    let any = |_: Option<&Nonce>| Ok(());
    // It was believed just now; what the clock says is no matter here.
    let verifier = verifier.set_time_fn(chrono::DateTime::default);
    let claims = token.claims(&verifier, any)?;
    let Some(hash) = claims.access_token_hash() else { return Ok(()) };
    let alg = token.signing_alg().map_err(|e| wrong(&e))?;
    let key = token.signing_key(&verifier).map_err(|e| wrong(&e))?;
    let actual = AccessTokenHash::from_token(access, alg, key).map_err(|e| wrong(&e))?;
    if actual == *hash { Ok(()) } else { Err(OpenIdError::Token("at_hash".to_owned())) }
}

/// Claims by whatever name.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Any(Said);

impl AdditionalClaims for Any {}

/// What the provider says of somebody where it is asked for more; nothing where it says nothing more.
async fn more(client: &Client, http: &Http, tokens: &Tokens, subject: &str) -> Result<Said, OpenIdError> {
    let ask = |request: HttpRequest| http.clone().ask(request);
    let expected = openidconnect::SubjectIdentifier::new(subject.to_owned());
    let Ok(request) = client.user_info(tokens.access_token().clone(), Some(expected)) else {
        return Ok(Said::new());
    };
    let server = || client.user_info_url().map(|url| url.to_string()).unwrap_or_default();
    let answer: Result<UserInfoClaims<Any, CoreGenderClaim>, _> = request.request_async(&ask).await;
    let claims = answer.map_err(|error| match error {
        openidconnect::UserInfoError::Request(cause) => cause,
        openidconnect::UserInfoError::ClaimsVerification(cause) => cause.into(),
        other => OpenIdError::Answer(server(), other.to_string()),
    })?;
    match serde_json::to_value(claims) {
        Ok(Value::Object(said)) => Ok(said),
        _ => Ok(Said::new()),
    }
}
