//! The help: a page of its own outside the frame, so that it can stand beside the portal and be read signed out. It is
//! written in English, whatever the language of the page around it, and says so.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::text::t;
use ui::Masthead;

use crate::api::help::HelpPage;
use crate::api::{self, Data};
use crate::frame::Brand;
use crate::not_found::Nowhere;
use crate::parts::waiting::shown;
use crate::paths;

#[component]
pub fn Help() -> impl IntoView {
    let params = use_params_map();
    let word = Memo::new(move |_| params.with(|p| p.get("page")).unwrap_or_else(|| "index".to_owned()));
    let page = Data::following(word.into(), api::help::page);
    shown(8, page, |page| page.map_or_else(|| view! { <Nowhere/> }.into_any(), reading))
}

fn reading(page: HelpPage) -> AnyView {
    let HelpPage { word, title, html, contents } = page;
    let line = |(other, title): (String, String)| {
        let current = (other == word).then_some("page");
        view! { <li><a href=paths::help(&other) lang="en" aria-current=current>{title}</a></li> }.into_any()
    };
    let lines = contents.into_iter().map(line).collect_view();
    view! {
        <Title text=format!("{title} \u{b7} {}", t("help"))/>
        <div class="dr-help">
            <Masthead brand=|| view! { <Brand/> } home=paths::HOME home_label=t("frame-home")>
                <a class="dr-help__top" href=paths::help("index")>{t("help")}</a>
            </Masthead>
            <nav class="dr-help__contents" aria-label=t("help-contents")><ul>{lines}</ul></nav>
            <main class="dr-help__text" lang="en" inner_html=html></main>
        </div>
    }
    .into_any()
}
