//! What somebody asked to be done and was refused goes into the audit: every form and socket that was answered with 401
//! or 403. The sign-in is not among them, since it is told with the name by `control` itself. Who has not signed in is
//! written down no more often than an address may knock, or anybody could fill the disk.

use std::net::IpAddr;

use axum::extract::Request;
use axum::http::{Method, StatusCode};
use control::Who;
use control::audit::{self, Refused, Whence};
use model::id::Kind;
use uuid::Uuid;

use super::Web;

/// Reading is none, though server functions are posted.
const NO_DEEDS: [&str; 3] = ["/fn/", "/active", "/sign-in"];
/// A longer address is nobody's page.
const LONGEST: usize = 200;

/// A request that would change something.
pub struct Deed {
    path: String,
    correlation: String,
    address: String,
}

impl Deed {
    pub fn of(request: &Request, correlation: &str, address: &str) -> Option<Deed> {
        let path = request.uri().path();
        let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
        (!reads && !NO_DEEDS.iter().any(|none| path.starts_with(none))).then(|| Deed {
            path: path.chars().take(LONGEST).collect(),
            correlation: correlation.to_owned(),
            address: address.to_owned(),
        })
    }

    pub async fn ended(self, web: &Web, who: Option<&Who>, status: StatusCode) {
        if !matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            return;
        }
        let may_knock = |address: IpAddr| web.limiter.attempt(address, web.app.now()).is_ok();
        if who.is_none() && !self.address.parse().is_ok_and(may_knock) {
            return;
        }
        let refused = Refused { who, path: &self.path, object: object(&self.path) };
        let whence = Whence { address: &self.address, correlation: &self.correlation };
        if let Err(fault) = audit::refused(&web.app, refused, whence).await {
            tracing::error!(%fault, path = self.path, "a refusal could not be noted in the audit");
        }
    }
}

/// The object that an address is about.
fn object(path: &str) -> Option<(Kind, Uuid)> {
    let id = path.split('/').nth(2)?.parse().ok()?;
    let tab = app::paths::tab_of(path)?;
    Kind::ALL.iter().copied().find(|kind| app::paths::tab_for(*kind) == Some(tab)).map(|kind| (kind, id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    #[test]
    fn what_is_a_deed_and_what_it_is_about() {
        let vm = Uuid::from_u128(7);
        for (method, path, about) in [
            ("POST", format!("/vms/{vm}/remove"), Some(Some((Kind::Vm, vm)))),
            ("POST", format!("/storage/{vm}/edit"), Some(Some((Kind::StorageDomain, vm)))),
            ("POST", "/vms/new".to_owned(), Some(None)),
            ("GET", format!("/vms/{vm}/remove"), None),
            ("POST", "/fn/vms/list".to_owned(), None),
            ("POST", "/sign-in/code".to_owned(), None),
        ] {
            let request = Request::builder().method(method).uri(&path).body(Body::empty()).unwrap();
            let deed = Deed::of(&request, "c", "192.0.2.1");
            assert_eq!(deed.map(|deed| object(&deed.path)), about, "{method} {path}");
        }
    }
}
