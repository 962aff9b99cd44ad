//! What stands in the palette's list, and what the keys do there. Nothing here knows the browser.

use model::list::ListQuery;
use model::palette::{Fit, Found, fit};
use model::text::t;
use ui::{Icon, Tone};

use super::offer::Offer;
use super::pages;
use crate::parts::face::face;
use crate::paths;

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub text: String,
    /// Where it is.
    pub beside: Option<String>,
    pub icon: Icon,
    pub tone: Tone,
    /// Its state in words.
    pub state: Option<String>,
    pub danger: bool,
    /// Why it cannot be done now.
    pub refused: Option<String>,
    pub does: Does,
    /// What has deeds of its own.
    pub object: Option<Found>,
}

/// What choosing a line does.
#[derive(Debug, Clone, PartialEq)]
pub enum Does {
    Go(String),
    /// In a page of its own.
    Apart(String),
    /// At once.
    Post(String),
}

impl Line {
    fn plain(text: String, icon: Icon, does: Does) -> Line {
        let tone = Tone::Neutral;
        Line { text, beside: None, icon, tone, state: None, danger: false, refused: None, does, object: None }
    }

    fn page(page: pages::Named) -> Line {
        Line::plain(page.text, page.icon, Does::Go(page.href))
    }

    fn object(found: Found) -> Line {
        let (tone, icon, state) = face(found.kind, found.status.as_deref());
        let beside = match &found.place {
            Some(place) => format!("{}, {place}", found.noun()),
            None => found.noun(),
        };
        let line = Line::plain(found.name.clone(), icon, Does::Go(address(&found)));
        Line { tone, state, beside: Some(beside), object: Some(found), ..line }
    }

    fn deed(offer: Offer) -> Line {
        let Offer { act, href, refused } = offer;
        let does = match (act.at_once, act.apart) {
            (true, _) => Does::Post(href),
            (false, true) => Does::Apart(href),
            (false, false) => Does::Go(href),
        };
        Line { danger: act.danger, refused, ..Line::plain(act.label(), act.icon, does) }
    }
}

/// A bookmark leads to what it looks for, everything else to its page.
fn address(found: &Found) -> String {
    if let Some((kind, search)) = &found.leads
        && let Some(tab) = paths::tab_for(*kind)
    {
        let search = Some(search.clone()).filter(|search| !search.trim().is_empty());
        return paths::list_with(tab, &ListQuery { search, ..ListQuery::default() });
    }
    paths::of_kind(found.kind, found.id).unwrap_or_else(|| paths::HOME.to_owned())
}

/// What was found, with the pages that fit as well as it; for nothing, what was used last.
pub fn objects(asked: &str, found: Vec<Found>, recent: Vec<Found>, administrator: bool) -> Vec<Line> {
    if asked.trim().is_empty() {
        return recent.into_iter().map(Line::object).collect();
    }
    let object = |found: Found| (fit(&found.name, asked).unwrap_or(Fit::Words), Line::object(found));
    let page = |(how, page)| (how, Line::page(page));
    let pages = pages::fitting(asked, administrator).into_iter().map(page);
    let mut all: Vec<(Fit, Line)> = found.into_iter().map(object).chain(pages).collect();
    all.sort_by_key(|(how, _)| *how);
    all.into_iter().map(|(_, line)| line).collect()
}

/// The object's page, and what can be done with it.
pub fn deeds(asked: &str, object: &Found, offers: Vec<Offer>) -> Vec<Line> {
    let open = Line::plain(t("palette-open"), Icon::Pane, Does::Go(address(object)));
    let all = std::iter::once(open).chain(offers.into_iter().map(Line::deed));
    all.filter(|line| asked.trim().is_empty() || fit(&line.text, asked).is_some()).collect()
}

/// What a key means in the palette's field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Press {
    To(usize),
    Choose,
    /// What can be done with the object of the line.
    Deeds,
    /// From the deeds back to the objects.
    Back,
}

/// Where the field stands.
#[derive(Debug, Clone, Copy)]
pub struct Here {
    pub at: usize,
    pub count: usize,
    /// The line's object has deeds.
    pub object: bool,
    /// The deeds of an object are shown.
    pub deeds: bool,
    /// Nothing is typed.
    pub empty: bool,
    /// The caret is behind everything.
    pub end: bool,
}

pub fn press(key: &str, modified: bool, here: Here) -> Option<Press> {
    let to = |n: usize| (here.count > 0).then_some(Press::To(n));
    match key {
        "ArrowDown" => to(if here.at + 1 >= here.count { 0 } else { here.at + 1 }),
        "ArrowUp" => to(here.at.checked_sub(1).unwrap_or(here.count.saturating_sub(1))),
        "Enter" if modified && here.object => Some(Press::Deeds),
        "Enter" if here.count > 0 => Some(Press::Choose),
        "ArrowRight" if here.object && here.end => Some(Press::Deeds),
        "Tab" if here.object && !modified => Some(Press::Deeds),
        "Escape" if here.deeds => Some(Press::Back),
        "ArrowLeft" | "Backspace" if here.deeds && here.empty => Some(Press::Back),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::id::Kind;
    use uuid::Uuid;

    fn found(kind: Kind, name: &str) -> Found {
        Found { kind, id: Uuid::nil(), name: name.into(), place: None, status: None, leads: None }
    }

    #[test]
    fn pages_stand_behind_what_fits_as_well() {
        let all = vec![found(Kind::Vm, "dash"), found(Kind::Vm, "my-dash")];
        let lines = objects("dash", all, vec![], true);
        let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(texts[..3], ["dash", "Dashboard", "my-dash"]);
        let recent = objects(" ", vec![found(Kind::Vm, "a")], vec![found(Kind::Host, "b")], true);
        assert_eq!(recent.len(), 1);
        assert_eq!(recent[0].text, "b");
    }

    #[test]
    fn a_bookmark_leads_to_what_it_looks_for() {
        let bookmark = |search: &str| Found {
            leads: Some((Kind::Host, search.into())),
            ..found(Kind::Bookmark, "kept")
        };
        assert_eq!(address(&bookmark("")), "/hosts");
        assert!(address(&bookmark("status = up")).starts_with("/hosts?search=status"));
        assert_eq!(address(&found(Kind::Vm, "x")), format!("/vms/{}", Uuid::nil()));
    }

    #[test]
    fn the_keys_of_the_palette() {
        let start = Here { at: 0, count: 3, object: true, deeds: false, empty: false, end: true };
        let of_deeds = Here { object: false, deeds: true, empty: true, ..start };
        for (key, modified, here, expected) in [
            ("ArrowDown", false, start, Some(Press::To(1))),
            ("ArrowDown", false, Here { at: 2, ..start }, Some(Press::To(0))),
            ("ArrowUp", false, start, Some(Press::To(2))),
            ("ArrowUp", false, Here { count: 0, ..start }, None),
            ("Enter", false, start, Some(Press::Choose)),
            ("Enter", false, Here { count: 0, object: false, ..start }, None),
            ("Enter", true, start, Some(Press::Deeds)),
            ("Enter", true, Here { object: false, ..start }, Some(Press::Choose)),
            ("ArrowRight", false, start, Some(Press::Deeds)),
            ("ArrowRight", false, Here { end: false, ..start }, None),
            ("Tab", false, start, Some(Press::Deeds)),
            ("Tab", true, start, None),
            ("Tab", false, of_deeds, None),
            ("Escape", false, start, None),
            ("Escape", false, of_deeds, Some(Press::Back)),
            ("Backspace", false, of_deeds, Some(Press::Back)),
            ("Backspace", false, Here { empty: false, ..of_deeds }, None),
            ("ArrowLeft", false, start, None),
            ("w", false, start, None),
        ] {
            assert_eq!(press(key, modified, here), expected, "{key} {modified} {here:?}");
        }
    }
}
