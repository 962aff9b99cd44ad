//! Where in the tree a page is.

use leptos::prelude::*;

use crate::{Icon, IconView};

/// The way from the root: the text and where it leads; the last is the page itself and leads nowhere.
#[component]
pub fn Breadcrumb(
    #[prop(into)] label: String,
    #[prop(into)] path: Signal<Vec<(String, Option<String>)>>,
) -> impl IntoView {
    let items = move || {
        let path = path.get();
        let last = path.len().saturating_sub(1);
        path.into_iter().enumerate().map(|(n, (text, href))| item(n, n == last, text, href)).collect_view()
    };
    view! {
        <nav class="pf-v6-c-breadcrumb" aria-label=label>
            <ol class="pf-v6-c-breadcrumb__list" role="list">{items}</ol>
        </nav>
    }
    .into_any()
}

fn item(n: usize, last: bool, text: String, href: Option<String>) -> AnyView {
    let divider = (n > 0).then(|| {
        view! { <span class="pf-v6-c-breadcrumb__item-divider"><IconView icon=Icon::ChevronRight/></span> }
    });
    let aria = last.then_some("page");
    let text = match href {
        Some(href) if !last => view! { <a class="pf-v6-c-breadcrumb__link" href=href>{text}</a> }.into_any(),
        _ => view! { <span class="pf-v6-c-breadcrumb__link pf-m-current" aria-current=aria>{text}</span> }
            .into_any(),
    };
    view! { <li class="pf-v6-c-breadcrumb__item">{divider}{text}</li> }.into_any()
}
