//! Ids of another tenant, on every route that takes one: what comes back is what comes back for an id that nothing has,
//! to the letter. Routes, forms and server functions are enumerated from what serves them; one without a line in
//! `tables.rs`, or in the checked-in `answers.txt`, fails the test (`UPDATE_OPERATIONS=1` writes the file anew). The same
//! requests with ids of one's own show that each of them would have come through.

#![allow(clippy::unwrap_used)]

mod answers;
#[path = "../support/door.rs"]
mod door;
mod estate;
mod routes;
mod tables;

use std::fmt::Write;

use answers::{Answer, word};
use door::{Browser, Door, door};
use estate::Ids;
use routes::Route;
use sqlx::PgPool;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/forged/answers.txt");

async fn asked(door: &Door, bob: &mut Browser, route: &Route, ids: &Ids) -> Answer {
    let (path, body) = (ids.put_into(&route.path), ids.put_into(&route.body));
    let (status, text) = bob.send(door, route.method, &path, &body).await;
    Answer { status, text: ids.taken_out_of(&answers::plain(&text)) }
}

async fn door_with_people(pool: PgPool) -> (Door, Ids, Ids) {
    let door = door(pool).await;
    let (own, foreign) = estate::two(&door).await;
    door::user(&door, "carl").await;
    (door, own, foreign)
}

async fn signed_in(door: &Door, name: &str) -> Browser {
    let mut browser = Browser::default();
    browser.sign_in(door, name).await;
    browser
}

/// What somebody gets without an id to forge: Carl, who holds nothing.
async fn plain_line(door: &Door, carl: &mut Browser, route: &Route) -> String {
    let answer = asked(door, carl, route, &Ids::nowhere()).await;
    assert!(!answer.text.contains(estate::SECRET), "{} says {}", route.name, answer.text);
    format!("{:<56}{:<84}-", route.name, word(&answer))
}

#[sqlx::test(migrations = false)]
async fn a_forged_id_is_an_id_that_nothing_has(pool: PgPool) {
    let (door, own, foreign) = door_with_people(pool).await;
    let nowhere = Ids::nowhere();
    let (mut bob, mut carl) = (signed_in(&door, "bob").await, signed_in(&door, "carl").await);
    let (mut table, mut wrong) = (String::new(), String::new());
    for route in routes::all() {
        if route.plain() {
            writeln!(table, "{}", plain_line(&door, &mut carl, &route).await).unwrap();
            continue;
        }
        let forged = asked(&door, &mut bob, &route, &foreign).await;
        let nothing = asked(&door, &mut bob, &route, &nowhere).await;
        if forged != nothing {
            let differs = answers::difference(&forged, &nothing);
            writeln!(wrong, "{} tells them apart:\n{differs}", route.name).unwrap();
        }
        if forged.text.contains(estate::SECRET) || forged.status.is_server_error() {
            writeln!(wrong, "{} says {}: {}", route.name, forged.status, forged.text).unwrap();
        }
        let mine = match route.changes {
            true => "-".to_owned(),
            false => word(&asked(&door, &mut bob, &route, &own).await),
        };
        writeln!(table, "{:<56}{:<84}{mine}", route.name, word(&forged)).unwrap();
    }
    if std::env::var_os("UPDATE_OPERATIONS").is_some() {
        std::fs::write(FILE, &table).unwrap();
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert_eq!(table, std::fs::read_to_string(FILE).unwrap());
}

fn is_in(list: &[&str], name: &str) -> bool {
    list.iter().any(|one| name.starts_with(one))
}

/// In the file, nobody gets further with somebody else's id than to a no, or to an empty list; with one's own, whatever only
/// reads answers; and what takes no id says no to who holds nothing, unless it is everybody's.
#[test]
fn every_route_has_somebody_who_may_not() {
    let table = std::fs::read_to_string(FILE).unwrap();
    for line in table.lines() {
        let (name, answers) = line.split_at(56);
        let (other, own) = (answers[..84].trim_end(), answers[84..].trim_end());
        let no = ["400", "401", "403", "404", "422"].iter().any(|no| other.starts_with(no));
        let fine = no || is_in(tables::EMPTY, name) || is_in(tables::ANYBODYS, name);
        assert!(fine, "{line}");
        // Not every kind of object has every part.
        let part =
            own == "404" && tables::PARTS.iter().any(|part| name.trim_end().ends_with(&format!("}}/{part}")));
        let mine = own == "-" || own.starts_with("200") || part || is_in(tables::NOBODYS, name);
        assert!(mine, "with one's own id it would not come through either: {line}");
    }
}

#[sqlx::test(migrations = false)]
async fn who_is_not_signed_in_gets_nothing(pool: PgPool) {
    let (door, own, _) = door_with_people(pool).await;
    let mut wrong = String::new();
    for route in routes::all().iter().filter(|route| !is_in(tables::OPEN, &route.name)) {
        let answer = asked(&door, &mut Browser::default(), route, &own).await;
        let told = answer.text.contains("main-");
        if told || !["401", "303", "400"].iter().any(|no| word(&answer).starts_with(no)) {
            writeln!(
                wrong,
                "{}: {} {}",
                route.name,
                answer.status,
                answer.text.chars().take(200).collect::<String>()
            )
            .unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
