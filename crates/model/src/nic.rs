//! A VM's network interface as somebody asks for it (oVirt's dialog, catalogue 04 §5). Its address is Drover's to give.

use serde::{Deserialize, Serialize};

use crate::vm::words;
use crate::{FieldErrors, NetworkId, Text, field};

words! {
    /// What a guest sees.
    NicModel { Virtio = "virtio", E1000 = "e1000", E1000e = "e1000e", Rtl8139 = "rtl8139" }
}

impl NicModel {
    pub fn label(self) -> String {
        crate::text::t(&format!("nic-model-{}", self.as_str()))
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NicConfig {
    pub name: String,
    /// None is a card without a cable.
    pub network: Option<NetworkId>,
    pub model: NicModel,
    /// Whether the guest has it at all.
    pub plugged: bool,
    /// Whether its cable is in.
    pub linked: bool,
}

impl NicConfig {
    pub fn errors(&self) -> FieldErrors {
        let mut e = FieldErrors::default();
        e.check("name", field::name(&self.name, 50));
        e
    }

    /// What cannot become of `before` while a guest has it: another card.
    pub fn while_in_use(&self, before: &NicConfig) -> FieldErrors {
        let mut e = FieldErrors::default();
        if before.plugged && self.plugged && before.model != self.model {
            e.add("model", Text::new("field-nic-model-in-use"));
        }
        e
    }
}

/// The first of `nic1`, `nic2` … that is not taken: what a new one is proposed to be called.
pub fn free_name<'a>(taken: impl Iterator<Item = &'a str> + Clone) -> String {
    let name = |n: usize| format!("nic{n}");
    let free = (1..).map(name).find(|name| taken.clone().all(|other| other != name));
    free.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nic() -> NicConfig {
        NicConfig { name: "nic1".into(), network: None, model: NicModel::Virtio, plugged: true, linked: true }
    }

    #[test]
    fn a_name_is_one_word() {
        for (name, fine) in [("nic1", true), ("", false), ("a b", false), (&"x".repeat(51), false)] {
            assert_eq!(NicConfig { name: name.into(), ..nic() }.errors().is_empty(), fine, "{name}");
        }
    }

    #[test]
    fn a_card_in_use_stays_the_card_that_it_is() {
        let (out, other) =
            (NicConfig { plugged: false, ..nic() }, NicConfig { model: NicModel::E1000, ..nic() });
        let other_out = NicConfig { plugged: false, ..other.clone() };
        for (before, after, fine) in [
            (&nic(), &nic(), true),
            (&nic(), &other, false),
            (&nic(), &other_out, true),
            (&out, &other, true),
            (&nic(), &NicConfig { linked: false, ..nic() }, true),
        ] {
            assert_eq!(after.while_in_use(before).is_empty(), fine, "{before:?} {after:?}");
        }
    }

    #[test]
    fn the_first_free_name_is_proposed() {
        assert_eq!(free_name([].into_iter()), "nic1");
        assert_eq!(free_name(["nic1", "nic3", "lan"].into_iter()), "nic2");
    }
}
