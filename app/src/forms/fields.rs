//! What a form sends: texts by name, as a browser encodes them. The same type holds what was typed while a refused
//! form is shown again, and is cleaned of passwords before that.

use std::collections::BTreeMap;

use model::FieldErrors;
use serde::de::DeserializeOwned;
use serde::de::value::MapDeserializer;
use serde::{Deserialize, Serialize};

use crate::api::data;

/// Fields that never go back to a browser.
const SECRETS: [&str; 5] = ["password", "current", "new", "repeat", "code"];

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Fields(BTreeMap<String, String>);

impl Fields {
    /// Reads an urlencoded body. Fields with one name are the marked boxes of one list; they come as one text, with
    /// commas between.
    pub fn parse(body: &str) -> Fields {
        let mut fields = BTreeMap::<String, String>::new();
        for (name, value) in form_urlencoded::parse(body.as_bytes()).into_owned() {
            match fields.get_mut(&name) {
                Some(before) => *before = format!("{before},{value}"),
                None => drop(fields.insert(name, value)),
            }
        }
        Fields(fields)
    }

    pub fn encode(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }

    /// The field's text; empty when it was not sent.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.insert(name.to_owned(), value.into());
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// With a copy of itself under `name`, when it is of an object that is there: such a form has a version.
    pub fn opened(mut self, name: &str) -> Fields {
        if !self.get("version").is_empty() {
            self.set(name, self.encode());
        }
        self
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub fn without_secrets(mut self) -> Fields {
        self.0.retain(|name, _| !SECRETS.contains(&name.as_str()));
        self
    }

    /// Fields of this that are in the other too, taken from there; the others stay.
    pub fn overlaid(mut self, over: &Fields) -> Fields {
        // A box that is off is not sent at all: what is missing there is empty.
        for (name, value) in &mut self.0 {
            *value = over.get(name).to_owned();
        }
        self
    }

    /// The form as a type. All of a form's fields are texts, and what was not sent is empty, so this cannot
    /// fail for a type that is a form.
    pub fn read<T: FormData>(&self) -> T {
        let texts = self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        T::deserialize(MapDeserializer::<_, serde::de::value::Error>::new(texts)).unwrap_or_default()
    }

    pub fn of<T: FormData>(form: &T) -> Fields {
        serde_json::to_string(form).and_then(|text| data::read(&text)).unwrap_or_default()
    }
}

/// A form as a plain type: every field is a `String` under its name in the HTML.
pub trait FormData: Serialize + DeserializeOwned + Default {
    type Request;

    /// What is asked for, or everything that is wrong: the same answer in the browser and on the server.
    fn request(&self) -> Result<Self::Request, FieldErrors>;
}

/// The check of a form, for what holds no types.
pub fn check<T: FormData>(fields: &Fields) -> FieldErrors {
    fields.read::<T>().request().err().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    struct Two {
        name: String,
        headless: String,
    }

    impl FormData for Two {
        type Request = ();
        fn request(&self) -> Result<(), FieldErrors> {
            model::field::name(&self.name, 5).map_err(|text| FieldErrors::one("name", text))
        }
    }

    #[test]
    fn a_body_becomes_a_form_and_goes_back() {
        let fields = Fields::parse("name=a%26b+c&headless=true&other=1");
        assert_eq!(fields.read::<Two>(), Two { name: "a&b c".into(), headless: "true".into() });
        assert_eq!(Fields::parse(&fields.encode()), fields);
        assert_eq!(Fields::of(&Two::default()).get("headless"), "");
        assert_eq!(Fields::parse("hosts=a&name=n&hosts=b").get("hosts"), "a,b");
    }

    #[test]
    fn passwords_do_not_go_back() {
        let fields = Fields::parse("user=admin&password=x&current=y&new=z&repeat=z").without_secrets();
        assert_eq!(fields, Fields::parse("user=admin"));
    }

    #[test]
    fn a_box_that_was_switched_off_stays_off() {
        let before = Fields::of(&Two { name: "a".into(), headless: "true".into() });
        assert_eq!(
            before.overlaid(&Fields::parse("name=b")).read::<Two>(),
            Two { name: "b".into(), headless: String::new() }
        );
    }

    #[test]
    fn only_an_edit_takes_along_what_it_was_opened_with() {
        let edit = Fields::parse("version=3&name=a");
        assert_eq!(Fields::parse(edit.clone().opened("opened").get("opened")), edit);
        assert!(!Fields::parse("version=&name=a").opened("opened").has("opened"));
    }

    #[test]
    fn the_check_is_the_request() {
        assert!(check::<Two>(&Fields::parse("name=ab")).is_empty());
        assert!(check::<Two>(&Fields::parse("")).get("name").is_some());
    }
}
