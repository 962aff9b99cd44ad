//! The libvirt driver against real hosts: libvirtd, virtlockd and QEMU in the lab of `end2end/lab`. Run by
//! `make test`, which starts the lab and says by environment where it is. Tests that disturb a whole host
//! have the lab for themselves; the others share it.

// Real hosts keep what an earlier run left, so names must be new each time.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod boot;
mod faults;
mod hardware;
mod hosts;
mod life;
mod screens;
mod storage;
mod suspend;
mod world;
