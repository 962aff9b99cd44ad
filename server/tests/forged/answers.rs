//! What came back, without what differs from one request to the next.

use axum::http::StatusCode;

#[derive(Debug, PartialEq)]
pub struct Answer {
    pub status: StatusCode,
    pub text: String,
}

/// Without the nonces, which are each page's own.
pub fn plain(text: &str) -> String {
    let mut parts = text.split("nonce=\"");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str("nonce=\"");
        plain.push_str(part.split_once('"').map_or(part, |(_, rest)| rest));
    }
    plain
}

/// The first place where they differ, with what is around it.
pub fn difference(one: &Answer, other: &Answer) -> String {
    let at = one.text.bytes().zip(other.text.bytes()).take_while(|(a, b)| a == b).count();
    let around = |text: &str| {
        let bytes = &text.as_bytes()[at.saturating_sub(120).min(text.len())..(at + 200).min(text.len())];
        String::from_utf8_lossy(bytes).into_owned()
    };
    format!("  {} {}\n  {} {}", one.status, around(&one.text), other.status, around(&other.text))
}

/// The status, and of a no what it is about.
pub fn word(answer: &Answer) -> String {
    let status = answer.status.as_u16();
    let fault: serde_json::Value = serde_json::from_str(&answer.text).unwrap_or_default();
    let fault = fault.get("fault").unwrap_or(&fault);
    let inner = fault.get(0).unwrap_or(fault);
    let mut about = Vec::new();
    if let Some(object) = inner.as_object() {
        for (name, value) in
            object.iter().filter(|(name, _)| name.chars().next().is_some_and(char::is_uppercase))
        {
            about.push(name.clone());
            keys(value, &mut about);
        }
    }
    about.truncate(4);
    format!("{status} {}", about.join(" ")).trim_end().to_owned()
}

/// The keys of texts, and kinds.
fn keys(value: &serde_json::Value, found: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(object) => {
            for (name, value) in object {
                match value.as_str() {
                    Some(text) if name == "key" || name == "kind" => found.push(text.to_owned()),
                    Some(_) => {}
                    None => keys(value, found),
                }
            }
        }
        serde_json::Value::Array(all) => all.iter().for_each(|one| keys(one, found)),
        serde_json::Value::String(text) => found.push(text.clone()),
        _ => {}
    }
}
