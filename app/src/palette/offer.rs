//! What can be done with an object, for whoever shows it elsewhere than at the object: by the same table as its list.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use uuid::Uuid;

use crate::api::{ApiError, Data};
use crate::frame::ListTab;
use crate::parts::action::Act;
use crate::parts::details::{Detailed, follow};
use crate::parts::list::{Listed, with_mark};

/// A deed with its address, and why it cannot be done now.
#[derive(Clone)]
pub struct Offer {
    pub act: Act,
    pub href: String,
    pub refused: Option<String>,
}

/// Where the offers are told; nothing until they are known.
pub type Offers = RwSignal<Option<Result<Vec<Offer>, ApiError>>>;

/// Tells what can be done with the object, and keeps it true for as long as this is there. Shows nothing.
pub fn offers<T: Detailed>(id: Uuid, out: Offers) -> AnyView {
    let object: Data<T> = Data::new(move || T::load(id));
    follow(Callback::new(move |()| object.refetch()), id);
    tell(T::Row::TAB, id, Box::new(move || object.get().map(|came| came.map(|object| of(&object)))), out)
}

/// The deeds, each with why not.
type Acts = Vec<(Act, Option<String>)>;

fn of<T: Detailed>(object: &T) -> Acts {
    T::Row::deeds().iter().map(|deed| (deed.act, deed.refusal(object.row()))).collect()
}

type Came = Option<Result<Acts, ApiError>>;

fn tell(tab: ListTab, id: Uuid, came: Box<dyn Fn() -> Came + Send + Sync>, out: Offers) -> AnyView {
    let here = use_location();
    Effect::new(move |_| {
        let Some(came) = came() else { return };
        let next = format!("{}{}", here.pathname.get_untracked(), with_mark(&here.search.get_untracked()));
        let offer = |(act, refused): (Act, Option<String>)| Offer {
            act,
            href: act.href(tab, id, Some(&next)),
            refused,
        };
        // Whoever asked may be gone.
        let _ = out.try_set(Some(came.map(|acts| acts.into_iter().map(offer).collect())));
    });
    ().into_any()
}
