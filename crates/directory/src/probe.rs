//! The test of a directory, step by step, as far as it comes: what is wrong is seen where it is wrong.

use model::Text;
use model::directory::{Security, Step, StepOutcome};

use crate::connection::{Connection, Profile, connect, resolve};
use crate::session::{Session, User};
use crate::{DirectoryError, filter};

/// Tries the first server that can be connected to, and tells of those before it.
pub async fn probe(profile: &Profile) -> Vec<StepOutcome> {
    let mut steps = Vec::new();
    for server in &profile.config.servers {
        let before = steps.len();
        if try_server(profile, server, &mut steps).await.is_ok() {
            break;
        }
        tracing::debug!(server, steps = steps.len() - before, "a directory's test came to an end");
    }
    steps
}

fn fine(steps: &mut Vec<StepOutcome>, step: Step, key: &str, value: impl ToString) {
    let text = Text::new(key).with("value", value.to_string());
    steps.push(StepOutcome { step, fine: true, text });
}

async fn try_server(profile: &Profile, server: &str, steps: &mut Vec<StepOutcome>) -> Result<(), ()> {
    let failed = |steps: &mut Vec<StepOutcome>, step, error: DirectoryError| {
        steps.push(StepOutcome { step, fine: false, text: error.text() });
    };
    let addresses = resolve(profile, server).await.map_err(|e| failed(steps, Step::Resolve, e))?;
    let shown: Vec<String> = addresses.iter().map(|a| a.ip().to_string()).collect();
    fine(steps, Step::Resolve, "directory-step-resolved", format!("{server}: {}", shown.join(", ")));
    let stream = connect(server, addresses).await.map_err(|e| failed(steps, Step::Connect, e))?;
    fine(steps, Step::Connect, "plain-value", server);
    let mut connection =
        Connection::over(profile, server, stream).await.map_err(|e| failed(steps, Step::Tls, e))?;
    let tls = if profile.config.security == Security::Plain {
        "directory-step-no-tls"
    } else {
        "directory-step-tls"
    };
    fine(steps, Step::Tls, tls, "");
    connection.bind_reader(profile).await.map_err(|e| failed(steps, Step::Bind, e))?;
    let reader = &profile.config.bind_dn;
    let key = if reader.is_empty() { "directory-step-anonymous" } else { "plain-value" };
    fine(steps, Step::Bind, key, reader);
    let mut session = Session::over(profile, connection);
    match session.has_base().await {
        Ok(true) => fine(steps, Step::Base, "plain-value", &profile.config.base_dn),
        Ok(false) => {
            let text = Text::new("directory-step-no-base");
            steps.push(StepOutcome { step: Step::Base, fine: false, text });
            return Ok(());
        }
        Err(e) => {
            failed(steps, Step::Base, e);
            return Ok(());
        }
    }
    look(&mut session, steps).await;
    Ok(())
}

/// Somebody, and a group.
async fn look(session: &mut Session, steps: &mut Vec<StepOutcome>) {
    let a = session.attributes;
    for (step, group, filter) in
        [(Step::Users, false, filter::users_like(a, "")), (Step::Groups, true, filter::groups_like(a, ""))]
    {
        match session.entries(&filter, group, 3).await {
            Ok(found) if found.is_empty() => {
                steps.push(StepOutcome { step, fine: false, text: Text::new("directory-step-none") });
            }
            Ok(found) => fine(steps, step, "directory-step-found", names(&found)),
            Err(e) => steps.push(StepOutcome { step, fine: false, text: e.text() }),
        }
    }
}

fn names(found: &[User]) -> String {
    found.iter().map(|one| one.found.name.as_str()).collect::<Vec<_>>().join(", ")
}
