//! Filters, the sentences that a directory is asked in. What comes from outside goes in through `value` only, so that a
//! star or a bracket that somebody types is a star or a bracket.

use ldap3::ldap_escape;

use crate::attributes::{Attributes, Members};

fn value(text: &str) -> String {
    ldap_escape(text).into_owned()
}

fn is(attribute: &str, text: &str) -> String {
    format!("({attribute}={})", value(text))
}

fn any(parts: impl IntoIterator<Item = String>) -> String {
    format!("(|{})", parts.into_iter().collect::<String>())
}

fn both(kind: &str, part: &str) -> String {
    format!("(&{kind}{part})")
}

/// The user of that name; where people have another one beside it, with what it ends in or without, if that is `domain`.
pub fn user(a: &Attributes, login: &str, domain: &str) -> String {
    let Some(principal) = a.principal else { return both(a.users, &is(a.login, login)) };
    let whole = if login.contains('@') { login.to_owned() } else { format!("{login}@{domain}") };
    both(a.users, &any([is(a.login, login), is(principal, &whole)]))
}

/// Users whose login or mail begins so, or whose name has it in it.
pub fn users_like(a: &Attributes, text: &str) -> String {
    both(a.users, &like(&[a.login, a.mail], a.full_name, text))
}

pub fn groups_like(a: &Attributes, text: &str) -> String {
    both(a.groups, &like(&[a.group_name], a.group_name, text))
}

fn like(begins: &[&str], holds: &str, text: &str) -> String {
    let text = value(text.trim());
    if text.is_empty() {
        return String::new();
    }
    any(begins.iter().map(|a| format!("({a}={text}*)")).chain([format!("({holds}=*{text}*)")]))
}

/// Those of `kind` with these ids.
pub fn ids<'a>(a: &Attributes, kind: &str, ids: impl Iterator<Item = &'a str>) -> String {
    both(kind, &any(ids.map(|id| format!("({}={})", a.id, id_value(a, id)))))
}

/// Bytes are kept as hexadecimal digits, and asked for one by one.
fn id_value(a: &Attributes, id: &str) -> String {
    if a.id_is_bytes { bytes(id) } else { value(id) }
}

fn bytes(hexadecimal: &str) -> String {
    let digits: Vec<char> = hexadecimal.chars().filter(char::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|byte| format!("\\{}", byte.iter().collect::<String>())).collect()
}

/// The group of that id, in hexadecimal digits.
pub fn group_by_sid(a: &Attributes, attribute: &str, sid: &str) -> String {
    both(a.groups, &format!("({attribute}={})", bytes(sid)))
}

/// The groups that have one of these as a member: `dns`, or for directories that know them by name, the first's `login`
/// and its `number`.
pub fn groups_of(a: &Attributes, dns: &[String], login: &str, number: Option<&str>) -> String {
    let members = match a.members {
        Members::ByDn { attribute } => any(dns.iter().map(|dn| is(attribute, dn))),
        Members::Chain { attribute, rule, .. } => {
            any(dns.iter().map(|dn| is(&format!("{attribute}:{rule}:"), dn)))
        }
        Members::ByName { attribute, number: by } => {
            any([is(attribute, login)].into_iter().chain(number.map(|n| is(by, n))))
        }
    };
    both(a.groups, &members)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attributes::of;
    use model::directory::Schema::*;

    #[test]
    fn what_is_typed_stays_a_value() {
        let a = of(Rfc2307);
        for (typed, escaped) in [
            ("ada", "ada"),
            ("*", "\\2a"),
            ("a)(uid=*", "a\\29\\28uid=\\2a"),
            ("a\\", "a\\5c"),
            ("a\0b", "a\\00b"),
            ("größe", "größe"),
        ] {
            assert_eq!(user(a, typed, "x"), format!("(&(objectClass=posixAccount)(uid={escaped}))"));
            assert!(users_like(a, typed).contains(&format!("(uid={escaped}*)")), "{typed}");
        }
    }

    #[test]
    fn each_schema_asks_in_its_own_words() {
        let dns = ["cn=a,dc=x".to_owned(), "cn=b (old),dc=x".to_owned()];
        for (schema, filter) in [
            (Rfc2307, "(&(objectClass=posixGroup)(|(memberUid=a)(gidNumber=7)))"),
            (FreeIpa, "(&(objectClass=groupOfNames)(|(member=cn=a,dc=x)(member=cn=b \\28old\\29,dc=x)))"),
            (
                ActiveDirectory,
                "(&(objectClass=group)(|(member:1.2.840.113556.1.4.1941:=cn=a,dc=x)\
                 (member:1.2.840.113556.1.4.1941:=cn=b \\28old\\29,dc=x)))",
            ),
        ] {
            assert_eq!(groups_of(of(schema), &dns, "a", Some("7")), filter);
        }
        let ada = user(of(ActiveDirectory), "ada", "x.org");
        assert!(ada.ends_with("(|(sAMAccountName=ada)(userPrincipalName=ada@x.org)))"), "{ada}");
        let whole = user(of(ActiveDirectory), "ada@*", "x.org");
        assert!(whole.ends_with("(|(sAMAccountName=ada@\\2a)(userPrincipalName=ada@\\2a)))"), "{whole}");
        let crew = group_by_sid(of(ActiveDirectory), "objectSid", "0105");
        assert_eq!(crew, "(&(objectClass=group)(objectSid=\\01\\05))");
        let ad = ids(of(ActiveDirectory), "(objectClass=group)", ["0aff"].into_iter());
        assert_eq!(ad, "(&(objectClass=group)(|(objectGUID=\\0a\\ff)))");
    }
}
