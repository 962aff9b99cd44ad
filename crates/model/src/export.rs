//! Lists as files: which columns there are, and how a row becomes a line of CSV (RFC 4180) or an object of JSON. Rows
//! are what lists have on the wire, so a file says what a page says.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::Text;
use crate::id::Kind;

/// A column of a file: its word, and where it is in a row.
pub type Field = (&'static str, &'static str);

/// The columns of a kind's list in their order; none for what cannot be exported.
pub fn fields(kind: Kind) -> &'static [Field] {
    match kind {
        Kind::Vm => VM,
        Kind::Host => HOST,
        Kind::Disk => DISK,
        Kind::Template => TEMPLATE,
        Kind::Network => NETWORK,
        Kind::StorageDomain => STORAGE,
        Kind::Cluster => CLUSTER,
        Kind::DataCenter => DATA_CENTER,
        Kind::Event => EVENT,
        Kind::Job => JOB,
        Kind::User => USER,
        Kind::Tag => TAG,
        Kind::Bookmark => BOOKMARK,
        Kind::Role => ROLE,
        Kind::Directory => DIRECTORY,
        Kind::Quota => QUOTA,
        Kind::System => &[],
    }
}

const QUOTA: &[Field] = &[
    ("name", "/config/name"),
    ("data_center", "/data_center"),
    ("mode", "/mode"),
    ("vcpus", "/config/vcpus"),
    ("memory", "/config/memory"),
    ("storage", "/config/storage"),
    ("requests", "/asked"),
    ("description", "/config/description"),
    ("id", "/id"),
];
const VM: &[Field] = &[
    ("name", "/name"),
    ("comment", "/comment"),
    ("host", "/host"),
    ("addresses", "/addresses"),
    ("fqdn", "/fqdn"),
    ("cluster", "/cluster"),
    ("data_center", "/data_center"),
    ("memory_percent", "/memory_percent"),
    ("cpu_percent", "/cpu_percent"),
    ("network", "/network_rate"),
    ("graphics", "/graphics"),
    ("status", "/status"),
    ("uptime", "/started_at"),
    ("description", "/description"),
    ("vcpus", "/vcpus"),
    ("memory", "/memory"),
    ("quota", "/quota"),
    ("expires", "/expires_at"),
    ("tags", "/tags"),
    ("id", "/id"),
];
const HOST: &[Field] = &[
    ("name", "/name"),
    ("comment", "/comment"),
    ("address", "/address"),
    ("cluster", "/cluster"),
    ("data_center", "/data_center"),
    ("status", "/status"),
    ("vms", "/vm_count"),
    ("memory_percent", "/memory_percent"),
    ("cpu", "/cpu_percent"),
    ("memory", "/memory"),
    ("cpus", "/cpus"),
    ("tags", "/tags"),
    ("id", "/id"),
];
const DISK: &[Field] = &[
    ("alias", "/alias"),
    ("virtual_size", "/virtual_size"),
    ("actual_size", "/actual_size"),
    ("attached_to", "/attached_to"),
    ("storage_domain", "/storage_domain"),
    ("data_center", "/data_center"),
    ("status", "/status"),
    ("allocation", "/allocation"),
    ("content", "/content"),
    ("created", "/created_at"),
    ("quota", "/quota"),
    ("description", "/description"),
    ("id", "/id"),
];
const TEMPLATE: &[Field] = &[
    ("name", "/name"),
    ("comment", "/comment"),
    ("status", "/status"),
    ("data_center", "/data_center"),
    ("storage_domain", "/storage_domain"),
    ("memory", "/memory"),
    ("vcpus", "/vcpus"),
    ("disk_size", "/disk_size"),
    ("vms", "/vm_count"),
    ("created", "/created_at"),
    ("description", "/description"),
    ("cpu_model", "/cpu_model"),
    ("tags", "/tags"),
    ("id", "/id"),
];
const NETWORK: &[Field] = &[
    ("name", "/config/name"),
    ("comment", "/config/comment"),
    ("data_center", "/data_center"),
    ("bridge", "/config/bridge"),
    ("hosts", "/hosts_with"),
    ("vms", "/vm_count"),
    ("description", "/config/description"),
    ("id", "/id"),
];
const STORAGE: &[Field] = &[
    ("name", "/config/name"),
    ("comment", "/config/comment"),
    ("status", "/status"),
    ("data_center", "/data_center"),
    ("total", "/capacity"),
    ("free", "/available"),
    ("guaranteed_free", "/guaranteed_free"),
    ("committed", "/committed"),
    ("disks", "/disk_count"),
    ("path", "/config/path"),
    ("description", "/config/description"),
    ("id", "/id"),
];
const CLUSTER: &[Field] = &[
    ("name", "/config/name"),
    ("comment", "/config/comment"),
    ("data_center", "/data_center"),
    ("hosts", "/host_count"),
    ("vms", "/vm_count"),
    ("description", "/config/description"),
    ("id", "/id"),
];
const DATA_CENTER: &[Field] = &[
    ("name", "/config/name"),
    ("comment", "/config/comment"),
    ("clusters", "/cluster_count"),
    ("hosts", "/host_count"),
    ("storage", "/storage_count"),
    ("vms", "/vm_count"),
    ("description", "/config/description"),
    ("id", "/id"),
];
const EVENT: &[Field] = &[
    ("severity", "/severity"),
    ("time", "/time"),
    ("message", "/text"),
    ("about", "/objects"),
    ("user", "/user"),
    ("code", "/code"),
    ("correlation", "/correlation_id"),
    ("job", "/job"),
    ("id", "/id"),
];
const JOB: &[Field] = &[
    ("status", "/status"),
    ("title", "/title"),
    ("progress", "/steps_done"),
    ("steps_all", "/steps_all"),
    ("owner", "/owner"),
    ("created", "/created_at"),
    ("ended", "/ended_at"),
    ("correlation", "/correlation_id"),
    ("id", "/id"),
];
const USER: &[Field] = &[
    ("name", "/name"),
    ("domain", "/domain"),
    ("roles", "/roles"),
    ("type", "/group"),
    ("full_name", "/full_name"),
    ("mail", "/mail"),
    ("groups", "/groups"),
    ("tags", "/tags"),
    ("created", "/created_at"),
    ("gone", "/gone_at"),
    ("id", "/id"),
];
const TAG: &[Field] = &[
    ("name", "/name"),
    ("parent", "/parent"),
    ("objects", "/objects"),
    ("description", "/description"),
    ("id", "/id"),
];
const DIRECTORY: &[Field] = &[
    ("name", "/name"),
    ("schema", "/config/ldap/schema"),
    ("servers", "/config/ldap/servers"),
    ("security", "/config/ldap/security"),
    ("base_dn", "/config/ldap/base_dn"),
    ("issuer", "/config/openid/issuer"),
    ("directory_users", "/users"),
    ("directory_groups", "/groups"),
    ("directory_read", "/read_at"),
    ("id", "/id"),
];
const BOOKMARK: &[Field] =
    &[("name", "/config/name"), ("search", "/config/search"), ("shared", "/config/shared"), ("id", "/id")];

const ROLE: &[Field] = &[
    ("name", "/config/name"),
    ("description", "/config/description"),
    ("type", "/config/administrative"),
    ("shows_children", "/views_children"),
    ("predefined", "/predefined"),
    ("permissions", "/permissions"),
    ("groups", "/config/groups"),
    ("id", "/id"),
];

/// Those of the asked columns that the kind has, in the asked order; all where none is asked.
pub fn chosen(kind: Kind, asked: &[&str]) -> Vec<Field> {
    let known = |word: &&str| fields(kind).iter().find(|(name, _)| *name == word.replace('-', "_")).copied();
    let found: Vec<Field> = asked.iter().filter_map(known).collect();
    if found.is_empty() { fields(kind).to_vec() } else { found }
}

/// The first line of a CSV file.
pub fn head(fields: &[Field]) -> String {
    line(fields.iter().map(|(word, _)| (*word).to_owned()))
}

/// A row as a line of CSV.
pub fn csv(fields: &[Field], row: &Value) -> String {
    line(fields.iter().map(|(_, at)| row.pointer(at).map(cell).unwrap_or_default()))
}

/// A row as JSON: numbers stay numbers, texts are worded, and other objects have an id and a name.
pub fn object(fields: &[Field], row: &Value) -> String {
    let one = |(word, at): &Field| ((*word).to_owned(), row.pointer(at).map_or(Value::Null, value));
    Value::Object(fields.iter().map(one).collect::<Map<_, _>>()).to_string()
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<String> = cells.map(quoted).collect();
    format!("{}\r\n", cells.join(","))
}

fn quoted(cell: String) -> String {
    if cell.contains(['"', ',', '\r', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

/// A value as the text of a cell. Spreadsheets take a text for a formula that begins with one of `=+-@`, a tab or a
/// return, and names are other people's: such a text gets an apostrophe before it, as OWASP advises. Numbers do not.
fn cell(of: &Value) -> String {
    match of {
        Value::Null => String::new(),
        Value::Number(number) => number.to_string(),
        Value::Bool(on) => on.to_string(),
        other => harmless(words(other)),
    }
}

fn harmless(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}

fn words(of: &Value) -> String {
    match of {
        Value::String(text) => text.clone(),
        Value::Array(items) => match named(items) {
            Some((_, name)) => name,
            None => items.iter().map(words).collect::<Vec<_>>().join("; "),
        },
        Value::Object(_) => worded(of).unwrap_or_else(|| of.to_string()),
        Value::Null => String::new(),
        plain => plain.to_string(),
    }
}

/// A value for JSON.
fn value(of: &Value) -> Value {
    match of {
        Value::Array(items) => match named(items) {
            Some((id, name)) => json!({ "id": id, "name": name }),
            None => items.iter().map(value).collect(),
        },
        Value::Object(_) => worded(of).map_or_else(|| of.clone(), Value::String),
        plain => plain.clone(),
    }
}

/// An object as rows refer to one: its id and its name, with its kind before where that is open.
fn named(items: &[Value]) -> Option<(Uuid, String)> {
    let (id, name) = match items {
        [id, name] | [_, id, name] => (id, name),
        _ => return None,
    };
    Some((id.as_str()?.parse().ok()?, name.as_str()?.to_owned()))
}

/// A text of the catalogue in words.
fn worded(of: &Value) -> Option<String> {
    of.get("key")?;
    serde_json::from_value::<Text>(of.clone()).ok().map(|text| text.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_becomes_a_line() {
        let id = Uuid::from_u128(7);
        for (value, text) in [
            (json!(null), ""),
            (json!("web1"), "web1"),
            (json!(-3), "-3"),
            (json!(true), "true"),
            (json!("a,b"), "\"a,b\""),
            (json!("say \"no\""), "\"say \"\"no\"\"\""),
            (json!("two\nlines"), "\"two\nlines\""),
            (json!("=1+1"), "'=1+1"),
            (json!("-rm"), "'-rm"),
            (json!("@x,y"), "\"'@x,y\""),
            (json!("+1"), "'+1"),
            (json!("\tx"), "'\tx"),
            (json!([id, "=lab"]), "'=lab"),
            (json!(["vm", id, "web1"]), "web1"),
            (json!([["vm", id, "a"], ["host", id, "b"]]), "a; b"),
            (json!(["10.0.0.1", "10.0.0.2"]), "10.0.0.1; 10.0.0.2"),
            (json!({ "key": "plain", "args": { "text": "in words" } }), "in words"),
        ] {
            let row = json!({ "x": value, "y": 1 });
            assert_eq!(csv(&[("x", "/x"), ("y", "/y")], &row), format!("{text},1\r\n"), "{value}");
        }
        assert_eq!(head(&[("x", "/x"), ("y", "/y")]), "x,y\r\n");
    }

    #[test]
    fn a_row_becomes_an_object() {
        let id = Uuid::from_u128(7);
        let row =
            json!({ "host": [id, "=kvm"], "n": 5, "text": { "key": "plain", "args": { "text": "x" } } });
        let fields = [("host", "/host"), ("n", "/n"), ("text", "/text"), ("gone", "/gone")];
        let expected = json!({ "host": { "id": id, "name": "=kvm" }, "n": 5, "text": "x", "gone": null });
        assert_eq!(object(&fields, &row).parse::<Value>().unwrap(), expected);
    }

    #[test]
    fn columns_are_chosen_by_their_words() {
        let words =
            |asked: &[&str]| chosen(Kind::Vm, asked).iter().map(|(word, _)| *word).collect::<Vec<_>>();
        assert_eq!(words(&["status", "nothing", "name"]), ["status", "name"]);
        assert_eq!(words(&[]).len(), VM.len());
        assert_eq!(words(&["nothing"]).len(), VM.len());
    }
}
