//! The real server on the lab's real hosts. Run by `make test`, which starts the lab and tells where it is.

#![allow(clippy::unwrap_used)]

mod crash;
mod drover;
mod life;
