//! The help pages on the server: Markdown from `public/help`, made into HTML with an anchor for each heading.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

use super::help::HelpPage;

macro_rules! pages {
    ($($word:literal),* $(,)?) => {
        &[$(($word, include_str!(concat!("../../../public/help/", $word, ".md")))),*]
    };
}

/// In the order of the table of contents. The first is the way in.
const PAGES: &[(&str, &str)] = pages![
    "index",
    "first-steps",
    "dashboard",
    "virtual-machines",
    "vm-portal",
    "console",
    "templates",
    "disks",
    "hosts",
    "clusters",
    "data-centers",
    "networks",
    "storage-domains",
    "placement",
    "quotas",
    "events",
    "jobs",
    "users",
    "roles",
    "permissions",
    "directories",
    "openid-connect",
    "account",
    "audit",
    "lists",
    "tags",
    "bookmarks",
    "search",
    "keyboard",
    "server",
    "estate-files",
];

pub fn page(word: &str) -> Option<HelpPage> {
    let (word, text) = PAGES.iter().find(|(known, _)| *known == word)?;
    let contents = PAGES.iter().map(|(word, text)| ((*word).to_owned(), title(text))).collect();
    Some(HelpPage { word: (*word).to_owned(), title: title(text), html: render(text), contents })
}

fn title(text: &str) -> String {
    text.lines().next().unwrap_or_default().trim_start_matches('#').trim().to_owned()
}

fn render(text: &str) -> String {
    let mut events: Vec<Event> = Parser::new_ext(text, Options::ENABLE_TABLES).collect();
    name_headings(&mut events);
    for event in &mut events {
        if let Event::Start(Tag::Link { dest_url, .. }) = event {
            *dest_url = address(dest_url).into();
        }
    }
    let mut out = String::new();
    html::push_html(&mut out, events.into_iter());
    out
}

/// Each heading can be linked to by its words.
fn name_headings(events: &mut [Event]) {
    for at in 0..events.len() {
        if !matches!(events[at], Event::Start(Tag::Heading { .. })) {
            continue;
        }
        let words: String = events[at..]
            .iter()
            .take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))))
            .filter_map(|event| match event {
                Event::Text(text) | Event::Code(text) => Some(text.as_ref()),
                _ => None,
            })
            .collect();
        if let Event::Start(Tag::Heading { id, .. }) = &mut events[at] {
            *id = Some(CowStr::from(anchor(&words)));
        }
    }
}

fn anchor(words: &str) -> String {
    let kept = words.to_lowercase().replace(' ', "-");
    kept.chars().filter(|c| c.is_alphanumeric() || *c == '-').collect()
}

/// Pages name each other as files, so that they can be read where they lie, too.
fn address(link: &str) -> String {
    let (file, anchor) = link.split_once('#').map_or((link, None), |(file, anchor)| (file, Some(anchor)));
    let Some(word) = file.strip_suffix(".md") else { return link.to_owned() };
    match anchor {
        Some(anchor) => format!("{}#{anchor}", crate::paths::help(word)),
        None => crate::paths::help(word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex::Regex;

    #[test]
    fn every_file_is_a_page_and_every_link_leads_somewhere() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../public/help");
        let files = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap());
        let mut files: Vec<String> = files.collect();
        files.sort();
        let mut words: Vec<String> = PAGES.iter().map(|(word, _)| format!("{word}.md")).collect();
        words.sort();
        assert_eq!(files, words);
        let link = Regex::new(r##"href="([^"#]*)(?:#([^"]*))?""##).unwrap();
        for (word, _) in PAGES {
            for found in link.captures_iter(&page(word).unwrap().html) {
                let to = match &found[1] {
                    "" => word,
                    "/help" => "index",
                    other => other.strip_prefix("/help/").unwrap_or(other),
                };
                let to = page(to).unwrap_or_else(|| panic!("{word}: no page {}", &found[1]));
                if let Some(anchor) = found.get(2) {
                    let id = format!("id=\"{}\"", anchor.as_str());
                    assert!(to.html.contains(&id), "{word}: {} has no {id}", to.word);
                }
            }
        }
    }

    /// What the portal's dialogs link to.
    #[test]
    fn every_page_and_place_that_a_dialog_names_is_there() {
        for tab in crate::frame::ListTab::ALL {
            assert!(page(crate::paths::help_page(tab)).is_some(), "{tab:?}");
        }
        for part in crate::pages::vms_dialog::HELP {
            let page = page("virtual-machines").unwrap();
            assert!(page.html.contains(&format!("id=\"{part}\"")), "{part}");
        }
    }

    #[test]
    fn markup_becomes_html_with_anchors() {
        let html = render("# A\n\n## Run it, now\n\n[x](hosts.md#up) `<b>`\n");
        assert!(
            html.contains("<h2 id=\"run-it-now\">") && html.contains("href=\"/help/hosts#up\""),
            "{html}"
        );
        assert!(html.contains("&lt;b&gt;"), "{html}");
    }
}
