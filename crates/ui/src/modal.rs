//! Dialogs as the native `<dialog>`. The server renders it open, and the style sheet lays it over the page, so
//! a dialog works without JavaScript; when the page comes alive it is shown again as a modal one, with
//! the browser's focus trap, Escape and backdrop.

use leptos::html;
use leptos::prelude::*;

use crate::{Icon, IconView, Tone, dom};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ModalSize {
    Small,
    #[default]
    Medium,
    Large,
}

impl ModalSize {
    fn class(self) -> &'static str {
        match self {
            ModalSize::Small => "pf-v6-c-modal-box pf-m-sm dr-dialog",
            ModalSize::Medium => "pf-v6-c-modal-box pf-m-md dr-dialog",
            ModalSize::Large => "pf-v6-c-modal-box pf-m-lg dr-dialog",
        }
    }
}

/// A dialog. Closing it follows `close_href` (without JavaScript, and when there is no `on_close`).
/// `footer` holds the buttons; a submit button there names its form by id.
#[component]
pub fn Modal(
    #[prop(into)] id: String,
    #[prop(into)] title: String,
    #[prop(into)] close_label: String,
    #[prop(default = true.into(), into)] open: Signal<bool>,
    #[prop(optional)] size: ModalSize,
    #[prop(optional)] tone: Option<Tone>,
    #[prop(optional, into)] close_href: Option<String>,
    #[prop(optional, into)] on_close: Option<Callback<()>>,
    #[prop(optional, into)] footer: Option<ViewFnOnce>,
    /// A link to what explains it, beside the title.
    #[prop(optional, into)]
    help: Option<ViewFnOnce>,
    /// The children bring their own padding and scrolling, as side tabs do.
    #[prop(optional)]
    bare: bool,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let closer = NodeRef::<html::A>::new();
    // Before the dialog takes it.
    dom::focus_back();
    keep_open(node, open);
    let title_id = format!("{id}-title");
    let head = header(title_id.clone(), title, tone, help);
    let cancel = move |ev: leptos::ev::Event| {
        // A file chooser inside a form fires "cancel" too, and it bubbles.
        if ev.target() == ev.current_target() {
            ev.prevent_default();
            if let Some(link) = closer.get_untracked() {
                link.click();
            }
        }
    };
    let class = format!("{} {}", size.class(), tone.map(Tone::modifier).unwrap_or_default());
    let body = if bare { "dr-dialog__bare" } else { "pf-v6-c-modal-box__body" };
    view! {
        <dialog node_ref=node id=id class=class open=open.get_untracked() aria-labelledby=title_id on:cancel=cancel>
            <div class="pf-v6-c-modal-box__close">{close_link(closer, close_label, close_href, on_close)}</div>
            {head}
            <div class=body>{children()}</div>
            {footer.map(|footer| view! { <footer class="pf-v6-c-modal-box__footer">{footer.run()}</footer> })}
        </dialog>
    }
    .into_any()
}

fn header(id: String, title: String, tone: Option<Tone>, help: Option<ViewFnOnce>) -> AnyView {
    let icon = tone.map(|tone| {
        view! { <span class="pf-v6-c-modal-box__title-icon"><IconView icon=tone.icon()/></span> }
    });
    let has_help = help.is_some();
    view! {
        <header class="pf-v6-c-modal-box__header" class:pf-m-help=has_help>
            <div class="pf-v6-c-modal-box__header-main">
                <h1 class="pf-v6-c-modal-box__title" class:pf-m-icon=tone.is_some() id=id>
                    {icon}
                    <span class="pf-v6-c-modal-box__title-text">{title}</span>
                </h1>
            </div>
            {help.map(|help| view! { <div class="pf-v6-c-modal-box__header-help">{help.run()}</div> })}
        </header>
    }
    .into_any()
}

fn close_link(
    node: NodeRef<html::A>,
    label: String,
    href: Option<String>,
    on_close: Option<Callback<()>>,
) -> impl IntoView {
    view! {
        <a
            node_ref=node
            class="pf-v6-c-button pf-m-plain"
            href=href.unwrap_or_else(|| "#".to_owned())
            aria-label=label.clone()
            title=label
            on:click=move |ev| {
                if let Some(on_close) = on_close {
                    ev.prevent_default();
                    on_close.run(());
                }
            }
        >
            <span class="pf-v6-c-button__icon"><IconView icon=Icon::Close/></span>
        </a>
    }
}

/// Follows `open` in the browser. A dialog that the server opened is shown again, now as a modal one.
fn keep_open(node: NodeRef<html::Dialog>, open: Signal<bool>) {
    Effect::new(move |_| {
        let (Some(dialog), open) = (node.get(), open.get()) else { return };
        let modal = dialog.matches(":modal").unwrap_or(false);
        if open && !modal {
            dialog.close();
            // Fails only for a dialog that is not in the document, which then shows nothing anyway.
            let _ = dialog.show_modal();
        } else if !open && dialog.open() {
            dialog.close();
        }
    });
}
