//! Password hashes: argon2id, made and checked on threads for blocking work, a few at a time, so that a storm
//! of sign-ins cannot take all memory and cores.

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use model::Fault;
use model::clock::Ids;
use tokio::sync::Semaphore;

use crate::Outcome;

/// argon2id takes 19 MiB each.
static AT_ONCE: Semaphore = Semaphore::const_new(4);

pub async fn hash(password: &str, ids: &dyn Ids) -> Outcome<String> {
    let salt = SaltString::encode_b64(ids.uuid().as_bytes()).map_err(|e| store::internal(&e))?;
    let password = password.to_owned();
    blocking(move || Argon2::default().hash_password(password.as_bytes(), &salt).map(|h| h.to_string()))
        .await?
        .map_err(|e| store::internal(&e))
}

/// Takes as long for an unknown account (no hash) as for a wrong password.
pub async fn verify(password: &str, hash: Option<String>) -> Outcome<bool> {
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ib2R5$012345678901234567890123456789012345678901w";
    let password = password.to_owned();
    blocking(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let fits = PasswordHash::new(&hash)
            .is_ok_and(|h| Argon2::default().verify_password(password.as_bytes(), &h).is_ok());
        fits && known
    })
    .await
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Outcome<T> {
    let _turn = AT_ONCE.acquire().await.map_err(|e| -> Fault { store::internal(&e) })?;
    tokio::task::spawn_blocking(work).await.map_err(|e| store::internal(&e))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed;
    impl Ids for Fixed {
        fn uuid(&self) -> uuid::Uuid {
            uuid::Uuid::from_u128(7)
        }
    }

    #[tokio::test]
    async fn a_hash_fits_its_password_only() {
        let hash = hash("correct horse", &Fixed).await.unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(verify("correct horse", Some(hash.clone())).await.unwrap());
        assert!(!verify("wrong horse", Some(hash)).await.unwrap());
        assert!(!verify("anything", None).await.unwrap());
    }
}
