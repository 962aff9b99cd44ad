//! What a page reads, whatever its type: rendered on the server, it travels in the page, and is asked for again from
//! the browser. Leptos' resource is compiled once, for a parcel; only packing and opening know what is in it.

use std::any::Any;
use std::convert::Infallible;
use std::fmt::{Display, Formatter};
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};

use leptos::prelude::*;
use leptos::server::codee::string::FromToStringCodec;
use model::{Fault, Refusal};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::ApiError;

/// What can be read.
pub trait Readable: Clone + Serialize + DeserializeOwned + Send + Sync + 'static {}
impl<T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static> Readable for T {}

type Answer<T> = Result<T, ApiError>;

/// Reads what was written as JSON. The one way to do it: server functions' answers are read from bytes too, and each
/// other source would be all the code for all types once more.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    serde_json::from_slice(text.as_bytes())
}

/// An answer of a server function: as a value, or as the text that came with the page, read when it is needed.
#[derive(Clone)]
struct Parcel(Arc<Inside>);

struct Inside {
    value: OnceLock<Box<dyn Any + Send + Sync>>,
    /// What was made of it.
    made: OnceLock<Box<dyn Any + Send + Sync>>,
    /// A value as JSON, or `!` and a fault; only for the way from the server into the page.
    text: String,
}

impl Parcel {
    fn of<T: Readable>(answer: Answer<T>) -> Parcel {
        let text = written(&answer);
        Parcel(Arc::new(Inside {
            value: OnceLock::from(Box::new(answer) as Box<_>),
            made: OnceLock::new(),
            text,
        }))
    }

    fn open<T: Readable>(&self) -> Answer<T> {
        let value = self.0.value.get_or_init(|| Box::new(answer::<T>(&self.0.text)));
        value.downcast_ref::<Answer<T>>().expect("a parcel is opened as what was packed").clone()
    }

    /// What `make` makes of it, made once.
    fn made<U: Clone + Send + Sync + 'static>(&self, make: impl FnOnce() -> U) -> U {
        let made = self.0.made.get_or_init(|| Box::new(make()));
        made.downcast_ref::<U>().expect("one thing is made of a parcel").clone()
    }
}

fn written<T: Readable>(answer: &Answer<T>) -> String {
    // A browser sends none on, and needs no code for it.
    if cfg!(target_arch = "wasm32") {
        return String::new();
    }
    match answer {
        Ok(value) => serde_json::to_string(value).unwrap_or_default(),
        Err(error) => serde_json::to_string(error).map(|text| format!("!{text}")).unwrap_or_default(),
    }
}

fn answer<T: Readable>(text: &str) -> Answer<T> {
    match text.strip_prefix('!') {
        Some(fault) => Err(read(fault).unwrap_or_else(unreadable)),
        None => read(text).map_err(unreadable),
    }
}

fn unreadable(error: serde_json::Error) -> ApiError {
    Fault::Unavailable(Refusal::new("fault-answer").with("cause", error.to_string())).into()
}

impl Display for Parcel {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.text)
    }
}

impl FromStr for Parcel {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Parcel(Arc::new(Inside { value: OnceLock::new(), made: OnceLock::new(), text: text.to_owned() })))
    }
}

/// What the server knows when it renders, handed to the browser with the page.
pub fn handed<T: Readable>(known: impl FnOnce() -> Option<T>) -> Option<T> {
    let parcel = SharedValue::new_str(|| Parcel::of(Ok(known()))).into_inner();
    parcel.open::<Option<T>>().ok().flatten()
}

/// Something that a page reads.
pub struct Data<T> {
    parcel: Resource<Parcel, FromToStringCodec>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Data<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Data<T> {}

impl<T: Readable> Data<T> {
    /// What `load` gives.
    pub fn new<F>(load: impl Fn() -> F + Send + Sync + 'static) -> Data<T>
    where
        F: Future<Output = Answer<T>> + Send + 'static,
    {
        Data::at(Signal::stored(0), load)
    }

    /// What `load` gives for `source`, again whenever that tells of a change.
    pub fn following<S, F>(source: Signal<S>, load: impl Fn(S) -> F + Send + Sync + 'static) -> Data<T>
    where
        S: Clone + Send + Sync + 'static,
        F: Future<Output = Answer<T>> + Send + 'static,
    {
        let turn = Memo::new(move |last: Option<&u64>| {
            let _ = source.try_with(|_| ());
            last.map_or(0, |last| last + 1)
        });
        // The part of the page that it stood in may have been made anew before this began to read.
        Data::at(turn.into(), move || {
            let loading = source.try_get_untracked().map(&load);
            async move {
                match loading {
                    Some(loading) => loading.await,
                    None => {
                        Err(ApiError(Fault::Unavailable(Refusal::new("fault-answer").with("cause", "gone"))))
                    }
                }
            }
        })
    }

    fn at<F>(turn: Signal<u64>, load: impl Fn() -> F + Send + Sync + 'static) -> Data<T>
    where
        F: Future<Output = Answer<T>> + Send + 'static,
    {
        let load = move || -> Sending {
            let answer = load();
            Box::pin(async move { Parcel::of(answer.await) })
        };
        Data { parcel: parcels(turn, Box::new(load)), of: PhantomData }
    }

    pub fn get(self) -> Option<Answer<T>> {
        self.parcel.get().map(|parcel| parcel.open())
    }

    /// What `make` makes of it, made once for each answer, however often it is asked for; always the same thing.
    pub fn get_as<U: Clone + Send + Sync + 'static>(self, make: fn(Answer<T>) -> U) -> Option<U> {
        self.parcel.get().map(|parcel| parcel.made(|| make(parcel.open())))
    }

    pub fn refetch(self) {
        self.parcel.refetch();
    }
}

type Sending = Pin<Box<dyn Future<Output = Parcel> + Send>>;

fn parcels(
    turn: Signal<u64>,
    load: Box<dyn Fn() -> Sending + Send + Sync>,
) -> Resource<Parcel, FromToStringCodec> {
    Resource::new_str(move || turn.try_get().unwrap_or_default(), move |_| load())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through_the_page<T: Readable>(answer: Answer<T>) -> Answer<T> {
        let text = Parcel::of(answer).to_string();
        text.parse::<Parcel>().unwrap_or_else(|never| match never {}).open()
    }

    #[test]
    fn an_answer_comes_out_as_it_was_packed() {
        assert_eq!(Parcel::of(Ok(7_u32)).open::<u32>(), Ok(7));
        assert_eq!(through_the_page(Ok(vec!["!".to_owned()])), Ok(vec!["!".to_owned()]));
        assert_eq!(through_the_page(Ok(None::<u32>)), Ok(None));
        let fault = ApiError(Fault::SignedOut);
        assert_eq!(through_the_page(Err::<u32, _>(fault.clone())), Err(fault));
    }

    #[test]
    fn what_cannot_be_read_is_a_fault() {
        let parcel: Parcel = "no JSON".parse().unwrap_or_else(|never| match never {});
        assert!(matches!(parcel.open::<u32>(), Err(ApiError(Fault::Unavailable(_)))));
    }
}
