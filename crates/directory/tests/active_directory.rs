//! Against Active Directory as Samba's domain controller has it, which `end2end/setup/samba.sh` makes and which ends
//! with these tests.

#![allow(clippy::unwrap_used)]

mod samba;

use directory::{DirectoryError, Person, Profile, Session, find, probe, sign_in};
use model::directory::{Security, Step};
use samba::samba;

/// As many as the script makes: more than a domain controller gives at once.
const NUMBERED: usize = 1100;

/// The domain's own group of all its users, which is theirs unless they have another, and what it is in.
const EVERYBODYS: [&str; 2] = ["Domain Users", "Users"];

fn names(person: &Person) -> Vec<&str> {
    let mut names: Vec<&str> = person.groups.iter().map(|g| g.name.as_str()).collect();
    names.sort_unstable();
    names
}

fn with_everybodys(more: &[&'static str]) -> Vec<&'static str> {
    let mut all: Vec<&str> = more.iter().copied().chain(EVERYBODYS).collect();
    all.sort_unstable();
    all
}

async fn enters(profile: &Profile, name: &str, password: &str) -> Option<Person> {
    sign_in(profile, name, password).await.unwrap()
}

async fn person(name: &str) -> Person {
    enters(&samba().profile(Security::Ldaps), name, &format!("secret-{name}")).await.unwrap()
}

#[tokio::test]
async fn a_person_is_read_with_all_their_groups() {
    let ada = person("ada").await;
    let user = &ada.user;
    assert_eq!((user.name.as_str(), user.full_name.as_str()), ("ada", "Ada Example"));
    assert_eq!((user.mail.as_str(), user.group), ("ada@example.org", false));
    assert_eq!(user.dn, "CN=ada,OU=people,DC=ad,DC=example,DC=org");
    assert_eq!(names(&ada), with_everybodys(&["admins", "house", "operators"]));
    assert_eq!(names(&person("bob").await), with_everybodys(&["house", "operators"]));
    let odd = person("odd").await;
    assert_eq!(odd.user.dn, "CN=Odd\\, (One) *,OU=people,DC=ad,DC=example,DC=org");
    assert_eq!(names(&odd), with_everybodys(&["admins", "house", "operators"]), "found as a member");
}

#[tokio::test]
async fn groups_that_hold_each_other_come_to_an_end() {
    assert_eq!(names(&person("ring").await), with_everybodys(&["ring-a", "ring-b", "ring-c"]));
}

/// It has no `member` for them, and they are in whatever it is in.
#[tokio::test]
async fn the_primary_group_counts_too() {
    assert_eq!(names(&person("pia").await), with_everybodys(&["crew", "fleet"]));
}

/// The account's name, and the other one: without what it ends in where that is the directory's own name.
#[tokio::test]
async fn both_names_of_a_person_are_theirs() {
    let profile = samba().profile(Security::Ldaps);
    for (typed, name) in [
        ("ada", Some("ada")),
        ("ADA", Some("ada")),
        ("ada@ad.example.org", Some("ada")),
        ("ada@example.org", None),
        ("bob", Some("bob")),
        ("robert.builder@example.org", Some("bob")),
        ("robert.builder", None),
        ("caroline", Some("carol")),
        ("caroline@ad.example.org", Some("carol")),
    ] {
        let mut session = Session::open(&profile).await.unwrap();
        let user = session.user(typed).await.unwrap();
        assert_eq!(user.as_ref().map(|u| u.found.name.as_str()), name, "{typed}");
        let Some(name) = name else { continue };
        assert_eq!(enters(&profile, typed, &format!("secret-{name}")).await.unwrap().user.name, name);
    }
}

#[tokio::test]
async fn who_may_not_sign_in_there_may_not_here() {
    let profile = samba().profile(Security::Ldaps);
    for (name, password) in [
        ("ada", "secret-bob"),
        ("ada", ""),
        ("off", "secret-off"),
        ("expired", "secret-expired"),
        ("newcomer", "secret-newcomer"),
        ("nobody", "secret-nobody"),
        ("admins", "x"),
        ("*", "secret-ada"),
        ("ad*", "secret-ada"),
        ("ada)(objectClass=*", "secret-ada"),
        ("DC$", ""),
        ("", ""),
    ] {
        assert_eq!(enters(&profile, name, password).await, None, "{name:?} {password:?}");
    }
}

/// The domain counts three.
#[tokio::test]
async fn who_is_locked_out_there_is_locked_out_here() {
    let profile = samba().profile(Security::Ldaps);
    assert!(enters(&profile, "forgetful", "secret-forgetful").await.is_some());
    for _ in 0..3 {
        assert_eq!(enters(&profile, "forgetful", "forgotten").await, None);
    }
    assert_eq!(enters(&profile, "forgetful", "secret-forgetful").await, None);
}

/// By the bytes of their ids; who was disabled is not there.
#[tokio::test]
async fn people_are_found_again_by_what_stays() {
    let mut session = Session::open(&samba().profile(Security::StartTls)).await.unwrap();
    let everybody = session.every_user().await.unwrap();
    let numbered = everybody.iter().filter(|one| one.full_name.starts_with("Person ")).count();
    assert_eq!(numbered, NUMBERED);
    assert!(!everybody.iter().any(|one| ["off", "DC$"].contains(&one.name.as_str())));
    assert!(everybody.iter().all(|one| one.id.len() == 32 && one.id.chars().all(|c| c.is_ascii_hexdigit())));
    let ids: Vec<String> = everybody.iter().map(|one| one.id.clone()).collect();
    assert_eq!(session.those(&ids, false).await.unwrap().len(), ids.len());
    let ada = everybody.iter().find(|one| one.name == "ada").unwrap();
    let again = session.people(std::slice::from_ref(&ada.id)).await.unwrap();
    assert_eq!(names(&again[0]), with_everybodys(&["admins", "house", "operators"]));
    let operators = again[0].groups.iter().find(|group| group.name == "operators").unwrap();
    let groups = session.those(std::slice::from_ref(&operators.id), true).await.unwrap();
    assert_eq!(groups, std::slice::from_ref(operators));
    assert!(session.those(&["00".repeat(16)], false).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_look_shows_the_first_and_says_that_there_are_more() {
    let profile = samba().profile(Security::Ldaps);
    let (found, more) = find(&profile, "u00").await.unwrap();
    assert!(!more && found.len() == 99, "{}", found.len());
    let (found, more) = find(&profile, "Person").await.unwrap();
    assert!(more && found.len() == directory::MOST_FOUND);
    let (found, _) = find(&profile, "ring").await.unwrap();
    let mut found: Vec<(bool, &str)> = found.iter().map(|f| (f.group, f.name.as_str())).collect();
    found.sort_unstable();
    assert_eq!(found, [(false, "ring"), (true, "ring-a"), (true, "ring-b"), (true, "ring-c")]);
}

#[tokio::test]
async fn a_domain_takes_no_password_that_others_can_read() {
    let error = sign_in(&samba().profile(Security::Plain), "ada", "secret-ada").await.unwrap_err();
    assert!(matches!(&error, DirectoryError::Asked(_, cause) if cause.contains("strong")), "{error}");
}

#[tokio::test]
async fn a_certificate_of_somebody_else_is_not_believed() {
    for security in [Security::Ldaps, Security::StartTls] {
        let mut profile = samba().profile(security);
        profile.config.ca = samba().other_ca.clone();
        let error = sign_in(&profile, "ada", "secret-ada").await.unwrap_err();
        assert!(matches!(error, DirectoryError::Tls(..)), "{security:?}: {error}");
    }
}

#[tokio::test]
async fn a_test_shows_how_far_it_comes() {
    let all = [Step::Resolve, Step::Connect, Step::Tls, Step::Bind, Step::Base, Step::Users, Step::Groups];
    let good = samba().profile(Security::StartTls);
    let upto = |n: usize| -> Vec<(Step, bool)> { all[..n].iter().map(|s| (*s, *s != all[n - 1])).collect() };
    let mut elsewhere = good.clone();
    elsewhere.config.base_dn = "ou=nobody,dc=ad,dc=example,dc=org".into();
    let mut empty = good.clone();
    empty.config.base_dn = "ou=empty,dc=ad,dc=example,dc=org".into();
    let nobody = all.map(|step| (step, !matches!(step, Step::Users | Step::Groups))).to_vec();
    for (profile, wanted) in [
        (good.clone(), all.map(|step| (step, true)).to_vec()),
        (samba().profile(Security::Plain), upto(4)),
        (Profile { password: "wrong".into(), ..good.clone() }, upto(4)),
        (elsewhere, upto(5)),
        (empty, nobody),
    ] {
        let steps: Vec<_> = probe(&profile).await.iter().map(|s| (s.step, s.fine)).collect();
        assert_eq!(steps, wanted);
    }
}
