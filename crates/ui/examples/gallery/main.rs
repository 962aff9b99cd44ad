//! Writes all primitives into static HTML files, to be looked at with the real style sheet:
//! `cargo run -p ui --example gallery --features ssr -- <folder> <address of the style sheet>`.
//! One file per theme and per picture: controls, a whole page, the large dialog, the sign-in page.

mod controls;
mod dialog;
mod page;

use std::{env, fs, path::Path, process::ExitCode};

use leptos::prelude::*;

/// A file's name and what it shows.
type Picture = (&'static str, fn() -> AnyView);

fn main() -> ExitCode {
    let mut args = env::args().skip(1);
    let (Some(folder), Some(css)) = (args.next(), args.next()) else {
        eprintln!("usage: gallery <folder> <address of the style sheet>");
        return ExitCode::FAILURE;
    };
    let pictures: [Picture; 4] = [
        ("controls", controls::view),
        ("page", page::view),
        ("dialog", dialog::view),
        ("login", dialog::login),
    ];
    for (name, view) in pictures {
        for theme in ["light", "dark"] {
            let file = Path::new(&folder).join(format!("{name}-{theme}.html"));
            if let Err(error) = fs::write(&file, document(theme, &css, view)) {
                eprintln!("{}: {error}", file.display());
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

fn document(theme: &str, css: &str, view: fn() -> AnyView) -> String {
    let class = if theme == "dark" { "pf-v6-theme-dark" } else { "" };
    let body = Owner::new().with(|| view().to_html());
    format!(
        "<!DOCTYPE html><html lang=\"en\" class=\"{class}\"><head><meta charset=\"utf-8\"><title>{theme}</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <link rel=\"stylesheet\" href=\"{css}\"></head><body>{body}</body></html>"
    )
}
