//! Whatever is typed: nothing panics, places lie in the text, and what was understood is worded so that it is
//! understood the same.

use proptest::prelude::*;
use search::{Completion, Entity, Query, complete, parse, parse_whole};

fn entity() -> impl Strategy<Value = Entity> {
    proptest::sample::select(Entity::ALL)
}

/// Text of the kind that people type, right and wrong.
fn typed() -> impl Strategy<Value = String> {
    let words = vec![
        "name",
        "status",
        "memory",
        "time",
        "severity",
        "tag",
        "id",
        "hosts",
        "vms",
        ".",
        "=",
        "!=",
        "<",
        ">=",
        "!",
        "up",
        "error",
        "yesterday",
        "42",
        "4G",
        "2d",
        "web*",
        "w?b",
        "\"a b\"",
        "\"",
        "\\",
        "\\\"",
        "'",
        ";",
        "(",
        ")",
        "and",
        "or",
        "sortby",
        "asc",
        "desc",
        "page",
        "1",
        "0",
        "null",
        "\"\"",
        "true",
        "ä",
        "\u{301}",
        " ",
    ];
    let word = proptest::sample::select(words).prop_map(str::to_owned);
    let any = prop_oneof![8 => word, 1 => ".{0,6}"];
    (proptest::collection::vec(any, 0..14), prop_oneof![Just(" "), Just("")])
        .prop_map(|(words, between)| words.join(between))
}

/// Conditions that are right, for one entity.
fn right() -> impl Strategy<Value = String> {
    let leaf = proptest::sample::select(vec![
        "name = web*",
        "name != \"a \\\"b\\\" \\\\ c\"",
        "status = poweringup",
        "memory > 4G",
        "uptime < 1.02:03:04",
        "Hosts.name = kvm1",
        "Hosts.status != up",
        "tag = prod",
        "creationdate > \"2026-01-02 03:04\"",
        "creationdate = monday",
        "fqdn = \"\"",
        "highly_available = true",
        "Events.severity >= warning",
        "id = 123e4567-e89b-12d3-a456-426614174000",
        "cpu_usage <= 12.5",
        "Vnic.mac = *:01",
    ])
    .prop_map(str::to_owned);
    leaf.prop_recursive(4, 24, 4, |inner| {
        let between = proptest::sample::select(vec![" and ", " or ", " "]);
        (proptest::collection::vec(inner, 1..4), between)
            .prop_map(|(all, between)| format!("({})", all.join(between)))
    })
}

fn told_within(text: &str, completion: &Completion) {
    assert!(text.is_char_boundary(completion.handled), "{text:?}");
    assert!(completion.lines.is_empty() || completion.error.is_none(), "{text:?}");
}

proptest! {
    #[test]
    fn nothing_panics(entity in entity(), text in typed()) {
        if let Err(error) = parse(entity, &text) {
            prop_assert!(error.at.end <= text.len() && error.at.start <= error.at.end);
            prop_assert!(text.is_char_boundary(error.at.start) && text.is_char_boundary(error.at.end));
            let _ = error.text(&text).to_string();
        }
        told_within(&text, &complete(entity, &text));
        let _ = parse_whole(&text);
    }

    #[test]
    fn nothing_panics_on_anything(entity in entity(), text in ".*") {
        let _ = parse(entity, &text);
        told_within(&text, &complete(entity, &text));
    }

    #[test]
    fn what_is_worded_is_read_the_same(text in right(), sorted in any::<bool>()) {
        let text = if sorted { format!("{text} sortby memory desc page 3") } else { text };
        let query = parse(Entity::Vms, &text).map_err(|e| TestCaseError::fail(format!("{text}: {e:?}")))?;
        let again: Result<Query, _> = parse(Entity::Vms, &query.rest());
        prop_assert_eq!(again, Ok(query));
    }

    #[test]
    fn whatever_is_understood_is_read_the_same(entity in entity(), text in typed()) {
        if let Ok(query) = parse(entity, &text) {
            prop_assert_eq!(parse(entity, &query.rest()), Ok(query));
        }
    }

    #[test]
    fn every_proposal_leads_on(entity in entity(), text in typed()) {
        for line in complete(entity, &text).lines {
            let after = complete(entity, &line.taken());
            prop_assert!(after.error.is_none(), "{:?}: {:?}", line.taken(), after.error);
        }
    }
}
