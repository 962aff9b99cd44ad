//! The tags that a list is narrowed down to, as they stand in its search: `tag=a or tag=b`, beside whatever else is
//! searched for. The panel of tags reads a list's search with it and writes the one that a press leads to.

/// Words that mean something in the language; a tag of that name is quoted.
const KEPT: [&str; 7] = ["and", "or", "not", "sortby", "asc", "desc", "page"];

#[derive(Debug, Clone, Default, PartialEq)]
pub struct TagFilter {
    pub tags: Vec<String>,
    /// What is searched for besides.
    text: String,
    /// `sortby …` and `page …`, which stand behind everything.
    tail: String,
}

impl TagFilter {
    pub fn read(search: &str) -> TagFilter {
        let (text, tail) = without_tail(search.trim());
        let tail = tail.to_owned();
        if let Some(tags) = tags(text) {
            return TagFilter { tags, text: String::new(), tail };
        }
        let both = text.strip_prefix('(').and_then(|t| t.rsplit_once(") and "));
        match both.and_then(|(own, rest)| Some((own, tags(inside(rest))?))) {
            Some((own, tags)) if balanced(own) => TagFilter { tags, text: own.to_owned(), tail },
            _ => TagFilter { tags: Vec::new(), text: text.to_owned(), tail },
        }
    }

    /// With this tag, or without it when it is there.
    pub fn toggled(mut self, tag: &str) -> TagFilter {
        let before = self.tags.len();
        self.tags.retain(|one| !same(one, tag));
        if self.tags.len() == before {
            self.tags.push(tag.to_owned());
        }
        self
    }

    pub fn has(&self, tag: &str) -> bool {
        self.tags.iter().any(|one| same(one, tag))
    }

    /// The search; none when nothing is left of it.
    pub fn write(&self) -> Option<String> {
        let one = |tag: &String| match KEPT.iter().any(|word| same(word, tag)) {
            true => format!("tag=\"{tag}\""),
            false => format!("tag={tag}"),
        };
        let tags = self.tags.iter().map(one).collect::<Vec<_>>().join(" or ");
        let said = match (self.text.is_empty(), self.tags.len()) {
            (_, 0) => self.text.clone(),
            (true, _) => tags,
            (false, 1) => format!("({}) and {tags}", self.text),
            (false, _) => format!("({}) and ({tags})", self.text),
        };
        let whole = format!("{said} {}", self.tail).trim().to_owned();
        (!whole.is_empty()).then_some(whole)
    }
}

/// Names of tags are one whatever their case.
fn same(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

/// The names in `tag=a or tag=b`, when that is all there is.
fn tags(text: &str) -> Option<Vec<String>> {
    text.split(" or ").map(|one| name(one.trim())).collect()
}

fn name(condition: &str) -> Option<String> {
    let rest = condition.strip_prefix("tag")?.trim_start().strip_prefix('=')?.trim();
    let name = rest.strip_prefix('"').and_then(|r| r.strip_suffix('"')).unwrap_or(rest);
    crate::field::name(name, 50).is_ok().then(|| name.to_owned())
}

fn inside(text: &str) -> &str {
    text.strip_prefix('(').and_then(|t| t.strip_suffix(')')).unwrap_or(text)
}

/// Whether the parentheses of a text are its own: `a) or (b` is no whole.
fn balanced(text: &str) -> bool {
    let (mut depth, mut quoted) = (0i32, false);
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

/// The text, and from `sortby` or `page` on the tail. A word in quotes is no such word.
fn without_tail(text: &str) -> (&str, &str) {
    let mut quoted = false;
    let mut begins = true;
    for (at, c) in text.char_indices() {
        let rest = &text[at..];
        let word = rest.split(char::is_whitespace).next().unwrap_or_default();
        if begins && !quoted && ["sortby", "page"].iter().any(|tail| same(tail, word)) {
            return (text[..at].trim_end(), rest);
        }
        quoted ^= c == '"';
        begins = c.is_whitespace();
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A search, a tag that is pressed, and the search that it leads to.
    #[test]
    fn a_press_puts_a_tag_in_and_takes_it_out() {
        for (before, tag, after) in [
            ("", "a", "tag=a"),
            ("tag=a", "a", ""),
            ("tag=a", "A", ""),
            ("tag = a", "b", "tag=a or tag=b"),
            ("tag=a or tag=b", "a", "tag=b"),
            ("name=x", "a", "(name=x) and tag=a"),
            ("(name=x) and tag=a", "b", "(name=x) and (tag=a or tag=b)"),
            ("(name=x) and (tag=a or tag=b)", "b", "(name=x) and tag=a"),
            ("(name=x) and tag=a", "a", "name=x"),
            ("name=x or name=y sortby name desc", "a", "(name=x or name=y) and tag=a sortby name desc"),
            ("(name=x or name=y) and tag=a sortby name desc", "a", "name=x or name=y sortby name desc"),
            ("tag=a SORTBY name", "a", "SORTBY name"),
            ("name=\"a sortby b\"", "a", "(name=\"a sortby b\") and tag=a"),
            ("(a) or (name=x) and tag=a", "b", "((a) or (name=x) and tag=a) and tag=b"),
            ("tag=a*", "b", "(tag=a*) and tag=b"),
            ("", "or", "tag=\"or\""),
            ("tag=\"or\"", "or", ""),
        ] {
            let written = TagFilter::read(before).toggled(tag).write().unwrap_or_default();
            assert_eq!(written, after, "{before} with {tag}");
        }
    }

    #[test]
    fn what_is_written_reads_the_same() {
        for text in ["", "name=x", "status=up page 2"] {
            let filter = TagFilter::read(text).toggled("a").toggled("b");
            assert_eq!(TagFilter::read(&filter.write().unwrap()), filter);
            assert!(filter.has("A") && !filter.has("c"));
        }
    }
}
