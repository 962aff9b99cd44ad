//! The right-click menu of a node: what can be done with the object, as in its list.

use leptos::prelude::*;
use model::text::t;
use ui::ContextMenu;

use super::Tree;
use super::place::Place;
use crate::later::{Entity, entity};
use crate::palette::offer::{Offer, Offers};
use crate::parts::action::entry;
use crate::paths;

impl Tree {
    /// Asks for the menu of a node; folders have none.
    pub fn ask_menu(self, word: &str, at: (i32, i32)) {
        let object = Place::read(word).filter(|place| !place.folder);
        self.asked.set(object.map(|place| (place, at)));
    }

    /// The menu, where one was asked for.
    pub fn menu(self) -> AnyView {
        let offers: Offers = RwSignal::new(None);
        let told = move || {
            let (place, _) = self.asked.get()?;
            offers.set(None);
            Some(entity(Entity::Offers(paths::tab_for(place.kind)?, place.id, offers)))
        };
        // Once it is known what can be done: the first entry gets the focus.
        let at = Memo::new(move |_| {
            let known = offers.with(|offers| matches!(offers, Some(Ok(all)) if !all.is_empty()));
            self.asked.get().filter(|_| known).map(|(_, at)| at)
        });
        // What is known of this one must not open the menu of the next before that is known.
        let close = move |()| {
            offers.set(None);
            self.asked.set(None);
        };
        let one = |offer: Offer| entry(offer.act, offer.href, offer.refused);
        let entries = move || {
            let known = offers.get().and_then(Result::ok).unwrap_or_default();
            known.into_iter().map(one).collect_view()
        };
        view! {
            {told}
            <ContextMenu label=t("list-deeds-here") at=at on_close=close>{entries}</ContextMenu>
        }
        .into_any()
    }
}
