//! Every address of the portal is made here, so that a link cannot lead to a page that is not there. Lists keep
//! their scope, order and page in the query; a dialog has an address of its own below what it is about.

use model::id::Kind;
use model::list::{DEFAULT_PAGE_SIZE, ListQuery, PAGE_SIZES};
use model::tag_filter::TagFilter;
use uuid::Uuid;

use crate::frame::ListTab;

pub const HOME: &str = "/vms";
/// The VM portal's first page; all of it is below.
pub const PORTAL: &str = "/portal";
pub const PORTAL_SETTINGS: &str = "/portal/settings";
pub const PORTAL_TEMPLATES: &str = "/portal/templates";
pub const PORTAL_RESOURCES: &str = "/portal/resources";
pub const PORTAL_EVENTS: &str = "/portal/events";
pub const SIGN_IN: &str = "/sign-in";
/// The second step of the sign-in.
pub const CODE: &str = "/sign-in/code";
/// Below it are the ways to OpenID Connect providers.
pub const OPENID: &str = "/sign-in/oidc";
/// Where they send people back to, whichever it is: it can be registered there before the provider is known here.
pub const OPENID_BACK: &str = "/sign-in/oidc/callback";
pub const SIGN_OUT: &str = "/sign-out";
pub const PASSWORD: &str = "/password";
pub const LANGUAGE: &str = "/language";
pub const ACCOUNT: &str = "/account";
pub const SECOND_FACTOR: &str = "/account/second-factor";
pub const SECOND_FACTOR_OFF: &str = "/account/second-factor/off";
pub const BOOKMARKS: &str = "/bookmarks";
pub const TAGS: &str = "/tags";
pub const PERMISSIONS: &str = "/permissions";
pub const ACKNOWLEDGE: &str = "/events/acknowledge";
pub const RESTORE: &str = "/events/restore";
pub const LIVE: &str = "/live";
pub const ACTIVE: &str = "/active";

/// The list of a tab.
pub fn list(tab: ListTab) -> &'static str {
    match tab {
        ListTab::Dashboard => "/dashboard",
        ListTab::DataCenters => "/data-centers",
        ListTab::Clusters => "/clusters",
        ListTab::Hosts => "/hosts",
        ListTab::Networks => "/networks",
        ListTab::Storage => "/storage",
        ListTab::Disks => "/disks",
        ListTab::Vms => "/vms",
        ListTab::Templates => "/templates",
        ListTab::Events => "/events",
        ListTab::Jobs => "/jobs",
        ListTab::Quotas => "/quotas",
        ListTab::Users => "/users",
        ListTab::Directories => "/directories",
        ListTab::Bookmarks => BOOKMARKS,
        ListTab::Tags => TAGS,
        ListTab::Roles => "/roles",
    }
}

/// Whether an address is the VM portal's.
pub fn is_portal(path: &str) -> bool {
    path.strip_prefix(PORTAL).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Where the VM portal has what stands at an address of the administration portal; none for what it does not have.
/// Its dialogs have the same addresses below its own, and so their forms are the same.
pub fn in_portal(href: &str) -> Option<String> {
    let (path, query) = href.split_once('?').map_or((href, ""), |(path, query)| (path, query));
    let words: Vec<&str> = path.split('/').filter(|word| !word.is_empty()).collect();
    let own = match *words.as_slice() {
        ["vms"] => PORTAL.to_owned(),
        ["vms", _, "console"] => return None,
        ["vms", ..] | ["templates", ..] | ["events"] => format!("{PORTAL}{path}"),
        ["disks" | "quotas"] | ["disks" | "quotas", _] => format!("{PORTAL}/resources"),
        ["disks" | "quotas", _, _] => format!("{PORTAL}{path}"),
        ["account"] => format!("{PORTAL}/settings"),
        _ => return None,
    };
    Some(with_query(&own, query))
}

/// The address of the form that one of the VM portal's is.
pub fn out_of_portal(path: &str) -> Option<&str> {
    let own = path.strip_prefix(PORTAL)?;
    (in_portal(own).as_deref() == Some(path)).then_some(own)
}

/// A page of the help.
pub fn help(word: &str) -> String {
    match word {
        "index" => "/help".to_owned(),
        word => format!("/help/{word}"),
    }
}

/// The page of the help about what a list shows.
pub fn help_page(tab: ListTab) -> &'static str {
    match tab {
        ListTab::Dashboard => "dashboard",
        ListTab::DataCenters => "data-centers",
        ListTab::Clusters => "clusters",
        ListTab::Hosts => "hosts",
        ListTab::Networks => "networks",
        ListTab::Storage => "storage-domains",
        ListTab::Disks => "disks",
        ListTab::Vms => "virtual-machines",
        ListTab::Templates => "templates",
        ListTab::Events => "events",
        ListTab::Jobs => "jobs",
        ListTab::Quotas => "quotas",
        ListTab::Users => "users",
        ListTab::Directories => "directories",
        ListTab::Bookmarks => "bookmarks",
        ListTab::Tags => "tags",
        ListTab::Roles => "roles",
    }
}

/// The tab whose lists and details an address belongs to.
pub fn tab_of(path: &str) -> Option<ListTab> {
    ListTab::ALL.into_iter().find(|tab| {
        let rest = path.strip_prefix(list(*tab));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// The list that shows objects of a kind.
pub fn tab_for(kind: Kind) -> Option<ListTab> {
    Some(match kind {
        Kind::DataCenter => ListTab::DataCenters,
        Kind::Cluster => ListTab::Clusters,
        Kind::Host => ListTab::Hosts,
        Kind::Network => ListTab::Networks,
        Kind::StorageDomain => ListTab::Storage,
        Kind::Disk => ListTab::Disks,
        Kind::Template => ListTab::Templates,
        Kind::Vm => ListTab::Vms,
        Kind::Job => ListTab::Jobs,
        Kind::Event => ListTab::Events,
        Kind::Quota => ListTab::Quotas,
        Kind::User => ListTab::Users,
        Kind::Directory => ListTab::Directories,
        Kind::Tag => ListTab::Tags,
        Kind::Bookmark => ListTab::Bookmarks,
        Kind::Role => ListTab::Roles,
        Kind::System => return None,
    })
}

/// The object of a list that its lower pane shows, and which part of it; empty for the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    pub id: Uuid,
    pub part: String,
}

/// A list with everything that is asked of it. What is as usual is left out.
pub fn list_with(tab: ListTab, query: &ListQuery) -> String {
    list_showing(tab, query, None)
}

/// The same with an object in its lower pane.
pub fn list_showing(tab: ListTab, query: &ListQuery, chosen: Option<&Chosen>) -> String {
    let mut out = form_urlencoded::Serializer::new(String::new());
    if let Some(within) = query.within {
        out.append_pair("within", &within.to_string());
    }
    if let Some(search) = &query.search {
        out.append_pair("search", search);
    }
    if let Some(sort) = &query.sort {
        out.append_pair("sort", sort);
    }
    if query.descending {
        out.append_pair("order", "desc");
    }
    if let Some(correlation) = &query.correlation {
        out.append_pair("correlation", correlation);
    }
    if query.advanced {
        out.append_pair("view", "advanced");
    }
    if query.page > 1 {
        out.append_pair("page", &query.page.to_string());
    }
    if query.size != DEFAULT_PAGE_SIZE {
        out.append_pair("size", &query.size.to_string());
    }
    if let Some(chosen) = chosen {
        out.append_pair("chosen", &chosen.id.to_string());
        if !chosen.part.is_empty() {
            out.append_pair("part", &chosen.part);
        }
    }
    with_query(list(tab), &out.finish())
}

/// The whole result of a list as a file; `format` is its ending.
pub fn export(tab: ListTab, query: &ListQuery, format: &str) -> String {
    let list = list_with(tab, &ListQuery { page: 1, size: DEFAULT_PAGE_SIZE, ..query.clone() });
    let (path, query) = list.split_once('?').unwrap_or((&list, ""));
    with_query(&format!("/export{path}.{format}"), query)
}

/// The dialog about which columns a list shows.
pub fn columns(tab: ListTab) -> String {
    format!("{}/columns", list(tab))
}

/// A list with what the search finds in it.
pub fn searched(tab: ListTab, search: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("search", search).finish();
    // A blank as everybody reads it.
    with_query(list(tab), &query.replace('+', "%20"))
}

/// The other way round. `get` looks a word of the query up; what makes no sense counts as not said.
pub fn query_of(get: impl Fn(&str) -> Option<String>) -> ListQuery {
    let number = |name: &str| get(name).and_then(|v| v.parse::<u32>().ok());
    ListQuery {
        page: number("page").unwrap_or(1),
        size: number("size").filter(|n| PAGE_SIZES.contains(n)).unwrap_or(DEFAULT_PAGE_SIZE),
        sort: get("sort").filter(|s| !s.is_empty()),
        descending: get("order").as_deref() == Some("desc"),
        within: get("within").and_then(|v| v.parse().ok()),
        search: get("search").filter(|s| !s.trim().is_empty()),
        correlation: get("correlation").filter(|c| !c.is_empty()),
        advanced: get("view").as_deref() == Some("advanced"),
    }
    .bounded()
}

/// What the lower pane of a list shows.
pub fn chosen_of(get: impl Fn(&str) -> Option<String>) -> Option<Chosen> {
    let id = get("chosen")?.parse().ok()?;
    Some(Chosen { id, part: get("part").unwrap_or_default() })
}

/// The dialog that makes something new, in the scope of `within`.
pub fn new(tab: ListTab, within: Option<Uuid>) -> String {
    let query = within.map(|id| format!("within={id}")).unwrap_or_default();
    with_query(&format!("{}/new", list(tab)), &query)
}

/// The events with the worst first.
pub fn alerts_first() -> String {
    let sort = Some("severity".to_owned());
    list_with(ListTab::Events, &ListQuery { sort, descending: true, ..ListQuery::default() })
}

/// The events of one request.
pub fn request(correlation: &str) -> String {
    let correlation = Some(correlation.to_owned());
    list_with(ListTab::Events, &ListQuery { correlation, advanced: true, ..ListQuery::default() })
}

/// The page of one object.
pub fn object(tab: ListTab, id: impl std::fmt::Display) -> String {
    format!("{}/{id}", list(tab))
}

/// The page of one object of a kind; none for kinds without pages.
pub fn of_kind(kind: Kind, id: Uuid) -> Option<String> {
    Some(object(tab_for(kind)?, id))
}

/// The object that a page is about: the one whose page it is, or the box that its list is limited to.
pub fn about(path: &str, within: Option<&str>) -> Option<Uuid> {
    let own = path.split('/').nth(2).and_then(|id| id.parse().ok());
    own.or_else(|| within.and_then(|id| id.parse().ok()))
}

/// A part of an object's page: a tab, or a dialog over it.
pub fn part(tab: ListTab, id: impl std::fmt::Display, part: &str) -> String {
    format!("{}/{id}/{part}", list(tab))
}

/// Where the permissions of an object are shown.
pub fn permissions(kind: Kind, id: Uuid) -> String {
    tab_for(kind).map_or_else(|| PERMISSIONS.to_owned(), |tab| part(tab, id, "permissions"))
}

/// Whether somebody can hold a permission on an object of this kind.
pub fn permitted(kind: Kind) -> bool {
    !matches!(kind, Kind::User | Kind::Role | Kind::Job | Kind::Event | Kind::Tag | Kind::Bookmark)
}

/// The dialog that does this with them: `add`, `remove` or `explain`.
pub fn permission(kind: Kind, id: Uuid, deed: &str) -> String {
    let system = || format!("{PERMISSIONS}/{deed}");
    tab_for(kind).map_or_else(system, |tab| part(tab, id, &format!("{deed}-permission")))
}

/// The list that a tag narrows down, with that tag alone.
pub fn tagged(tab: ListTab, tag: &str) -> String {
    let search = TagFilter::default().toggled(tag).write();
    list_with(tab, &ListQuery { search, ..ListQuery::default() })
}

/// The dialog that gives tags to several objects of a kind; ids with commas between.
pub fn assign_tags(kind: Kind, objects: &str) -> String {
    asking(&format!("{TAGS}/assign?kind={}", kind.as_str()), "objects", objects)
}

/// The dialog of a deed on several objects; ids with commas between, or `selected` for those that this page has.
pub fn bulk(tab: ListTab, deed: &str, objects: &str) -> String {
    asking(&format!("{}/bulk?deed={deed}", list(tab)), "objects", objects)
}

/// `href`, to be left for `next` once its form is done.
pub fn returning(href: &str, next: &str) -> String {
    asking(href, "next", next)
}

/// `href` with one more in its query.
pub fn asking(href: &str, name: &str, value: &str) -> String {
    let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
    format!("{href}{}{name}={value}", if href.contains('?') { '&' } else { '?' })
}

/// `next` as it came from outside: only an address of this site may be gone to.
pub fn safe_next(next: Option<&str>) -> Option<&str> {
    next.filter(|n| n.starts_with('/') && !n.starts_with("//") && !n.contains(['\\', '\n', '\r', '\t']))
}

/// The sign-in that comes back to `next`.
pub fn sign_in(next: &str) -> String {
    if next == "/" { SIGN_IN.to_owned() } else { returning(SIGN_IN, next) }
}

fn with_query(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookup(href: &str) -> impl Fn(&str) -> Option<String> {
        let query = href.split_once('?').map(|(_, q)| q.to_owned()).unwrap_or_default();
        move |name| {
            form_urlencoded::parse(query.as_bytes()).find(|(n, _)| n == name).map(|(_, v)| v.into_owned())
        }
    }

    #[test]
    fn a_query_comes_back_as_it_went() {
        let query = ListQuery {
            page: 3,
            size: 25,
            sort: Some("name".into()),
            descending: true,
            within: Some(Uuid::from_u128(7)),
            search: Some("name = \"a b\" and status != up".into()),
            correlation: Some("a-1".into()),
            advanced: true,
        };
        for query in [ListQuery::default(), query] {
            assert_eq!(query_of(lookup(&list_with(ListTab::Vms, &query))), query);
        }
        assert_eq!(list_with(ListTab::Vms, &ListQuery::default()), "/vms");
        for part in ["", "disks"] {
            let chosen = Chosen { id: Uuid::from_u128(7), part: part.to_owned() };
            let href = list_showing(ListTab::Vms, &ListQuery::default(), Some(&chosen));
            assert_eq!(chosen_of(lookup(&href)), Some(chosen));
        }
        assert_eq!(chosen_of(lookup("/vms?chosen=no&part=disks")), None);
        assert_eq!(query_of(lookup("/vms?page=x&size=7&within=no")), ListQuery::default());
    }

    #[test]
    fn a_file_has_the_order_and_not_the_page() {
        let query = ListQuery { page: 3, size: 25, sort: Some("name".into()), ..ListQuery::default() };
        assert_eq!(export(ListTab::Vms, &query, "csv"), "/export/vms.csv?sort=name");
        assert_eq!(export(ListTab::DataCenters, &ListQuery::default(), "json"), "/export/data-centers.json");
    }

    #[test]
    fn a_search_is_in_the_address() {
        let href = searched(ListTab::Vms, "status = up or name = a+b");
        assert_eq!(href, "/vms?search=status%20%3D%20up%20or%20name%20%3D%20a%2Bb");
    }

    #[test]
    fn nobody_is_sent_to_another_site() {
        for (next, fine) in [
            ("/vms", true),
            ("/vms?page=2", true),
            ("//evil.example", false),
            ("https://evil.example", false),
            ("/\\evil.example", false),
            ("vms", false),
            ("", false),
        ] {
            assert_eq!(safe_next(Some(next)).is_some(), fine, "{next}");
        }
    }

    #[test]
    fn a_page_is_about_an_object_or_a_box() {
        let (own, around) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let (page, within) = (format!("/vms/{own}/edit"), around.to_string());
        for (path, within, about) in [
            (page.as_str(), None, Some(own)),
            (page.as_str(), Some(within.as_str()), Some(own)),
            ("/vms", Some(within.as_str()), Some(around)),
            ("/vms/new", Some("no"), None),
            ("/vms", None, None),
        ] {
            assert_eq!(super::about(path, within), about, "{path} {within:?}");
        }
    }

    #[test]
    fn the_vm_portal_has_some_of_the_addresses() {
        for (href, own) in [
            ("/vms", Some("/portal")),
            ("/vms?page=2", Some("/portal?page=2")),
            ("/vms/new", Some("/portal/vms/new")),
            ("/vms/1", Some("/portal/vms/1")),
            ("/vms/1/edit?next=%2Fvms", Some("/portal/vms/1/edit?next=%2Fvms")),
            ("/vms/1/console", None),
            ("/disks/1/remove", Some("/portal/disks/1/remove")),
            ("/disks/1", Some("/portal/resources")),
            ("/quotas", Some("/portal/resources")),
            ("/account", Some("/portal/settings")),
            ("/account/second-factor", None),
            ("/hosts/1/edit", None),
            ("/portal/vms/1", None),
        ] {
            assert_eq!(in_portal(href).as_deref(), own, "{href}");
        }
        for (path, own) in [
            ("/portal/vms/1/edit", Some("/vms/1/edit")),
            ("/portal/vms/new", Some("/vms/new")),
            ("/portal/hosts/1/edit", None),
            ("/portal/portal/vms/1", None),
            ("/vms/1/edit", None),
        ] {
            assert_eq!(out_of_portal(path), own, "{path}");
        }
        assert!(is_portal("/portal") && is_portal("/portal/x") && !is_portal("/portals"));
    }

    #[test]
    fn an_address_knows_its_tab() {
        for (path, tab) in [
            ("/vms", Some(ListTab::Vms)),
            ("/vms/1/edit", Some(ListTab::Vms)),
            ("/vmsx", None),
            ("/storage/new", Some(ListTab::Storage)),
            ("/", None),
        ] {
            assert_eq!(tab_of(path), tab, "{path}");
        }
    }
}
