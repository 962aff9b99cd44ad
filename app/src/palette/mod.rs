//! The command palette: any object by its name, and what can be done with it, by the keyboard alone. Here is only what
//! opens it; the rest comes when it is first wanted (`crate::later`).

pub mod early;
pub mod lines;
pub mod offer;
mod opener;
pub mod pages;
pub mod recent;
pub mod view;

pub use opener::Opener;
