//! How each kind of directory names things: the whole difference between them, as data.

use model::directory::Schema;

/// How a group knows its members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Members {
    /// By their names in this attribute, and by a number that user and group share. Such groups hold no groups.
    ByName { attribute: &'static str, number: &'static str },
    /// By their DNs, groups among them: each level of groups is one question.
    ByDn { attribute: &'static str },
    /// By their DNs, and the server itself follows the chain; but for one, which a user names by the last number of its
    /// `sid` and which knows nothing of it.
    Chain { attribute: &'static str, rule: &'static str, sid: &'static str, primary: &'static str },
}

#[derive(Debug, PartialEq, Eq)]
pub struct Attributes {
    /// What is a user. People who are switched off are none.
    pub users: &'static str,
    pub login: &'static str,
    /// Another name to sign in with, which goes on with an `@`.
    pub principal: Option<&'static str>,
    pub full_name: &'static str,
    pub mail: &'static str,
    /// What is a group.
    pub groups: &'static str,
    pub group_name: &'static str,
    /// What stays when a name or a place changes.
    pub id: &'static str,
    /// Whether the id is bytes and no text.
    pub id_is_bytes: bool,
    pub members: Members,
}

/// Posix accounts, or people of an address book; groups with DNs, as RFC 2307bis has them.
const OPEN_LDAP: Attributes = Attributes {
    users: "(&(uid=*)(|(objectClass=posixAccount)(objectClass=inetOrgPerson)))",
    login: "uid",
    principal: None,
    full_name: "cn",
    mail: "mail",
    groups: "(|(objectClass=groupOfNames)(&(objectClass=posixGroup)(member=*)))",
    group_name: "cn",
    id: "entryUUID",
    id_is_bytes: false,
    members: Members::ByDn { attribute: "member" },
};

const RFC2307: Attributes = Attributes {
    users: "(objectClass=posixAccount)",
    groups: "(objectClass=posixGroup)",
    members: Members::ByName { attribute: "memberUid", number: "gidNumber" },
    ..OPEN_LDAP
};

const FREE_IPA: Attributes = Attributes {
    users: "(&(objectClass=posixAccount)(!(nsAccountLock=TRUE)))",
    groups: "(objectClass=groupOfNames)",
    id: "nsUniqueId",
    ..OPEN_LDAP
};

const ACTIVE_DIRECTORY: Attributes = Attributes {
    // The bit is ACCOUNTDISABLE.
    users: "(&(objectCategory=person)(objectClass=user)(!(userAccountControl:1.2.840.113556.1.4.803:=2)))",
    login: "sAMAccountName",
    principal: Some("userPrincipalName"),
    full_name: "displayName",
    mail: "mail",
    groups: "(objectClass=group)",
    group_name: "sAMAccountName",
    id: "objectGUID",
    id_is_bytes: true,
    members: Members::Chain {
        attribute: "member",
        rule: "1.2.840.113556.1.4.1941",
        sid: "objectSid",
        primary: "primaryGroupID",
    },
};

pub fn of(schema: Schema) -> &'static Attributes {
    match schema {
        Schema::OpenLdap => &OPEN_LDAP,
        Schema::Rfc2307 => &RFC2307,
        Schema::FreeIpa => &FREE_IPA,
        Schema::ActiveDirectory => &ACTIVE_DIRECTORY,
    }
}

impl Attributes {
    /// What is read of a user or a group.
    pub fn wanted(&self) -> Vec<&'static str> {
        let more = match self.members {
            Members::ByName { number, .. } => vec![number],
            Members::ByDn { .. } => vec![],
            Members::Chain { sid, primary, .. } => vec![sid, primary],
        };
        let names = [self.login, self.full_name, self.mail, self.group_name, self.id];
        let mut all: Vec<&'static str> = names.into_iter().chain(more).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}
