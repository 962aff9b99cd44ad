//! The life of the process: logging at its begin, and one place where its end is decided.

mod log;
pub mod notify;
mod stop;

pub use log::init as init_log;
pub use stop::{DRAIN, Stop};
