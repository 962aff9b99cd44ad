//! The VM portal: where people make and run machines of their own. Pages beside those of the administration portal, over
//! the same operations: its dialogs are that one's at addresses below `/portal`, and what somebody may do comes from
//! their permissions alone. Facts: catalogue 05.

pub mod card;
pub mod events;
pub mod facts;
pub mod filters;
pub mod frame;
pub mod home;
pub mod machine;
pub mod messages;
pub mod resources;
pub mod settings;
pub mod templates;
pub mod wizard;
