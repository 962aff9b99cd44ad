//! The deeds of a list on what is selected: one row, or many. oVirt's rule: with many, a deed is offered when any of them
//! allows it and the dialog says what becomes of the others; what needs a form of its own goes by one.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::bulk::Many;
use model::list::Page;
use model::text::{t, ta, tn};
use ui::{Button, ButtonKind, ToolbarItem};

use super::body::Desk;
use super::kind::{Line, Rows};
use crate::api;
use crate::parts::action::{Act, entry};
use crate::parts::trouble::Trouble;
use crate::paths;

/// The form that the rows' boxes belong to, for a browser without JavaScript.
pub const MANY_FORM: &str = "list-many";

impl Desk {
    /// Why the deed with this number cannot be done with what is selected.
    pub fn refusal(self, n: usize, deed: Act) -> Option<String> {
        match self.selected.count() {
            0 => Some(t("list-choose-one")),
            1 => self.chosen().and_then(|row| row.refusal(n)),
            _ if !self.by_many(deed) => Some(t("list-only-one")),
            _ => {
                let can = |row: &Option<Line>| row.as_ref().is_none_or(|row| row.refusal(n).is_none());
                let any = self.selected.rows().iter().any(can);
                (!any).then(|| ta("list-none-can", &[("action", &deed.label())]))
            }
        }
    }

    /// Where it is done with what is selected.
    pub fn href(self, deed: Act) -> String {
        let (tab, here) = (self.kind.tab, self.here.get());
        match self.selected.only() {
            Some(id) => deed.href(tab, id, Some(&here)),
            None if self.selected.count() == 0 || !self.by_many(deed) => String::new(),
            None if deed.part == TAGS => {
                paths::returning(&paths::assign_tags(self.kind.kind, &self.selected.in_address()), &here)
            }
            None => paths::returning(&paths::bulk(tab, deed.part, &self.selected.in_address()), &here),
        }
    }

    fn by_many(self, deed: Act) -> bool {
        deed.part == TAGS || Many::find(self.kind.kind, deed.part).is_some()
    }
}

const TAGS: &str = "assign-tags";

/// All deeds, with all that is selected.
pub fn entries_of_many(desk: Desk) -> AnyView {
    let one = |(n, deed): (usize, Act)| entry(deed, desk.href(deed), desk.refusal(n, deed));
    (desk.kind.deeds)().into_iter().enumerate().map(one).collect_view().into_any()
}

/// How many are selected, and the ways to have none or all of the result.
pub fn count(rows: Rows, desk: Desk) -> AnyView {
    let some = move || {
        let n = desk.selected.count();
        (n > 1).then(|| {
            let clear = move |_| desk.selected.clear();
            view! {
                <ToolbarItem>
                    <span role="status">{tn("list-selected", n as u64)}</span>
                </ToolbarItem>
                <ToolbarItem>
                    <Button kind=ButtonKind::Link on_press=clear>{t("list-clear")}</Button>
                </ToolbarItem>
                {rows.get().and_then(|page| all_of_result(&page, desk))}
            }
            .into_any()
        })
    };
    some.into_any()
}

/// Once a whole page is selected and there is more of the result.
fn all_of_result(page: &Page<Line>, desk: Desk) -> Option<AnyView> {
    let whole = page.rows.iter().all(|row| desk.selected.has(row.id()));
    let more = page.total > desk.selected.count() as u64 && page.total > page.rows.len() as u64;
    if !whole || !more {
        return None;
    }
    let n = page.total.min(model::bulk::MOST as u64);
    let trouble = use_context::<Trouble>();
    let all = move |_| {
        let query = desk.query.get_untracked();
        spawn_local(async move {
            match api::bulk::ids(desk.kind.kind, query).await {
                Ok(ids) => desk.selected.add(ids),
                Err(error) => {
                    if let Some(trouble) = trouble {
                        trouble.show(error.0);
                    }
                }
            }
        });
    };
    Some(
        view! {
            <ToolbarItem>
                <Button kind=ButtonKind::Link on_press=all>{tn("list-select-result", n)}</Button>
            </ToolbarItem>
        }
        .into_any(),
    )
}

/// What a browser without JavaScript does with the boxes of the rows; others do not show it.
pub fn plain_form(desk: Desk) -> AnyView {
    let deeds: Vec<Act> = (desk.kind.deeds)();
    let many = |deed: &Act| Many::find(desk.kind.kind, deed.part).is_some();
    let options: Vec<AnyView> = deeds
        .into_iter()
        .filter(many)
        .map(|deed| view! { <option value=deed.part>{deed.label()}</option> }.into_any())
        .collect();
    if options.is_empty() {
        return ().into_any();
    }
    view! {
        <form id=MANY_FORM class="dr-no-script" method="get" action=format!("{}/bulk", paths::list(desk.kind.tab))>
            <label>{t("list-many")} " " <select name="deed">{options}</select></label>
            <input type="hidden" name="next" value=move || desk.here.get()/>
            <button type="submit">{t("list-many-go")}</button>
        </form>
    }
    .into_any()
}
