//! Secrets that have to be told again, so that a hash does not do: the passwords that directories are asked with. They
//! are in the database only sealed, by a key that is not. What is sealed for one thing cannot be opened as another's.

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use uuid::Uuid;

pub const KEY_LENGTH: usize = 32;

/// It was sealed by another key, for something else, or was changed.
#[derive(Debug, thiserror::Error)]
#[error("a secret cannot be opened with this key")]
pub struct Sealed;

pub struct Vault(LessSafeKey);

impl Vault {
    pub fn of(key: &[u8; KEY_LENGTH]) -> Vault {
        let Ok(key) = UnboundKey::new(&CHACHA20_POLY1305, key) else {
            unreachable!("the key has its length")
        };
        Vault(LessSafeKey::new(key))
    }

    /// A key that nobody knows.
    pub fn fresh_key() -> Result<[u8; KEY_LENGTH], Sealed> {
        let mut key = [0; KEY_LENGTH];
        SystemRandom::new().fill(&mut key).map_err(|_| Sealed)?;
        Ok(key)
    }

    /// The nonce, and what only this key opens again.
    pub fn seal(&self, secret: &str, of: Uuid) -> Result<Vec<u8>, Sealed> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).map_err(|_| Sealed)?;
        let mut text = secret.as_bytes().to_vec();
        let nonced = Nonce::assume_unique_for_key(nonce);
        self.0.seal_in_place_append_tag(nonced, Aad::from(of.as_bytes()), &mut text).map_err(|_| Sealed)?;
        Ok([nonce.as_slice(), &text].concat())
    }

    pub fn open(&self, sealed: &[u8], of: Uuid) -> Result<String, Sealed> {
        let (nonce, text) = sealed.split_at_checked(NONCE_LEN).ok_or(Sealed)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Sealed)?;
        let mut text = text.to_vec();
        let plain = self.0.open_in_place(nonce, Aad::from(of.as_bytes()), &mut text).map_err(|_| Sealed)?;
        String::from_utf8(plain.to_vec()).map_err(|_| Sealed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_with_its_key_for_what_it_was_sealed_for() {
        let (one, other) = (Vault::of(&[1; 32]), Vault::of(&[2; 32]));
        let (of, else_) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let sealed = one.seal("correct horse", of).unwrap();
        assert_eq!(one.open(&sealed, of).unwrap(), "correct horse");
        assert_ne!(sealed, one.seal("correct horse", of).unwrap(), "twice is not the same");
        assert!(!sealed.windows(7).any(|w| w == b"correct"));
        assert!(one.open(&sealed, else_).is_err());
        assert!(other.open(&sealed, of).is_err());
        let mut changed = sealed.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert!(one.open(&changed, of).is_err());
        assert!(one.open(b"short", of).is_err());
    }
}
