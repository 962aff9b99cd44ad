//! The language by cases: what is understood, what it means, and what is said of what is not.

#![allow(clippy::unwrap_used)]

use search::{Entity, Problem, complete, parse, parse_whole};

/// As it is worded again, which shows how it was understood.
fn read(entity: Entity, text: &str) -> String {
    match parse(entity, text) {
        Ok(query) => query.rest(),
        Err(error) => panic!("{text}: {:?} at {:?}, {:?}", error.problem, error.at, error.expected),
    }
}

#[test]
fn searches_mean_what_they_say() {
    use Entity::*;
    for (entity, text, means) in [
        (Vms, "", ""),
        (Vms, "name = my* and status = up", "name = \"my*\" and status = up"),
        (Vms, "NAME=My* AND Status=UP", "name = \"My*\" and status = up"),
        (
            Vms,
            "Hosts.name = host1 or Storage.name = nfs*",
            "Hosts.name = \"host1\" or Storage.name = \"nfs*\"",
        ),
        (Vms, "host.name=kvm1", "Hosts.name = \"kvm1\""),
        (Vms, "tag=prod sortby memory desc page 2", "tag = \"prod\" sortby memory desc page 2"),
        (Vms, "sortby name", "sortby name asc"),
        (Vms, "page 3", "page 3"),
        (Events, "severity >= error and time > yesterday", "severity >= error and time > yesterday"),
        (Hosts, "VMs.name = db1", "Vms.name = \"db1\""),
        (Disks, "size > 1000000 number_of_vms = 0", "size > 1000000 and number_of_vms = 0"),
        (Users, "usrname = bob@internal-authz", "usrname = \"bob@internal-authz\""),
        (Vms, "\"web server\" status != down", "\"web server\" and status != down"),
        (Storage, "free_size < 20 status = active", "free_size < 20 and status = active"),
        // `and` before `or`, and conditions beside each other last.
        (Vms, "name=a or name=b and name=c", "name = \"a\" or (name = \"b\" and name = \"c\")"),
        (Vms, "name=a or name=b name=c", "(name = \"a\" or name = \"b\") and name = \"c\""),
        (Vms, "(name=a and name=b) or (status=up)", "(name = \"a\" and name = \"b\") or status = up"),
        (Vms, "name=a (name=b or name=c)", "name = \"a\" and (name = \"b\" or name = \"c\")"),
        // A field counts as one only where it is compared.
        (Vms, "name1", "\"name1\""),
        (Vms, "name", "\"name\""),
        (Vms, "a(b", "\"a(b\""),
        (Vms, "Hosts = kvm*", "Hosts = \"kvm*\""),
        (Vms, "Hosts != kvm1 web", "Hosts != \"kvm1\" and \"web\""),
        (Vms, "fqdn = \"\"", "fqdn = null"),
        (Vms, "fqdn != null", "fqdn != null"),
        (Vms, "name = \"null\"", "name = \"null\""),
        (Vms, "description = \"it's; so\"", "description = \"it's; so\""),
        (Vms, "name = \"a\\\"b\"", "name = \"a\\\"b\""),
        (Vms, "memory > 4GiB", "memory > 4096"),
        (Vms, "uptime > 2d", "uptime > 2.00:00:00"),
        (
            Vms,
            "template = Blank Template.name = Blank",
            "template = \"Blank\" and Templates.name = \"Blank\"",
        ),
        (Vms, "status = MigratingTo", "status = migrating"),
        (
            Networks,
            "datacenter = dc1 DataCenter.name = dc1",
            "datacenter = \"dc1\" and DataCenters.name = \"dc1\"",
        ),
        (Vms, "Vnic.mac = 52:54:*", "Vnic.mac = \"52:54:*\""),
        (Vms, "  name   =   x  ", "name = \"x\""),
    ] {
        assert_eq!(read(entity, text), means, "{text}");
        assert_eq!(read(entity, means), means, "read again: {means}");
    }
}

#[test]
fn mistakes_are_told_where_they_are() {
    use Entity::*;
    use Problem::*;
    for (entity, text, problem, at) in [
        (Vms, "foo = bar", NoField, 0..3),
        (Vms, "name = a and foo=bar", NoField, 13..16),
        (Vms, "Hosts.foo = bar", NoField, 6..9),
        (Vms, "Hosts.\u{d5555}", NoField, 6..10),
        (Vms, "name", NoField, 99..99),
        (Vms, "name ", NoOperator, 5..5),
        (Vms, "name web", NoOperator, 5..8),
        (Vms, "status < up", NoOperator, 7..8),
        (Vms, "name =", NoValue, 6..6),
        (Vms, "name = (", BadValue, 99..99),
        (Vms, "status = asleep", BadValue, 9..15),
        (Vms, "memory = lots", BadValue, 9..13),
        (Vms, "status = up*", BadValue, 9..12),
        (Vms, "id = 7", BadValue, 5..6),
        (Vms, "creationdate > tomorrow", BadValue, 15..23),
        (Vms, "name = it's", BadCharacter, 9..10),
        (Vms, "name = a;b", BadCharacter, 8..9),
        (Vms, "name = a\"b", BadQuote, 8..9),
        (Vms, "name = \"abc", BadQuote, 7..11),
        (Vms, "name = \"abc\"d", BadQuote, 12..13),
        (Vms, "name = abc\\", BadEscape, 7..11),
        (Vms, "web server", FreeTextTwice, 4..10),
        (Vms, "Hosts name", FreeTextTwice, 6..10),
        (Vms, "Hosts .name = a", DotApart, 0..5),
        (Vms, "name = a and", AfterConnector, 12..12),
        (Vms, "name = a and or name = b", AfterConnector, 13..15),
        (Vms, "name = a or sortby name", AfterConnector, 12..18),
        (Vms, "and name = a", NoField, 0..3),
        (Vms, "sortby", BadSortField, 6..6),
        (Vms, "sortby foo", BadSortField, 7..10),
        (Vms, "sortby name up", BadDirection, 12..14),
        (Vms, "sortby name asc name = a", Unexpected, 16..20),
        (Vms, "page", BadPage, 4..4),
        (Vms, "page 0", BadPage, 5..6),
        (Vms, "page x", BadPage, 5..6),
        (Vms, "page 1 name = a", AfterPage, 7..15),
        (Vms, "(name = a", Unclosed, 9..9),
        (Vms, "name = a)", Unopened, 99..99),
        (Vms, "(name = a sortby name)", Unclosed, 10..16),
        (Vms, "name = a ) name = b", Unopened, 9..10),
        (Vms, "()", NoValue, 1..2),
        (Vms, "(", NoField, 1..1),
    ] {
        // Where 99 stands it is no mistake: the character is one of a value.
        if at.start == 99 {
            assert!(parse(entity, text).is_ok(), "{text}");
            continue;
        }
        let error = parse(entity, text).expect_err(text);
        assert_eq!((error.problem, error.at.clone()), (problem, at), "{text}");
        let told = error.text(text).to_string();
        assert!(!told.starts_with("search-error"), "{told}");
    }
}

#[test]
fn a_whole_search_names_what_it_searches() {
    assert_eq!(parse_whole("vm: name = a").unwrap().to_string(), "Vms: name = \"a\"");
    for (text, problem, at) in [
        ("name = a", Problem::NoEntity, 0..8),
        ("cars: a", Problem::NoEntity, 0..4),
        (": a", Problem::NoEntity, 0..0),
        ("Vms", Problem::NoColon, 3..3),
        ("Vms: foo = a", Problem::NoField, 5..8),
    ] {
        let error = parse_whole(text).expect_err(text);
        assert_eq!((error.problem, error.at), (problem, at), "{text}");
    }
}

#[test]
fn too_much_is_refused_at_once() {
    let long = "a".repeat(1 << 20);
    assert_eq!(parse(Entity::Vms, &long).unwrap_err().problem, Problem::TooLong);
    let deep = "(".repeat(1000) + "name = a" + &")".repeat(1000);
    let error = parse(Entity::Vms, &deep).unwrap_err();
    assert_eq!((error.problem, error.at), (Problem::TooDeep, search::MAX_DEPTH..search::MAX_DEPTH + 1));
    assert_eq!(complete(Entity::Vms, &long).error.unwrap().problem, Problem::TooLong);
}

fn proposed(text: &str) -> Vec<String> {
    complete(Entity::Vms, text).lines.into_iter().map(|line| line.taken()).collect()
}

#[test]
fn what_is_typed_is_completed() {
    for (text, first, count) in [
        ("na", Some("name "), 1),
        ("name", Some("name "), 1),
        ("name ", Some("name = "), 2),
        ("status =", Some("status = imagelocked "), 15),
        ("status = power", Some("status = poweringup "), 2),
        ("status = up", Some("status = up "), 1),
        ("status = up ", Some("status = up and "), 99),
        ("status = up a", Some("status = up and "), 3),
        ("memory >", Some("memory > "), 2),
        ("ho", Some("hosts."), 1),
        ("hosts.", Some("hosts.name "), 99),
        ("Hosts.st", Some("Hosts.status "), 1),
        ("Hosts ", Some("Hosts and "), 99),
        ("name = a sort", Some("name = a sortby "), 1),
        ("sortby cpu", Some("sortby cpu_usage "), 1),
        ("sortby name ", Some("sortby name asc "), 3),
        ("(name = a", None, 0),
        ("(name = a ", Some("(name = a) "), 99),
        ("highly_available = ", Some("highly_available = true "), 2),
        ("name = we", None, 0),
        ("web", None, 0),
    ] {
        let all = proposed(text);
        assert_eq!(all.first().map(String::as_str), first, "{text}");
        assert!(all.len() == count || (count == 99 && all.len() > 3), "{text}: {all:?}");
        assert_eq!(complete(Entity::Vms, text).error, None, "{text}");
    }
}

#[test]
fn what_is_wrong_while_it_is_typed_is_told_once() {
    for (text, handled, problem) in [
        ("status = asleep", 9, Problem::BadValue),
        ("status = asleep and", 9, Problem::BadValue),
        ("name = a and foo = b", 13, Problem::NoField),
        ("Hosts.fo", 6, Problem::NoField),
        ("sortby foo", 7, Problem::BadSortField),
        ("sortby name up", 12, Problem::BadDirection),
    ] {
        let completion = complete(Entity::Vms, text);
        assert!(completion.lines.is_empty(), "{text}");
        assert_eq!(completion.error.map(|e| e.problem), Some(problem), "{text}");
        assert_eq!(completion.handled, handled, "{text}");
    }
}

#[test]
fn names_are_asked_for_where_they_fit() {
    use search::Names;
    let names = |text: &str| complete(Entity::Vms, text).names;
    assert_eq!(names("cluster = "), Some((Names::Of(Entity::Clusters), String::new())));
    assert_eq!(names("Hosts.name = kv"), Some((Names::Of(Entity::Hosts), "kv".into())));
    assert_eq!(names("tag = \"my t"), Some((Names::Tags, "my t".into())));
    assert_eq!(names("name "), None);
    for (name, value) in
        [("kvm1", "kvm1"), ("a b", "\"a b\""), ("a\"b*", "\"a\\\"b\\*\""), ("null", "\"null\"")]
    {
        assert_eq!(search::value_of(name), value);
        let query = parse(Entity::Vms, &format!("name = {value}")).unwrap();
        let Some(search::Expr::Is(search::Condition { value: search::Value::Text(pattern), .. })) =
            query.condition
        else {
            panic!("{value} is no text");
        };
        assert_eq!(pattern.literal().as_deref(), Some(name));
    }
}
