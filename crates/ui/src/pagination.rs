//! Paging by links: the page and its size are in the URL, so paging works without JavaScript and a link shows
//! the same page to everybody.

use leptos::prelude::*;

use crate::{Dropdown, Icon, IconView, MenuItem, ToggleKind};

/// Where a list stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paging {
    /// From 1.
    pub page: u32,
    pub size: u32,
    pub total: u64,
    /// There are more than `total`, and nobody counted on: one can always go on.
    pub more: bool,
}

impl Paging {
    pub fn pages(self) -> u32 {
        u32::try_from(self.total.div_ceil(u64::from(self.size.max(1)))).unwrap_or(u32::MAX).max(1)
    }

    /// The numbers of the first and the last row shown, from 1; 0 and 0 for an empty list.
    pub fn shown(self) -> (u64, u64) {
        let before = u64::from(self.page.saturating_sub(1)) * u64::from(self.size);
        if self.total <= before {
            return (0, 0);
        }
        (before + 1, (before + u64::from(self.size)).min(self.total))
    }
}

/// The words of the control.
#[derive(Debug, Clone, PartialEq)]
pub struct PagingTexts {
    pub label: String,
    /// "1 – 100 of 240"
    pub range: String,
    pub first: String,
    pub previous: String,
    pub next: String,
    pub last: String,
    /// What a size is called in its menu, made from its number: "100 per page".
    pub sizes: Vec<(u32, String)>,
}

/// The control. `href` makes the address of a page of a size.
#[component]
pub fn Pagination(
    #[prop(into)] paging: Signal<Paging>,
    #[prop(into)] texts: Signal<PagingTexts>,
    #[prop(into)] href: Callback<(u32, u32), String>,
) -> impl IntoView {
    move || {
        let (now, texts) = (paging.get(), texts.get());
        let go = |page: u32| {
            (page >= 1 && (now.more || page <= now.pages()) && page != now.page)
                .then(|| href.run((page, now.size)))
        };
        let size = |(size, text)| {
            view! { <MenuItem text=text href=href.run((1, size)) chosen=size == now.size/> }.into_any()
        };
        let sizes: Vec<AnyView> = texts.sizes.into_iter().map(size).collect();
        view! {
            <div class="pf-v6-c-pagination dr-paging">
                <Dropdown label=texts.range kind=ToggleKind::Plain end=true>{sizes}</Dropdown>
                <nav class="pf-v6-c-pagination__nav" aria-label=texts.label>
                    {step(Icon::ChevronsLeft, texts.first, go(1))}
                    {step(Icon::ChevronLeft, texts.previous, now.page.checked_sub(1).and_then(go))}
                    {step(Icon::ChevronRight, texts.next, now.page.checked_add(1).and_then(go))}
                    {step(Icon::ChevronsRight, texts.last, go(now.pages()))}
                </nav>
            </div>
        }
        .into_any()
    }
}

fn step(icon: Icon, label: String, href: Option<String>) -> AnyView {
    let class = if href.is_some() {
        "pf-v6-c-button pf-m-plain"
    } else {
        "pf-v6-c-button pf-m-plain pf-m-aria-disabled"
    };
    let (role, disabled) = if href.is_some() { (None, None) } else { (Some("link"), Some("true")) };
    view! {
        <div class="pf-v6-c-pagination__nav-control">
            <a class=class href=href role=role aria-disabled=disabled aria-label=label.clone() title=label>
                <span class="pf-v6-c-button__icon"><IconView icon=icon/></span>
            </a>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::Paging;

    #[test]
    fn pages_and_ranges() {
        for (page, size, total, pages, shown) in [
            (1, 100, 0, 1, (0, 0)),
            (1, 100, 1, 1, (1, 1)),
            (1, 100, 100, 1, (1, 100)),
            (2, 100, 101, 2, (101, 101)),
            (9, 100, 101, 2, (0, 0)),
        ] {
            let paging = Paging { page, size, total, more: false };
            assert_eq!(paging.pages(), pages, "{paging:?}");
            assert_eq!(paging.shown(), shown, "{paging:?}");
        }
    }
}
