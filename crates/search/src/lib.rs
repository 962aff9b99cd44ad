//! The search language: `Vms: name = web* and Hosts.status = up sortby memory desc page 2`. One parser for the lists,
//! bookmarks, REST and the browser's completion. It knows words and shapes; what a word is in the database is `store`'s
//! business. The language is oVirt's (catalogue 01), with what Drover adds said where it is.

mod entity;

pub use entity::{Entity, split};
