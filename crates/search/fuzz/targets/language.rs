//! Whatever bytes: a search is read or refused at a place within it, completed, and read the same when worded again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use search::{Entity, complete, parse};

fuzz_target!(|input: (u8, &str)| {
    let (which, text) = input;
    let entity = Entity::ALL[usize::from(which) % Entity::ALL.len()];
    match parse(entity, text) {
        Ok(query) => assert_eq!(parse(entity, &query.rest()).as_ref(), Ok(&query), "{}", query.rest()),
        Err(error) => assert!(text.get(error.at.clone()).is_some() || error.at == (0..0)),
    }
    let completion = complete(entity, text);
    assert!(text.is_char_boundary(completion.handled));
    assert!(completion.lines.is_empty() || completion.error.is_none());
});
