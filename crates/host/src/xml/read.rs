//! Walking through a document, and the small documents that need no file of their own.

use roxmltree::{Document, Node};

use super::XmlError;

/// Parses and hands the root on. Answers borrow nothing, so the document need not live longer.
pub fn with_root<T>(xml: &str, take: impl FnOnce(Node) -> T) -> Result<T, XmlError> {
    let document = Document::parse(xml).map_err(|e| XmlError(e.to_string()))?;
    Ok(take(document.root_element()))
}

/// The first element at a path of names below `node`.
pub fn at<'a, 'i>(node: Node<'a, 'i>, path: &[&str]) -> Option<Node<'a, 'i>> {
    path.iter().try_fold(node, |n, name| n.children().find(|c| c.has_tag_name(*name)))
}

/// The text at a path, trimmed; empty is none.
pub fn text(node: Node, path: &[&str]) -> Option<String> {
    let text = at(node, path)?.text()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

pub fn all<'a, 'i: 'a>(node: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |c| c.has_tag_name(name))
}

/// The name of a bridge, if the interface is one.
pub fn bridge(xml: &str) -> Option<String> {
    let name = |root: Node| match root.attribute("type") {
        Some("bridge") => root.attribute("name").map(str::to_owned),
        _ => None,
    };
    with_root(xml, name).ok().flatten()
}
