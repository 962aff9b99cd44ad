//! What must be read again and yet lies encrypted in the database: XChaCha20-Poly1305 under the server's own key. The key
//! is the server's to keep (`<data>/secret.key`), so a copy of the database alone opens nothing.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use model::Fault;
use model::clock::Ids;
use sha2::{Digest, Sha256};

use crate::Outcome;

/// Which form a sealed text has; another cipher gets another number.
const FORM: u8 = 1;
const NONCE: usize = 24;

/// Seals and opens. Handed in by the server, as `App::secrets`.
pub struct Secrets(XChaCha20Poly1305);

impl Secrets {
    pub fn new(key: &[u8; 32]) -> Secrets {
        Secrets(XChaCha20Poly1305::new(Key::from_slice(key)))
    }

    /// `about` says whose secret it is and what for: elsewhere the sealed text does not open.
    pub fn seal(&self, ids: &dyn Ids, about: &str, plain: &[u8]) -> Outcome<Vec<u8>> {
        let nonce = random::<NONCE>(ids);
        let payload = Payload { msg: plain, aad: about.as_bytes() };
        let text = self.0.encrypt(XNonce::from_slice(&nonce), payload).map_err(|_| broken("sealed"))?;
        Ok([&[FORM], nonce.as_slice(), &text].concat())
    }

    pub fn open(&self, about: &str, sealed: &[u8]) -> Outcome<Vec<u8>> {
        let rest = sealed.strip_prefix(&[FORM]).ok_or_else(|| broken("opened"))?;
        let (nonce, text) = rest.split_at_checked(NONCE).ok_or_else(|| broken("opened"))?;
        let payload = Payload { msg: text, aad: about.as_bytes() };
        self.0.decrypt(XNonce::from_slice(nonce), payload).map_err(|_| broken("opened"))
    }
}

fn broken(what: &str) -> Fault {
    store::internal(&format!("a secret could not be {what}; is secret.key the one that it was sealed with?"))
}

/// Bytes that nobody guesses: of two random ids, 244 bits, evened out. At most 32.
pub fn random<const N: usize>(ids: &dyn Ids) -> [u8; N] {
    const { assert!(N <= 32) };
    let all =
        Sha256::new().chain_update(ids.uuid().as_bytes()).chain_update(ids.uuid().as_bytes()).finalize();
    let mut bytes = [0; N];
    bytes.copy_from_slice(&all[..N]);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};

    #[derive(Default)]
    struct Serial(AtomicU64);
    impl Ids for Serial {
        fn uuid(&self) -> uuid::Uuid {
            uuid::Uuid::from_u128(self.0.fetch_add(1, Ordering::Relaxed).into())
        }
    }

    #[test]
    fn what_is_sealed_opens_where_it_belongs_only() {
        let (ids, secrets) = (Serial::default(), Secrets::new(&[7; 32]));
        let sealed = secrets.seal(&ids, "totp ada", b"key").unwrap();
        assert_eq!(secrets.open("totp ada", &sealed).unwrap(), b"key");
        assert_ne!(secrets.seal(&ids, "totp ada", b"key").unwrap(), sealed, "never twice the same");
        assert!(!sealed.windows(3).any(|w| w == b"key"));
        assert!(secrets.open("totp bob", &sealed).is_err());
        assert!(Secrets::new(&[8; 32]).open("totp ada", &sealed).is_err());
        for n in 0..sealed.len() {
            let mut other = sealed.clone();
            other[n] ^= 1;
            assert!(secrets.open("totp ada", &other).is_err(), "byte {n}");
            assert!(secrets.open("totp ada", &sealed[..n]).is_err(), "{n} bytes");
        }
    }
}
