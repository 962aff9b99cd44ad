//! What a person sets for the VM portal.

use model::FieldErrors;
use model::portal::{Choose, Preferences};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::forms::FormData;
use crate::forms::parse::Reader;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PortalForm {
    pub layout: String,
    pub console: String,
    /// A machine's id, or empty.
    pub connect: String,
    /// Empty leaves the quiet that holds.
    pub quiet: String,
}

impl From<&Preferences> for PortalForm {
    fn from(set: &Preferences) -> Self {
        PortalForm {
            layout: set.layout.as_str().to_owned(),
            console: set.console.as_str().to_owned(),
            connect: set.connect.map(|vm| vm.to_string()).unwrap_or_default(),
            quiet: String::new(),
        }
    }
}

impl FormData for PortalForm {
    type Request = Choose;

    fn request(&self) -> Result<Choose, FieldErrors> {
        let mut r = Reader::default();
        let choose = Choose {
            layout: r.word("layout", &self.layout, Default::default()),
            console: r.word("console", &self.console, Default::default()),
            connect: r.choice_or_none::<Uuid>("connect", &self.connect),
            quiet: (!self.quiet.is_empty()).then(|| r.word("quiet", &self.quiet, Default::default())),
        };
        r.end(choose)
    }
}
