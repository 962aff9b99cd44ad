//! The test of a provider, step by step, as far as it comes: what is wrong is seen where it is wrong. Whether the client's
//! secret is right shows only when somebody signs in: no provider says so before.

use std::sync::atomic::{AtomicUsize, Ordering};

use model::Text;
use model::directory::{Step, StepOutcome};
use model::provider::ProviderConfig;

use crate::OpenIdError;
use crate::discovery::{self, Metadata};
use crate::http::{Http, Server};

/// Tries what can be tried without anybody signing in.
pub async fn probe(config: &ProviderConfig) -> Vec<StepOutcome> {
    let mut steps = Vec::new();
    if let Err((step, error)) = reach(config, &mut steps).await {
        steps.push(StepOutcome { step, fine: false, text: error.text() });
    }
    steps
}

fn fine(steps: &mut Vec<StepOutcome>, step: Step, key: &str, value: impl ToString) {
    let text = Text::new(key).with("value", value.to_string());
    steps.push(StepOutcome { step, fine: true, text });
}

async fn reach(config: &ProviderConfig, steps: &mut Vec<StepOutcome>) -> Result<(), (Step, OpenIdError)> {
    let of = |step: Step| move |error| (step, error);
    let server = Server::of(&config.issuer).map_err(of(Step::Resolve))?;
    let addresses = server.resolve().await.map_err(of(Step::Resolve))?;
    let shown: Vec<String> = addresses.iter().map(|a| a.ip().to_string()).collect();
    fine(
        steps,
        Step::Resolve,
        "directory-step-resolved",
        format!("{}: {}", server.authority, shown.join(", ")),
    );
    let stream = server.connect(&addresses).await.map_err(of(Step::Connect))?;
    fine(steps, Step::Connect, "plain-value", &server.authority);
    let http = Http::new(&config.ca).map_err(of(Step::Tls))?;
    if server.tls {
        http.encrypt(&server, stream).await.map_err(of(Step::Tls))?;
        fine(steps, Step::Tls, "directory-step-tls", "");
    } else {
        fine(steps, Step::Tls, "openid-step-loopback", "");
    }
    describe(config, &http, steps).await
}

async fn describe(
    config: &ProviderConfig,
    http: &Http,
    steps: &mut Vec<StepOutcome>,
) -> Result<(), (Step, OpenIdError)> {
    let requests = AtomicUsize::new(0);
    let heard = || {
        requests.fetch_add(1, Ordering::Relaxed);
    };
    let found = discovery::discover(&config.issuer, http, heard).await;
    // The keys are asked for second, where the first answer says.
    let described = requests.load(Ordering::Relaxed) > 1;
    if described {
        fine(steps, Step::Discovery, "plain-value", &config.issuer);
    }
    let metadata = found.map_err(|error| (if described { Step::Keys } else { Step::Discovery }, error))?;
    keys(&metadata, steps);
    pkce(&metadata, steps);
    Ok(())
}

fn keys(metadata: &Metadata, steps: &mut Vec<StepOutcome>) {
    match metadata.jwks().keys().len() {
        0 => {
            steps.push(StepOutcome { step: Step::Keys, fine: false, text: Text::new("openid-step-no-keys") })
        }
        n => fine(steps, Step::Keys, "openid-step-keys", n),
    }
}

/// A provider that does not say knows it or ignores it; one that says has to know ours.
fn pkce(metadata: &Metadata, steps: &mut Vec<StepOutcome>) {
    match &metadata.additional_metadata().code_challenge_methods_supported {
        Some(known) if known.iter().any(|method| method == "S256") => {
            fine(steps, Step::Pkce, "plain-value", "S256");
        }
        Some(_) => {
            steps.push(StepOutcome { step: Step::Pkce, fine: false, text: Text::new("openid-step-no-pkce") });
        }
        None => fine(steps, Step::Pkce, "openid-step-pkce-unsaid", ""),
    }
}
