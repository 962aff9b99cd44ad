//! Every text that a person reads comes from the catalogue. Read from the sources, because nothing at run time
//! tells a literal from a text: a literal text node in a view fails, and so does a key that nobody worded.

use std::fs;
use std::path::{Path, PathBuf};

/// A line of a source: its file, its number, its content.
struct Line {
    file: PathBuf,
    number: usize,
    text: String,
}

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.file.display(), self.number, self.text.trim())
    }
}

/// All lines of the application that are no comment and not part of its tests.
fn lines() -> Vec<Line> {
    let mut files = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    files.sort();
    assert!(!files.is_empty());
    files.into_iter().flat_map(code_of).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}

fn code_of(file: PathBuf) -> Vec<Line> {
    let source = fs::read_to_string(&file).unwrap();
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    let numbered = code.lines().enumerate().filter(|(_, text)| !text.trim_start().starts_with("//"));
    numbered.map(|(n, text)| Line { file: file.clone(), number: n + 1, text: text.to_owned() }).collect()
}

/// The string literals of a line, each with what stands before and after it.
fn literals(text: &str) -> Vec<(&str, &str, &str)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(open) = text[from..].find('"').map(|n| n + from) {
        let Some(close) = text[open + 1..].find('"').map(|n| n + open + 1) else { break };
        found.push((&text[..open], &text[open + 1..close], &text[close + 1..]));
        from = close + 1;
    }
    found
}

/// Two letters in a row: words, not marks or spaces between elements.
fn has_words(literal: &str) -> bool {
    // An escape such as \u{a0} is a mark.
    let plain: String =
        literal.split("\\u{").map(|part| part.split_once('}').map_or(part, |(_, rest)| rest)).collect();
    plain.as_bytes().windows(2).any(|pair| pair.iter().all(u8::is_ascii_alphabetic))
}

/// A literal directly inside an element: after `>`, `}` or at the line's begin, and before `<`, `{` or the line's end.
fn is_text_node(before: &str, literal: &str, after: &str) -> bool {
    let (before, after) = (before.trim_end(), after.trim_start());
    let opens = before.ends_with('>') && !before.ends_with("=>") && !before.ends_with("->");
    let closes = after.starts_with("</");
    (opens || closes) && has_words(literal)
}

#[test]
fn no_view_has_a_literal_text() {
    let offences: Vec<String> = lines()
        .iter()
        .filter(|line| literals(&line.text).iter().any(|(b, l, a)| is_text_node(b, l, a)))
        .map(Line::to_string)
        .collect();
    assert!(offences.is_empty(), "texts belong into the catalogue:\n{}", offences.join("\n"));
}

#[test]
fn no_literal_is_given_as_a_text_prop() {
    const PROPS: [&str; 8] =
        ["label=", "title=", "text=", "help=", "placeholder=", "aria-label=", "term=", "close_label="];
    let gives_words = |line: &&Line| {
        literals(&line.text).iter().any(|(before, literal, _)| {
            has_words(literal) && PROPS.iter().any(|prop| before.ends_with(&format!(" {prop}")))
        })
    };
    let offences: Vec<String> = lines().iter().filter(gives_words).map(Line::to_string).collect();
    assert!(offences.is_empty(), "texts belong into the catalogue:\n{}", offences.join("\n"));
}

#[test]
fn every_key_is_worded() {
    let asks = |before: &str| {
        ["t(", "ta(", "tn(", "Text::new("].iter().any(|call| {
            before
                .strip_suffix(call)
                .is_some_and(|rest| !rest.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        })
    };
    let mut missing = Vec::new();
    for line in lines() {
        for (before, key, _) in literals(&line.text) {
            if asks(before) && !model::text::known(key) {
                missing.push(format!("{key}   {line}"));
            }
        }
    }
    assert!(missing.is_empty(), "the catalogue lacks:\n{}", missing.join("\n"));
}

#[test]
fn the_reader_of_sources_tells_texts_from_code() {
    let node = |line: &str| literals(line).iter().any(|(b, l, a)| is_text_node(b, l, a));
    for (line, expected) in [
        (r#"<p>"Hello"</p>"#, true),
        (r#"  "Hello"</p>"#, true),
        (r#"<p>{t("hello")}</p>"#, false),
        (r#"<p>" \u{b7} "{x}</p>"#, false),
        (r#"Kind::Vm => "vm","#, false),
        (r#"fn f() -> "C""#, false),
        (r#"<p class="dr-job">{x}</p>"#, false),
    ] {
        assert_eq!(node(line), expected, "{line}");
    }
}
