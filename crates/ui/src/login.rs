//! The page of somebody who is not signed in yet: the brand, and one card in the middle.

use leptos::prelude::*;

/// `brand` stands above the card, `footer` below it in small print.
#[component]
pub fn LoginPage(
    #[prop(into)] brand: ViewFnOnce,
    #[prop(into)] title: String,
    #[prop(optional, into)] subtitle: Option<String>,
    #[prop(optional, into)] footer: Option<ViewFnOnce>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="dr-login">
            <header class="dr-login__brand">{brand.run()}</header>
            <main class="dr-login__card">
                <h1 class="dr-login__title">{title}</h1>
                {subtitle.map(|s| view! { <p class="dr-login__subtitle">{s}</p> })}
                {children()}
            </main>
            {footer.map(|f| view! { <footer class="dr-login__footer">{f.run()}</footer> })}
        </div>
    }
    .into_any()
}
