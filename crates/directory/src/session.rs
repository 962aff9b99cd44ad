//! What is asked of a directory: people by name and by id, their groups, and whether a password is theirs.

use ldap3::adapters::{Adapter, EntriesOnly, PagedResults};
use ldap3::{Scope, SearchEntry};
use model::directory::Found;
use tokio::time::timeout;

use crate::attributes::{self, Attributes, Members};
use crate::connection::{Connection, Profile, QUESTION};
use crate::{DirectoryError, filter, groups};

/// As many as one look shows.
pub const MOST_FOUND: usize = 100;
/// As many as a server gives at once; Active Directory's own limit is 1,000.
const PAGE: i32 = 500;
/// Ids in one question.
const AT_ONCE: usize = 50;

/// Somebody with the groups that they are in, however deep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub user: Found,
    pub groups: Vec<Found>,
}

/// A user as it was read, with the number that groups may know it by, or that it knows its primary group by.
pub struct User {
    pub found: Found,
    pub number: Option<String>,
}

/// One connection, and what is asked over it.
pub struct Session {
    connection: Connection,
    base: String,
    domain: String,
    pub(crate) attributes: &'static Attributes,
}

/// The person, if name and password are theirs. The password is tried on a connection of its own.
pub async fn sign_in(
    profile: &Profile,
    name: &str,
    password: &str,
) -> Result<Option<Person>, DirectoryError> {
    let mut session = Session::open(profile).await?;
    let Some(user) = session.user(name).await? else { return Ok(None) };
    let mut own = Connection::open(profile).await?;
    if !own.bind(&user.found.dn, password).await? {
        return Ok(None);
    }
    Ok(Some(session.with_groups(user).await?))
}

/// Users and groups that `text` fits, the groups first, and whether there are more.
pub async fn find(profile: &Profile, text: &str) -> Result<(Vec<Found>, bool), DirectoryError> {
    let mut session = Session::open(profile).await?;
    let a = session.attributes;
    let groups = session.entries(&filter::groups_like(a, text), true, MOST_FOUND + 1).await?;
    let users = session.entries(&filter::users_like(a, text), false, MOST_FOUND + 1).await?;
    let more = groups.len() > MOST_FOUND || users.len() > MOST_FOUND;
    let first = |all: Vec<User>| all.into_iter().take(MOST_FOUND).map(|one| one.found);
    Ok((first(groups).chain(first(users)).collect(), more))
}

impl Session {
    pub async fn open(profile: &Profile) -> Result<Session, DirectoryError> {
        Ok(Session::over(profile, Connection::open(profile).await?))
    }

    pub(crate) fn over(profile: &Profile, connection: Connection) -> Session {
        let attributes = attributes::of(profile.config.schema);
        let (base, domain) = (profile.config.base_dn.clone(), profile.config.name.clone());
        Session { connection, base, domain, attributes }
    }

    /// The user of that name. Two of one name are nobody: it cannot be told who is meant.
    pub async fn user(&mut self, name: &str) -> Result<Option<User>, DirectoryError> {
        let filter = filter::user(self.attributes, name, &self.domain);
        let mut found = self.entries(&filter, false, 2).await?;
        Ok(if found.len() == 1 { found.pop() } else { None })
    }

    /// Those of these people who are there, with their groups. That all of them are missing is believed only of a directory
    /// that has somebody: one that is asked in the wrong way has nobody.
    pub async fn people(&mut self, ids: &[String]) -> Result<Vec<Person>, DirectoryError> {
        let mut people = Vec::new();
        for user in self.known(ids, false).await? {
            people.push(self.with_groups(user).await?);
        }
        if people.is_empty()
            && self.entries(&filter::users_like(self.attributes, ""), false, 1).await?.is_empty()
        {
            return Err(DirectoryError::Nobody(self.connection.server.clone()));
        }
        Ok(people)
    }

    /// Those of these users, or groups, that are there.
    pub async fn those(&mut self, ids: &[String], group: bool) -> Result<Vec<Found>, DirectoryError> {
        Ok(self.known(ids, group).await?.into_iter().map(|one| one.found).collect())
    }

    /// Everybody there is.
    pub async fn every_user(&mut self) -> Result<Vec<Found>, DirectoryError> {
        let all = self.entries(&filter::users_like(self.attributes, ""), false, usize::MAX).await?;
        Ok(all.into_iter().map(|one| one.found).collect())
    }

    async fn known(&mut self, ids: &[String], group: bool) -> Result<Vec<User>, DirectoryError> {
        let kind = if group { self.attributes.groups } else { self.attributes.users };
        let mut found = Vec::new();
        for some in ids.chunks(AT_ONCE) {
            let filter = filter::ids(self.attributes, kind, some.iter().map(String::as_str));
            found.extend(self.entries(&filter, group, usize::MAX).await?);
        }
        Ok(found)
    }

    pub async fn with_groups(&mut self, user: User) -> Result<Person, DirectoryError> {
        let groups = groups::of(self, &user).await?;
        Ok(Person { user: user.found, groups })
    }

    /// Whether the place is there below which everything is looked for.
    pub(crate) async fn has_base(&mut self) -> Result<bool, DirectoryError> {
        Ok(!self.search(Scope::Base, "(objectClass=*)", &["1.1"], 1).await?.is_empty())
    }

    pub(crate) async fn entries(
        &mut self,
        filter: &str,
        group: bool,
        most: usize,
    ) -> Result<Vec<User>, DirectoryError> {
        let a = self.attributes;
        let found = self.search(Scope::Subtree, filter, &a.wanted(), most).await?;
        Ok(found.into_iter().filter_map(|entry| read(a, entry, group)).collect())
    }

    /// Page by page, as far as `most`.
    async fn search(
        &mut self,
        scope: Scope,
        filter: &str,
        wanted: &[&'static str],
        most: usize,
    ) -> Result<Vec<SearchEntry>, DirectoryError> {
        let server = self.connection.server.clone();
        let slow = |_| DirectoryError::Slow(server.clone());
        let asked = |e| DirectoryError::asked(&server, &e);
        let adapters: Vec<Box<dyn Adapter<&'static str, Vec<&'static str>>>> =
            vec![Box::new(EntriesOnly::new()), Box::new(PagedResults::new(PAGE))];
        let ldap = &mut self.connection.ldap;
        let begun = ldap.streaming_search_with(adapters, &self.base, scope, filter, wanted.to_vec());
        let mut stream = timeout(QUESTION, begun).await.map_err(slow)?.map_err(asked)?;
        let mut found = Vec::new();
        while found.len() < most {
            match timeout(QUESTION, stream.next()).await.map_err(slow)?.map_err(asked)? {
                Some(entry) => found.push(SearchEntry::construct(entry)),
                None => {
                    timeout(QUESTION, stream.finish()).await.map_err(slow)?.success().map_err(asked)?;
                    break;
                }
            }
        }
        Ok(found)
    }
}

/// An entry as somebody; one without a name or an id is nobody.
fn read(a: &Attributes, entry: SearchEntry, group: bool) -> Option<User> {
    let first = |name: &str| -> Option<String> {
        let (_, values) = entry.attrs.iter().find(|(n, _)| n.eq_ignore_ascii_case(name))?;
        values.first().cloned()
    };
    let id = if a.id_is_bytes { hexadecimal(bytes(&entry, a.id)?) } else { first(a.id)? };
    let name = first(if group { a.group_name } else { a.login }).filter(|name| !name.is_empty())?;
    let number = match a.members {
        Members::ByName { number, .. } => first(number),
        Members::ByDn { .. } => None,
        Members::Chain { sid, primary, .. } => {
            first(primary).and_then(|number| neighbour(bytes(&entry, sid)?, &number))
        }
    };
    let found = Found {
        group,
        id,
        name,
        full_name: first(a.full_name).unwrap_or_default(),
        mail: first(a.mail).unwrap_or_default(),
        dn: entry.dn.clone(),
    };
    Some(User { found, number })
}

/// Bytes that happen to be text come as text.
fn bytes(entry: &SearchEntry, attribute: &str) -> Option<Vec<u8>> {
    let named = |name: &str| name.eq_ignore_ascii_case(attribute);
    let raw = entry.bin_attrs.iter().find(|(n, _)| named(n)).and_then(|(_, values)| values.first().cloned());
    raw.or_else(|| {
        let (_, values) = entry.attrs.iter().find(|(n, _)| named(n))?;
        values.first().map(|text| text.clone().into_bytes())
    })
}

fn hexadecimal(bytes: Vec<u8>) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The id of another of the same domain: all but the last number, four bytes with the lowest first, is the domain's.
fn neighbour(mut sid: Vec<u8>, number: &str) -> Option<String> {
    let number: u32 = number.parse().ok()?;
    let end = sid.len().checked_sub(4)?;
    sid.truncate(end);
    sid.extend(number.to_le_bytes());
    Some(hexadecimal(sid))
}
