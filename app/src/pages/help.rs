//! The help: a page of its own outside the frame, so that it can stand beside the portal and be read signed out.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::text::t;
use ui::Masthead;

use crate::api;
use crate::api::help::HelpPage;
use crate::frame::Brand;
use crate::not_found::Nowhere;
use crate::parts::fault::fault_view;
use crate::parts::waiting::Waiting;
use crate::paths;

#[component]
pub fn Help() -> impl IntoView {
    let params = use_params_map();
    let word = move || params.with(|p| p.get("page")).unwrap_or_else(|| "index".to_owned());
    let page = Resource::new(word, api::help::page);
    view! {
        <Waiting lines=8>
            {move || page.get().map(|page| match page {
                Ok(Some(page)) => reading(page),
                Ok(None) => view! { <Nowhere/> }.into_any(),
                Err(error) => fault_view(error),
            })}
        </Waiting>
    }
    .into_any()
}

fn reading(page: HelpPage) -> AnyView {
    let HelpPage { word, title, html, contents } = page;
    let line = |(other, title): (String, String)| {
        let current = (other == word).then_some("page");
        view! { <li><a href=paths::help(&other) aria-current=current>{title}</a></li> }.into_any()
    };
    let lines = contents.into_iter().map(line).collect_view();
    view! {
        <Title text=format!("{title} \u{b7} {}", t("help"))/>
        <div class="dr-help">
            <Masthead brand=|| view! { <Brand/> } home=paths::HOME home_label=t("frame-home")>
                <a class="dr-help__top" href=paths::help("index")>{t("help")}</a>
            </Masthead>
            <nav class="dr-help__contents" aria-label=t("help-contents")><ul>{lines}</ul></nav>
            <main class="dr-help__text" inner_html=html></main>
        </div>
    }
    .into_any()
}
