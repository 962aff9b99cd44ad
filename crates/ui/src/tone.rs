//! The five tones that a state, an alert or a progress may have. One enum, so that a colour always means the
//! same; each component says which PatternFly modifier stands for it.

use crate::Icon;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Tone {
    #[default]
    Neutral,
    Info,
    Success,
    Warning,
    Danger,
}

impl Tone {
    /// The mark of a message of this tone.
    pub fn icon(self) -> Icon {
        match self {
            Tone::Neutral => Icon::Bell,
            Tone::Info => Icon::Info,
            Tone::Success => Icon::Success,
            Tone::Warning => Icon::Warning,
            Tone::Danger => Icon::Danger,
        }
    }

    pub(crate) fn modifier(self) -> &'static str {
        match self {
            Tone::Neutral => "pf-m-custom",
            Tone::Info => "pf-m-info",
            Tone::Success => "pf-m-success",
            Tone::Warning => "pf-m-warning",
            Tone::Danger => "pf-m-danger",
        }
    }
}
