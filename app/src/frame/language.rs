//! Where the language is chosen: in the menu of somebody who is signed in, for every browser of theirs, and at the foot
//! of the sign-in, for this one. Each is named in itself. The page is loaded anew either way: it has the words of one.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::language::{Language, spoken};
use model::text::t;
use ui::{Icon, MenuItem};

use crate::asked::address;
use crate::paths;

/// The languages as entries of a menu. A form as it is, so that it does the same without JavaScript.
#[component]
pub fn LanguageItems() -> impl IntoView {
    let here = use_location();
    // An address that names a language itself would go on naming it.
    let back = move || match (here.pathname.get(), here.search.get()) {
        (path, search) if search.is_empty() || search.contains("locale=") => path,
        (path, search) => format!("{path}?{}", search.trim_start_matches('?')),
    };
    let item = |name: String, value: &str| {
        let chosen = value == spoken().tag();
        view! {
            <MenuItem text=name icon=Icon::System submit=true name="language" value=value chosen=chosen/>
        }
        .into_any()
    };
    let items = Language::ALL.map(|language| item(language.name().to_owned(), language.tag()));
    let browser = item(t("frame-language-browser"), "browser");
    view! {
        <li role="none">
            <form method="post" action=move || paths::returning(paths::LANGUAGE, &back()) role="none">
                <ul role="group" aria-label=t("frame-language")>{items.into_iter().collect_view()} {browser}</ul>
            </form>
        </li>
    }
    .into_any()
}

/// The languages as links to the same page.
#[component]
pub fn LanguageLinks() -> impl IntoView {
    let here = use_location().pathname.get_untracked();
    let asked = address().get_untracked();
    let links = Language::ALL.map(|language| {
        let href = format!("{here}{}", asked.with("locale", language.tag()));
        let current = (language == spoken()).then_some("true");
        let tag = language.tag();
        view! {
            <li><a href=href lang=tag hreflang=tag rel="external" aria-current=current>{language.name()}</a></li>
        }
        .into_any()
    });
    view! {
        <nav aria-label=t("frame-language")>
            <ul class="dr-languages">{links.into_iter().collect_view()}</ul>
        </nav>
    }
    .into_any()
}
