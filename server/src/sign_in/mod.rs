//! Around signing in: how often somebody may try (`limit`), and how the first administrator gets in (`first`).
//! Whether a password is right is `control`'s to say.

mod first;
mod limit;

pub use first::{first_password, remove_first_password, write_first_password};
pub use limit::{Limiter, TooOften};
