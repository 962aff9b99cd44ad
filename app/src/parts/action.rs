//! What can be done with an object, as data: the label, the dialog that does it, and why it cannot be done now.
//! The same deeds make the buttons above a list, a row's menu, the right-click menu and the head of a page.

use leptos::prelude::*;
use model::text::{t, ta};
use model::{Action, Refusal};
use ui::{ButtonKind, ButtonLink, Dropdown, Icon, MenuItem, ToggleKind};
use uuid::Uuid;

use crate::forms::PostButton;
use crate::frame::ListTab;
use crate::paths;

/// A deed, whatever it is done with.
#[derive(Clone, Copy)]
pub struct Act {
    pub action: Action,
    /// The part of the object's address where it is done.
    pub part: &'static str,
    pub icon: Icon,
    pub danger: bool,
    /// Opens a page of its own.
    pub apart: bool,
    /// Its button does it at once; the menus' entry opens the dialog.
    pub at_once: bool,
    /// Seldom wanted: it is in the menus, and takes no room among the buttons.
    pub rare: bool,
    /// Its dialog asks for a reason.
    pub reason: bool,
}

/// A deed that is done with a `T`.
pub struct Deed<T: 'static> {
    pub act: Act,
    pub can: fn(&T) -> Result<(), Refusal>,
}

impl<T> Deed<T> {
    pub const fn new(
        action: Action,
        part: &'static str,
        icon: Icon,
        can: fn(&T) -> Result<(), Refusal>,
    ) -> Self {
        let act = Act {
            action,
            part,
            icon,
            danger: false,
            apart: false,
            at_once: false,
            rare: false,
            reason: false,
        };
        Deed { act, can }
    }

    pub const fn danger(mut self) -> Self {
        self.act.danger = true;
        self
    }

    pub const fn apart(mut self) -> Self {
        self.act.apart = true;
        self
    }

    pub const fn rare(mut self) -> Self {
        self.act.rare = true;
        self
    }

    pub const fn reason(mut self) -> Self {
        self.act.reason = true;
        self
    }

    pub const fn at_once(mut self) -> Self {
        self.act.at_once = true;
        self
    }

    /// Why not, in words.
    pub fn refusal(&self, object: &T) -> Option<String> {
        (self.can)(object).err().map(|refusal| refusal.to_string())
    }
}

impl Act {
    pub fn label(&self) -> String {
        self.action.label()
    }

    /// Where it is done, coming back to `next` afterwards.
    pub fn href(&self, tab: ListTab, id: Uuid, next: Option<&str>) -> String {
        let href = paths::part(tab, id, self.part);
        match next {
            Some(next) if !self.apart => paths::returning(&href, next),
            _ => href,
        }
    }
}

/// Always, as far as the object's state goes.
pub fn always<T>(_: &T) -> Result<(), Refusal> {
    Ok(())
}

/// The deed as a button.
pub fn button(deed: Act, href: Signal<String>, refused: Signal<Option<String>>) -> AnyView {
    let kind = if deed.danger { ButtonKind::Danger } else { ButtonKind::Secondary };
    if deed.at_once {
        return view! { <PostButton action=href kind=kind icon=deed.icon refused=refused text=deed.label()/> }.into_any();
    }
    if deed.apart {
        return view! {
            <ButtonLink kind=kind href=href icon=deed.icon refused=refused target="_blank">{deed.label()}</ButtonLink>
        }
        .into_any();
    }
    view! { <ButtonLink kind=kind href=href icon=deed.icon refused=refused>{deed.label()}</ButtonLink> }
        .into_any()
}

/// The deeds that are not buttons, behind one; nothing where there are none. `entries` makes them anew with what they
/// would be done with.
pub fn others(
    deeds: &[Act],
    kept: RwSignal<bool>,
    entries: impl Fn() -> AnyView + Send + Sync + 'static,
) -> AnyView {
    if deeds.iter().all(|deed| !deed.rare) {
        return ().into_any();
    }
    view! { <Dropdown label=t("action-others") kind=ToggleKind::Secondary kept=kept>{entries}</Dropdown> }
        .into_any()
}

/// The deed as an entry of a menu.
pub fn entry(deed: Act, href: String, refusal: Option<String>) -> AnyView {
    let with_reason = || ta("action-with-reason", &[("action", &deed.label())]);
    let label = if deed.at_once && deed.reason { with_reason() } else { deed.label() };
    view! {
        <MenuItem text=label icon=deed.icon href=href danger=deed.danger refused=refusal/>
    }
    .into_any()
}
