//! A VM's screen, in a page of its own. The server renders the bar and the words; a small script with noVNC
//! (`style/console.js`) brings it to life, so that a console opens without the portal's WASM.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::VmId;
use model::text::{t, ta};
use ui::{Button, ButtonKind, ButtonLink, Icon};

use crate::api::{self, Data};
use crate::frame::ListTab;
use crate::not_found::NotFound;
use crate::parts::waiting::shown;
use crate::paths;

#[component]
pub fn Console() -> impl IntoView {
    let id = use_params_map().with_untracked(|p| p.get("id")).and_then(|id| id.parse::<VmId>().ok());
    let Some(id) = id else { return view! { <NotFound/> }.into_any() };
    let vm = Data::new(move || api::vms::get(id));
    shown(0, vm, move |vm| screen(id, vm.row.name))
}

fn screen(id: VmId, name: String) -> AnyView {
    let base = paths::object(ListTab::Vms, id);
    let back = base.clone();
    let title = ta("console-title", &[("name", &name)]);
    view! {
        <Title text=title.clone()/>
        <main
            class="dr-console"
            data-console=base
            data-connecting=t("console-connecting")
            data-connected=t("console-connected")
            data-disconnected=t("console-disconnected")
            data-failed=t("console-failed")
        >
            <header class="dr-console__bar">
                <h1 class="dr-console__title">{title.clone()}</h1>
                <span id="console-state" role="status" aria-live="polite">
                    <noscript>{t("console-needs-script")}</noscript>
                </span>
                <div class="dr-console__end">
                    <Button small=true id="console-cad" icon=Icon::Keyboard>{t("console-ctrl-alt-del")}</Button>
                    <Button small=true id="console-full" icon=Icon::External>{t("console-full-screen")}</Button>
                    <Button small=true id="console-again" kind=ButtonKind::Primary icon=Icon::Refresh>
                        {t("console-reconnect")}
                    </Button>
                    <ButtonLink small=true href=back>{t("console-back")}</ButtonLink>
                </div>
            </header>
            <div class="dr-console__screen" id="console-screen" role="application" aria-label=title tabindex="-1"></div>
        </main>
    }
    .into_any()
}
