//! LDAP directories: who is in them, in which groups, and whether a password is theirs. A directory is reached over
//! the network and is often slow or away, so nothing here waits without an end, and nobody else waits for it.
//!
//! How directories differ is one table (`attributes`); how one is reached is `connection`; what is asked of it,
//! `session`; the test that a person sees step by step, `probe`. Everything typed is escaped in `filter`, the only
//! place where a filter is made.

mod attributes;
mod connection;
mod error;
mod filter;
mod groups;
mod probe;
mod session;
mod tls;

pub use connection::Profile;
pub use error::DirectoryError;
pub use probe::probe;
pub use session::{MOST_FOUND, Person, Session, find, sign_in};
