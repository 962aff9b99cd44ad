//! A tree of elements that prints itself. Texts are escaped here and nowhere else; characters that XML
//! cannot carry at all become U+FFFD.

use std::fmt::{self, Display, Write};

pub struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    text: Option<String>,
    children: Vec<Element>,
}

pub fn el(name: &'static str) -> Element {
    Element { name, attributes: Vec::new(), text: None, children: Vec::new() }
}

impl Element {
    pub fn attr(mut self, name: &'static str, value: impl Display) -> Self {
        self.attributes.push((name, value.to_string()));
        self
    }

    pub fn attr_if(self, name: &'static str, value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.attr(name, value),
            None => self,
        }
    }

    pub fn text(mut self, text: impl Display) -> Self {
        self.text = Some(text.to_string());
        self
    }

    pub fn child(mut self, child: Element) -> Self {
        self.children.push(child);
        self
    }

    pub fn children(mut self, children: impl IntoIterator<Item = Element>) -> Self {
        self.children.extend(children);
        self
    }

    fn print(&self, out: &mut impl Write, depth: usize) -> fmt::Result {
        write!(out, "{:indent$}<{}", "", self.name, indent = depth * 2)?;
        for (name, value) in &self.attributes {
            write!(out, " {name}='{}'", Escaped(value))?;
        }
        match (&self.text, self.children.is_empty()) {
            (Some(text), _) => writeln!(out, ">{}</{}>", Escaped(text), self.name),
            (None, true) => out.write_str("/>\n"),
            (None, false) => {
                out.write_str(">\n")?;
                self.children.iter().try_for_each(|c| c.print(out, depth + 1))?;
                writeln!(out, "{:indent$}</{}>", "", self.name, indent = depth * 2)
            }
        }
    }
}

impl Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.print(f, 0)
    }
}

struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '\'' => f.write_str("&apos;")?,
                '"' => f.write_str("&quot;")?,
                '\t' | '\n' | '\r' => write!(f, "&#{};", u32::from(c))?,
                '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => f.write_char('\u{fffd}')?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}
