//! Everything that talks to a KVM host. One trait, `HostDriver`, with two drivers: `libvirt`, the product's,
//! and `sim`, for tests of scale and faults. The tension: callers want one plain call per intention; libvirt
//! wants XML, an event loop and patience.

pub mod driver;
pub mod error;
mod image;
pub mod libvirt;
pub mod sim;
mod xml;

pub use driver::*;
pub use error::{HostError, HostResult};
