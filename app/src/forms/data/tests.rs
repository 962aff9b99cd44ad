//! The forms: from what a browser sends to the request, and every field wrong in its own place.

use model::size::{GIB, MIB};
use uuid::Uuid;

use super::account::{PasswordForm, SignInForm};
use super::bookmark::BookmarkForm;
use super::copies::{CdForm, ImageDiskForm, ImageTemplateForm, MakeTemplateForm};
use super::data_center::DataCenterForm;
use super::deed::{ReasonForm, RemoveVmForm};
use super::host::HostForm;
use super::network::NetworkForm;
use super::storage::StorageForm;
use super::tag::{AssignForm, TagForm};
use super::vm::{AVAILABILITY, BOOT, CONSOLE, GENERAL, HOST, SYSTEM, VmForm};
use crate::forms::{Fields, FormData};

fn id() -> String {
    Uuid::from_u128(5).to_string()
}

fn wrong<T: FormData>(form: &T) -> Vec<String> {
    form.request().err().unwrap_or_default().0.into_iter().map(|(name, _)| name).collect()
}

fn vm() -> VmForm {
    VmForm { name: "web1".into(), cluster: id(), ..VmForm::default() }
}

#[test]
fn a_vm_from_a_template() {
    let form = VmForm { template: id(), network: id(), disk_size: "7".into(), memory: "512".into(), ..vm() };
    let new = form.request().unwrap();
    assert_eq!((new.config.memory, new.config.vcpus()), (512 * MIB, 1));
    assert!(new.template.is_some() && new.network.is_some());
    assert_eq!(new.disk, None, "the template brings the disk");
}

#[test]
fn a_blank_vm_with_a_disk() {
    let form =
        VmForm { disk_size: "10".into(), allocation: "preallocated".into(), graphics: "none".into(), ..vm() };
    let new = form.request().unwrap();
    assert_eq!(new.disk.unwrap().size, 10 * GIB);
    assert!(new.config.options.headless() && new.template.is_none());
}

#[test]
fn every_field_of_a_vm_is_refused_at_its_own_place() {
    let cases: [(&str, VmForm); 16] = [
        ("name", VmForm { name: "a b".into(), ..vm() }),
        ("description", VmForm { description: "x".repeat(5000), ..vm() }),
        ("comment", VmForm { comment: "x".repeat(300), ..vm() }),
        ("cluster", VmForm { cluster: String::new(), ..vm() }),
        ("template", VmForm { template: "x".into(), ..vm() }),
        ("disk_size", VmForm { disk_size: "ten".into(), ..vm() }),
        ("disk_size", VmForm { disk_size: "0".into(), ..vm() }),
        ("allocation", VmForm { disk_size: "1".into(), allocation: "x".into(), ..vm() }),
        ("storage_domain", VmForm { storage_domain: "x".into(), ..vm() }),
        ("network", VmForm { network: "x".into(), ..vm() }),
        ("memory", VmForm { memory: "0".into(), ..vm() }),
        ("memory", VmForm { memory: "99999999999999999999".into(), ..vm() }),
        ("vcpus", VmForm { vcpus: "0".into(), ..vm() }),
        ("vcpus", VmForm { vcpus: "5".into(), sockets: "2".into(), ..vm() }),
        ("cores", VmForm { cores: "-1".into(), ..vm() }),
        ("keyboard", VmForm { keyboard: "klingon".into(), ..vm() }),
    ];
    assert!(wrong(&vm()).is_empty());
    for (field, form) in cases {
        assert_eq!(wrong(&form), [field], "{form:?}");
        assert!([GENERAL, SYSTEM, CONSOLE].iter().any(|tab| tab.contains(&field)), "{field} is on no tab");
    }
}

#[test]
fn every_field_of_a_vm_wrong_at_once() {
    let sent = "name=&description=a%00&comment=%00&cluster=&template=x&storage_domain=x&network=x&memory=much&vcpus=&cpu_model=a/b&keyboard=x&graphics=x&disconnect=x&hosts=x&migration=x&priority=x&boot_first=x&boot_second=x&kernel=x&initrd=x&kernel_parameters=%20x";
    let form: VmForm = Fields::parse(sent).read();
    let names = wrong(&form);
    for field in [
        "name",
        "description",
        "comment",
        "cluster",
        "template",
        "storage_domain",
        "network",
        "memory",
        "vcpus",
        "cpu_model",
        "keyboard",
        "graphics",
        "disconnect",
        "hosts",
        "migration",
        "priority",
        "boot_first",
        "boot_second",
        "kernel",
        "initrd",
        "kernel_parameters",
    ] {
        assert_eq!(names.iter().filter(|n| *n == field).count(), 1, "{field} in {names:?}");
    }
}

#[test]
fn a_tab_knows_every_field_of_the_dialog() {
    let all: Vec<&str> = [GENERAL, SYSTEM, CONSOLE, HOST, AVAILABILITY, BOOT].concat();
    let fields = Fields::of(&VmForm::default());
    for name in &all {
        assert!(fields.has(name), "{name}");
    }
    assert_eq!(all.len() + 1, serde_json::to_value(VmForm::default()).unwrap().as_object().unwrap().len());
}

#[test]
fn what_is_copied() {
    let image = format!("{}/tiny.img", id());
    assert_eq!(CdForm::default().request(), Ok(None), "nothing chosen ejects");
    assert_eq!(CdForm { cd: image.clone() }.request().unwrap().unwrap().name, "tiny.img");
    assert_eq!(wrong(&CdForm { cd: "x".into() }), ["cd"]);
    assert_eq!(
        wrong(&MakeTemplateForm { storage_domain: "x".into(), ..Default::default() }),
        ["storage_domain", "name"]
    );
    assert_eq!(wrong(&MakeTemplateForm { quota: "x".into(), ..Default::default() }), ["quota", "name"]);
    let made = MakeTemplateForm { name: "t".into(), quota: id(), ..Default::default() }.request().unwrap();
    assert_eq!(made.quota.map(|quota| quota.to_string()), Some(id()));
    assert_eq!(wrong(&ImageDiskForm::default()), ["image", "alias"]);
    let template = ImageTemplateForm {
        image: image.clone(),
        memory: "1".into(),
        vcpus: "0".into(),
        ..Default::default()
    };
    assert_eq!(wrong(&template), ["name", "memory", "vcpus"]);

    let form = VmForm { image: image.clone(), clone: "true".into(), ..vm() };
    let new = form.request().unwrap();
    assert!(new.image.is_some() && !new.clone, "without a template there is nothing to clone");
    let new = VmForm { template: id(), ..form.clone() }.request().unwrap();
    assert!(new.image.is_none() && new.clone, "a template brings the disk");
    assert_eq!(wrong(&VmForm { disk_size: "1".into(), ..form }), ["image"]);
}

#[test]
fn a_host_by_its_own_socket_needs_no_address() {
    let form = HostForm {
        name: "kvm1".into(),
        cluster: id(),
        transport: "local".into(),
        address: "typed before".into(),
        ..HostForm::default()
    };
    assert_eq!(form.request().unwrap().config.address, "");
    let cases: [(&str, HostForm); 6] = [
        ("address", HostForm { transport: "tls".into(), ..form.clone() }),
        ("transport", HostForm { transport: "pigeon".into(), address: "kvm1".into(), ..form.clone() }),
        (
            "port",
            HostForm {
                transport: "tls".into(),
                address: "kvm1".into(),
                port: "70000".into(),
                ..form.clone()
            },
        ),
        ("memory_limit", HostForm { memory_limit: "1".into(), ..form.clone() }),
        ("cpu_limit", HostForm { cpu_limit: "0".into(), ..form.clone() }),
        ("cluster", HostForm { cluster: "".into(), ..form.clone() }),
    ];
    for (field, form) in cases {
        assert_eq!(wrong(&form), [field], "{form:?}");
    }
}

#[test]
fn the_small_forms() {
    assert_eq!(wrong(&DataCenterForm::default()), ["name"]);
    assert_eq!(
        wrong(&NetworkForm {
            data_center: id(),
            name: "mgmt".into(),
            bridge: "a-bridge-too-long".into(),
            ..Default::default()
        }),
        ["bridge"]
    );
    assert_eq!(
        wrong(&StorageForm {
            data_center: id(),
            name: "data".into(),
            path: "here".into(),
            ..Default::default()
        }),
        ["path"]
    );
    assert_eq!(
        wrong(&StorageForm { name: "data".into(), path: "/srv".into(), ..Default::default() }),
        ["data_center"]
    );
    assert_eq!(wrong(&ReasonForm { reason: "x".repeat(5000) }), ["reason"]);
    assert_eq!(ReasonForm { reason: "  ".into() }.request().unwrap(), None);
    assert!(RemoveVmForm { disks: "true".into() }.request().unwrap());
    assert!(!Fields::parse("").read::<RemoveVmForm>().request().unwrap());
}

#[test]
fn signing_in_and_passwords() {
    assert_eq!(wrong(&SignInForm::default()), ["user", "password"]);
    let form = |new: &str, repeat: &str| PasswordForm {
        current: "old".into(),
        new: new.into(),
        repeat: repeat.into(),
    };
    assert!(wrong(&form("correct horse", "correct horse")).is_empty());
    assert_eq!(wrong(&form("correct horse", "correct house")), ["repeat"]);
    assert_eq!(wrong(&form("short", "short")), ["new"]);
    assert_eq!(wrong(&PasswordForm::default()), ["current", "new", "repeat"]);
}

#[test]
fn a_tag_and_a_bookmark() {
    let tag = TagForm { name: " web ".into(), parent: id(), ..TagForm::default() };
    let config = tag.request().unwrap();
    assert_eq!((config.name.as_str(), config.parent.is_some()), ("web", true));
    for (field, form) in [
        ("name", TagForm { name: "a b".into(), ..tag.clone() }),
        ("description", TagForm { description: "x".repeat(5000), ..tag.clone() }),
        ("parent", TagForm { parent: "x".into(), ..tag.clone() }),
    ] {
        assert_eq!(wrong(&form), [field]);
    }
    let bookmark = BookmarkForm { name: "Web".into(), search: " Vms: ".into(), ..BookmarkForm::default() };
    assert_eq!(bookmark.request().unwrap().search, "Vms:");
    assert_eq!(wrong(&BookmarkForm { search: String::new(), ..bookmark.clone() }), ["search"]);
    assert_eq!(wrong(&BookmarkForm { name: "a/b".into(), ..bookmark }), ["name"]);
}

/// Marked, marked before, to be taken off; what is given and what is taken.
#[test]
fn only_what_was_changed_is_given_and_taken() {
    let one = |n: u128| Uuid::from_u128(n).to_string();
    let ids = |ns: &[u128]| ns.iter().map(|n| one(*n)).collect::<Vec<_>>().join(",");
    for (marked, before, remove, given, taken) in [
        (vec![1, 2], vec![1], vec![], vec![2], vec![]),
        (vec![], vec![1, 2], vec![], vec![], vec![1, 2]),
        (vec![1], vec![1], vec![3], vec![], vec![3]),
        (vec![1, 3], vec![1], vec![3], vec![3], vec![]),
        (vec![], vec![], vec![], vec![], vec![]),
    ] {
        let form = AssignForm {
            kind: "host".into(),
            objects: ids(&[7, 8]),
            tags: ids(&marked),
            before: ids(&before),
            remove: ids(&remove),
        };
        let asked = form.request().unwrap();
        let numbers = |tags: Vec<model::TagId>| tags.into_iter().map(|t| t.0.as_u128()).collect::<Vec<_>>();
        assert_eq!((asked.kind, asked.objects.len()), (model::id::Kind::Host, 2));
        assert_eq!((numbers(asked.change.add), numbers(asked.change.remove)), (given, taken), "{form:?}");
    }
    let sent = "kind=horse&objects=x&tags=x&before=x&remove=x";
    assert_eq!(
        wrong(&Fields::parse(sent).read::<AssignForm>()),
        ["objects", "tags", "before", "remove", "kind"]
    );
}

#[test]
fn a_quota_limits_all_or_each() {
    use super::quota::{MEMORY, QuotaForm, STORAGE, VCPUS, place};
    let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let form = QuotaForm { name: "dev".into(), data_center: id(), vcpus: "8".into(), ..QuotaForm::default() };
    let all = form.clone().open([one, two].into_iter(), [one].into_iter());
    assert_eq!(all.places.len(), 5);
    let config = all.request().unwrap().config;
    assert_eq!((config.vcpus, config.memory, config.clusters.len()), (Some(8), None, 0));
    let mut each = QuotaForm { per_cluster: "true".into(), per_domain: "true".into(), ..all };
    each.places.insert(place(VCPUS, two), "2".into());
    each.places.insert(place(MEMORY, two), "512".into());
    each.places.insert(place(STORAGE, one), "3".into());
    let config = Fields::parse(&Fields::of(&each).encode()).read::<QuotaForm>().request().unwrap().config;
    assert_eq!(config.vcpus, None, "what does not show is not meant");
    let limits: Vec<_> = config.clusters.iter().map(|c| (c.cluster.0, c.vcpus, c.memory)).collect();
    assert_eq!(limits, [(two, Some(2), Some(512 * MIB))]);
    assert_eq!(config.domains[0].storage, Some(3 * GIB));
    let again = QuotaForm::with(&config).open([one, two].into_iter(), [one].into_iter());
    assert_eq!(again.places, each.places);
    let name = place(VCPUS, one);
    each.places.insert(name.clone(), "many".into());
    assert_eq!(wrong(&each), [name]);
}
