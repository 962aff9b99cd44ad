//! What is said of an object around its parts, at the head of its page and of the lower pane.

use leptos::prelude::*;
use leptos_meta::Title;
use model::text::t;
use ui::{Breadcrumb, PageHead, Section};
use uuid::Uuid;

use super::action::{Act, button, entry, others};
use super::details::Detailed;
use super::list::Listed;
use crate::frame::ListTab;
use crate::paths;

/// What is said of an object around its parts.
pub struct Summary {
    tab: ListTab,
    name: String,
    above: Vec<(String, String)>,
    state: Option<AnyView>,
    /// Each with why it cannot be done now.
    deeds: Vec<(Act, Option<String>)>,
}

impl Summary {
    pub fn of<T: Detailed>(object: &T) -> Summary {
        let row = object.row();
        Summary {
            tab: T::Row::TAB,
            name: row.name(),
            above: object.above(),
            state: object.state(),
            deeds: T::Row::deeds().iter().map(|deed| (deed.act, deed.refusal(row))).collect(),
        }
    }

    pub fn title(self, id: Uuid) -> AnyView {
        view! {
            <h2 class="dr-below__title"><a href=paths::object(self.tab, id)>{self.name}</a></h2>
            {self.state}
        }
        .into_any()
    }

    /// `menu` outlives it: news of the object do not close what somebody has just opened.
    pub fn head(self, id: Uuid, menu: RwSignal<bool>) -> AnyView {
        let path = self.breadcrumb();
        let Summary { tab, name, state, deeds, .. } = self;
        let acts: Vec<Act> = deeds.iter().map(|(act, _)| *act).collect();
        let (rare, usual): (Vec<_>, Vec<_>) = deeds.into_iter().partition(|(act, _)| act.rare);
        let rare = move || {
            let one = |(act, refused): (Act, Option<String>)| entry(act, act.href(tab, id, None), refused);
            rare.iter().cloned().map(one).collect_view().into_any()
        };
        let deeds = move || {
            let one = |(act, refused): (Act, Option<String>)| {
                button(act, act.href(tab, id, None).into(), refused.into())
            };
            view! { {usual.into_iter().map(one).collect_view()} {others(&acts, menu, rare)} }
        };
        view! {
            <Title text=name.clone()/>
            <Section>
                <Breadcrumb label=t("page-path") path=path/>
                <PageHead title=name beside=move || state actions=deeds/>
            </Section>
        }
        .into_any()
    }

    fn breadcrumb(&self) -> Vec<(String, Option<String>)> {
        let list = (self.tab.label(), Some(paths::list(self.tab).to_owned()));
        let above = self.above.iter().map(|(name, href)| (name.clone(), Some(href.clone())));
        let own = (self.name.clone(), None);
        std::iter::once(list).chain(above).chain([own]).collect()
    }
}
