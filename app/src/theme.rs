//! Light, dark, or as the system. The choice is a cookie, so that the first paint of the next page has it;
//! what *system* means now is known only to the browser: a script of a few lines resolves it before that
//! paint, and again when the system or the choice changes. So the choice is only ever written to `data-theme`.

use std::str::FromStr;

use leptos::form::ActionForm;
use leptos::prelude::*;
use model::text::t;
use serde::{Deserialize, Serialize};
use ui::{Icon, MenuItem};

/// The name of the cookie.
pub const COOKIE: &str = "theme";
/// The class that PatternFly's dark tokens hang on.
pub const DARK_CLASS: &str = "pf-v6-theme-dark";

/// Resolves `data-theme` on `<html>`; runs in the head, with the page's nonce.
pub const SCRIPT: &str = r#"(()=>{const r=document.documentElement,q=matchMedia("(prefers-color-scheme: dark)"),f=()=>{const t=r.dataset.theme;r.classList.toggle("pf-v6-theme-dark",t==="dark"||t==="system"&&q.matches)};q.addEventListener("change",f);new MutationObserver(f).observe(r,{attributes:true,attributeFilter:["data-theme"]});f()})()"#;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    Light,
    Dark,
    #[default]
    System,
}

impl Theme {
    pub const ALL: [Theme; 3] = [Theme::Light, Theme::Dark, Theme::System];

    pub fn as_str(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::System => "system",
        }
    }

    /// The choice in a `Cookie` header; `System` where there is none.
    pub fn of_cookies(header: &str) -> Theme {
        let pairs = header.split(';').filter_map(|pair| pair.trim().split_once('='));
        pairs
            .filter(|(name, _)| *name == COOKIE)
            .find_map(|(_, value)| value.parse().ok())
            .unwrap_or_default()
    }

    /// The choice that the server wrote into the document. Browser only.
    pub fn of_document() -> Theme {
        let root = document().document_element();
        root.and_then(|root| root.get_attribute("data-theme"))
            .and_then(|t| t.parse().ok())
            .unwrap_or_default()
    }

    /// The `Set-Cookie` value that keeps the choice for a year. Not secret, so it also works over plain HTTP.
    pub fn to_cookie(self) -> String {
        format!("{COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly", self.as_str())
    }

    fn icon(self) -> Icon {
        match self {
            Theme::Light => Icon::Sun,
            Theme::Dark => Icon::Moon,
            Theme::System => Icon::SunMoon,
        }
    }
}

impl FromStr for Theme {
    type Err = ();

    fn from_str(s: &str) -> Result<Theme, ()> {
        Theme::ALL.into_iter().find(|theme| theme.as_str() == s).ok_or(())
    }
}

/// Keeps the choice. Open to everybody: it says nothing about anything but the page's look.
#[server(prefix = "/fn", endpoint = "theme/set")]
pub async fn set_theme(theme: Theme) -> Result<(), ServerFnError> {
    crate::shell::set_cookie(&theme.to_cookie());
    Ok(())
}

/// The three choices as entries of a menu. A form each way: without JavaScript it is posted and the page
/// comes again in the new theme; with it the page changes at once.
#[component]
pub fn ThemeItems() -> impl IntoView {
    let action = ServerAction::<SetTheme>::new();
    let chosen = RwSignal::new(use_context::<Theme>().unwrap_or_default());
    let choose = move |theme: Theme| {
        chosen.set(theme);
        if let Some(root) = document().document_element() {
            // Fails for no valid attribute name only.
            let _ = root.set_attribute("data-theme", theme.as_str());
        }
    };
    let item = move |theme: Theme| {
        view! {
            <MenuItem
                text=t(&format!("frame-theme-{}", theme.as_str()))
                icon=theme.icon()
                submit=true
                name="theme"
                value=theme.as_str()
                chosen=move || chosen.get() == theme
                on_press=move |_| choose(theme)
            />
        }
        .into_any()
    };
    view! {
        <li role="none">
            <ActionForm action=action attr:role="none">
                <ul role="group" aria-label=t("frame-theme")>{Theme::ALL.map(item).into_iter().collect_view()}</ul>
            </ActionForm>
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::Theme;

    #[test]
    fn the_cookie_goes_around() {
        for theme in Theme::ALL {
            let cookie = theme.to_cookie();
            let pair = cookie.split(';').next().unwrap_or_default();
            assert_eq!(Theme::of_cookies(&format!("session=1; {pair}; x=y")), theme);
        }
    }

    #[test]
    fn anything_else_is_as_the_system() {
        for header in ["", "theme", "theme=", "theme=purple", "a=b; xtheme=dark", ";;=;"] {
            assert_eq!(Theme::of_cookies(header), Theme::System, "{header:?}");
        }
    }
}
