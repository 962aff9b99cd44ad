//! Against a real OpenLDAP, which `end2end/setup/ldap.sh` makes and which ends with these tests.

#![allow(clippy::unwrap_used)]

mod slapd;

use std::time::{Duration, Instant};

use directory::{DirectoryError, Profile, Session, find, probe, sign_in};
use model::directory::{Schema, Security, Step};
use slapd::{Slapd, slapd};
use tokio::net::TcpListener;

/// As many as the script makes.
const PEOPLE: usize = 2000;

fn names(groups: &[model::directory::Found]) -> Vec<&str> {
    let mut names: Vec<&str> = groups.iter().map(|g| g.name.as_str()).collect();
    names.sort_unstable();
    names
}

async fn person(profile: &Profile, name: &str) -> directory::Person {
    sign_in(profile, name, &format!("secret-{name}")).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_person_is_read_with_all_their_groups() {
    let ada = person(&slapd().profile(Security::Ldaps), "u0001").await;
    let user = &ada.user;
    assert_eq!((user.name.as_str(), user.full_name.as_str()), ("u0001", "Person 0001"));
    assert_eq!((user.mail.as_str(), user.group), ("u0001@example.org", false));
    assert_eq!(user.dn, "uid=u0001,ou=people,dc=example,dc=org");
    assert_eq!(user.id.len(), 36);
    assert_eq!(names(&ada.groups), ["admins", "house", "operators", "staff"]);
    assert_eq!(
        names(&person(&slapd().profile(Security::Ldaps), "u0003").await.groups),
        ["house", "operators", "staff"]
    );
}

#[tokio::test]
async fn groups_that_hold_each_other_come_to_an_end() {
    let one = person(&slapd().profile(Security::Plain), "u0004").await;
    assert_eq!(names(&one.groups), ["ring-a", "ring-b", "ring-c", "staff"]);
}

#[tokio::test]
async fn by_name_and_number_where_groups_have_no_dns() {
    let mut profile = slapd().profile(Security::StartTls);
    profile.config.schema = Schema::Rfc2307;
    assert_eq!(names(&person(&profile, "u0005").await.groups), ["users", "wheel"]);
    assert_eq!(names(&person(&profile, "u0006").await.groups), ["users"]);
}

#[tokio::test]
async fn only_their_own_password_lets_somebody_in() {
    let profile = slapd().profile(Security::Ldaps);
    for (name, password) in [
        ("u0001", "secret-u0002"),
        ("u0001", ""),
        ("u9999", "secret-u9999"),
        ("", ""),
        ("admins", "x"),
        ("reader", "reader-secret"),
    ] {
        assert_eq!(sign_in(&profile, name, password).await.unwrap(), None, "{name:?} {password:?}");
    }
}

#[tokio::test]
async fn what_is_typed_never_becomes_a_question() {
    let profile = slapd().profile(Security::Plain);
    for name in ["*", "u000*", "u0001)(uid=*", "*)(|(uid=*", "\\2a", "(", "o, (x"] {
        assert_eq!(sign_in(&profile, name, "secret-u0001").await.unwrap(), None, "{name:?}");
        let (found, more) = find(&profile, name).await.unwrap();
        assert!(!more && found.iter().all(|f| f.name.contains("(x)")), "{name:?} {found:?}");
    }
    let odd = sign_in(&profile, "o, (x)*", "secret-odd").await.unwrap().unwrap();
    assert_eq!(
        names(&odd.groups),
        ["admins", "house", "operators"],
        "a place with such signs is found as a member"
    );
    let (found, _) = find(&profile, "Odd (One) *").await.unwrap();
    assert_eq!(names(&found), ["o, (x)*"]);
}

#[tokio::test]
async fn a_look_shows_the_first_and_says_that_there_are_more() {
    let profile = slapd().profile(Security::Plain);
    let (found, more) = find(&profile, "u00").await.unwrap();
    assert!(!more && found.len() == 99, "{}", found.len());
    let (found, more) = find(&profile, "Person").await.unwrap();
    assert!(more && found.len() == directory::MOST_FOUND);
    let (found, _) = find(&profile, "ring").await.unwrap();
    assert_eq!(names(&found), ["ring-a", "ring-b", "ring-c"]);
    assert!(found.iter().all(|f| f.group));
    assert!(find(&profile, "").await.unwrap().1);
}

/// The server gives 500 and no more unless it is asked page by page.
#[tokio::test]
async fn more_people_than_a_server_gives_at_once() {
    let profile = slapd().profile(Security::Plain);
    let mut session = Session::open(&profile).await.unwrap();
    let all = session.every_user().await.unwrap();
    assert_eq!(all.len(), PEOPLE + 1);
    let ids: Vec<String> = all.into_iter().take(1200).map(|one| one.id).collect();
    assert_eq!(session.those(&ids, false).await.unwrap().len(), 1200);
    let some = session.people(&ids[..3]).await.unwrap();
    assert!(some.iter().all(|one| names(&one.groups).contains(&"staff")), "{some:?}");
    assert!(session.those(&["no-such-id".to_owned()], false).await.unwrap().is_empty());
}

#[tokio::test]
async fn another_server_stands_in() {
    let mut profile = slapd().profile(Security::Plain);
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let dead = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let good = profile.config.servers.remove(0);
    profile.config.servers =
        vec![dead.to_string(), "no-such-host.invalid".into(), silent.local_addr().unwrap().to_string(), good];
    assert_eq!(person(&profile, "u0001").await.user.name, "u0001");
}

#[tokio::test]
async fn a_certificate_of_somebody_else_is_not_believed() {
    for security in [Security::Ldaps, Security::StartTls] {
        let mut profile = slapd().profile(security);
        profile.config.ca = slapd().other_ca.clone();
        let error = sign_in(&profile, "u0001", "secret-u0001").await.unwrap_err();
        assert!(matches!(error, DirectoryError::Tls(..)), "{security:?}: {error}");
        profile.config.ca = "-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----".into();
        let error = sign_in(&profile, "u0001", "secret-u0001").await.unwrap_err();
        assert!(matches!(error, DirectoryError::Ca(..)), "{security:?}: {error}");
    }
}

/// It accepts, and says nothing for ever.
#[tokio::test]
async fn a_silent_server_costs_seconds() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    for security in [Security::Ldaps, Security::StartTls, Security::Plain] {
        let mut profile = slapd().profile(security);
        profile.config.servers = vec![silent.local_addr().unwrap().to_string()];
        let begun = Instant::now();
        let error = sign_in(&profile, "u0001", "secret-u0001").await.unwrap_err();
        assert!(matches!(error, DirectoryError::Slow(_)), "{security:?}: {error}");
        assert!(begun.elapsed() < Duration::from_secs(60), "it ends by itself");
    }
}

#[tokio::test]
async fn the_account_that_looks_must_be_right() {
    let mut profile = slapd().profile(Security::Plain);
    profile.password = "wrong".into();
    assert!(matches!(sign_in(&profile, "u0001", "secret-u0001").await, Err(DirectoryError::Bind(..))));
}

#[tokio::test]
async fn a_test_shows_how_far_it_comes() {
    let steps = |profile: Profile| async move {
        let steps = probe(&profile).await;
        steps.iter().map(|s| (s.step, s.fine)).collect::<Vec<_>>()
    };
    let all = [Step::Resolve, Step::Connect, Step::Tls, Step::Bind, Step::Base, Step::Users, Step::Groups];
    let good = slapd().profile(Security::StartTls);
    assert_eq!(steps(good.clone()).await, all.map(|step| (step, true)));

    let upto = |n: usize| -> Vec<(Step, bool)> { all[..n].iter().map(|s| (*s, *s != all[n - 1])).collect() };
    let changed = |change: fn(&mut Profile, &Slapd)| {
        let mut profile = good.clone();
        change(&mut profile, slapd());
        profile
    };
    assert_eq!(steps(changed(|p, _| p.config.servers = vec!["no-such-host.invalid".into()])).await, upto(1));
    assert_eq!(steps(changed(|p, _| p.config.servers = vec!["127.0.0.1:1".into()])).await, upto(2));
    assert_eq!(steps(changed(|p, s| p.config.ca = s.other_ca.clone())).await, upto(3));
    assert_eq!(steps(changed(|p, _| p.password = "wrong".into())).await, upto(4));
    assert_eq!(steps(changed(|p, _| p.config.base_dn = "ou=nobody,dc=example,dc=org".into())).await, upto(5));
    let empty = changed(|p, _| p.config.base_dn = "ou=posix,dc=example,dc=org".into());
    assert_eq!(steps(empty).await.last(), Some(&(Step::Groups, false)));
}
