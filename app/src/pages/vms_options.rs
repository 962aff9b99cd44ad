//! The tabs of a VM's dialog that are its options: Console, Host, High Availability, Boot Options.

use leptos::prelude::*;
use model::text::{t, ta};
use model::vm_options::{BootDevice, DisconnectAction, Graphics, KEYBOARDS, MediaRef, Migration, Priority};
use ui::{CheckGroup, Checkbox, Choice, FormRow, FormSection};
use uuid::Uuid;

use crate::api::choices::{CdChoice, HostChoice};
use crate::forms::FormCtl;
use crate::parts::fields::{explained, line, list};

/// What `list` needs of each word of a set.
macro_rules! words {
    ($set:ident) => {
        $set::ALL.iter().map(|word| Choice::new(word.as_str(), word.label())).collect::<Vec<Choice>>()
    };
}

pub fn console(form: FormCtl) -> AnyView {
    let standard = Choice::new("", t("vm-keyboard-default"));
    let keyboards: Vec<Choice> =
        std::iter::once(standard).chain(KEYBOARDS.iter().map(|k| Choice::new(*k, *k))).collect();
    view! {
        {list(form, "graphics", "field-graphics", words!(Graphics).into(), false)}
        {list(form, "keyboard", "field-keyboard", keyboards.into(), false)}
        {list(form, "disconnect", "field-disconnect", words!(DisconnectAction).into(), false)}
    }
    .into_any()
}

/// `cluster` is the one that was chosen; before that there is nothing to choose from.
pub fn host(form: FormCtl, hosts: Vec<HostChoice>, cluster: Signal<Option<Uuid>>) -> AnyView {
    let fitting = move || {
        let cluster = cluster.get();
        let fits = |host: &&HostChoice| Some(host.cluster) == cluster;
        hosts.iter().filter(fits).map(|host| Choice::new(host.id.to_string(), host.name.clone())).collect()
    };
    view! {
        <CheckGroup
            name="hosts"
            label=t("field-hosts")
            choices=Signal::derive(fitting)
            value=form.value("hosts")
            on_change=form.input("hosts")
            error=form.error("hosts")
            help=t("field-hosts-help")
        />
        {list(form, "migration", "field-migration", words!(Migration).into(), false)}
    }
    .into_any()
}

pub fn availability(form: FormCtl) -> AnyView {
    view! {
        <Checkbox
            name="ha"
            label=t("field-ha")
            checked=form.is_on("ha")
            on_change=form.switch("ha")
            error=form.error("ha")
            help=t("field-ha-help")
        />
        {list(form, "priority", "field-priority", words!(Priority).into(), false)}
    }
    .into_any()
}

/// `center` is the data center whose files can be put into the drive; unknown, all are offered.
/// From what a VM boots, and whether somebody is asked.
pub fn boot_order(form: FormCtl) -> AnyView {
    let devices = words!(BootDevice);
    let second = std::iter::once(Choice::new("", t("boot-none"))).chain(devices.clone()).collect::<Vec<_>>();
    view! {
        <FormRow>
            {list(form, "boot_first", "field-boot-first", devices.into(), false)}
            {list(form, "boot_second", "field-boot-second", second.into(), false)}
        </FormRow>
        <Checkbox
            name="boot_menu"
            label=t("field-boot-menu")
            checked=form.is_on("boot_menu")
            on_change=form.switch("boot_menu")
            error=form.error("boot_menu")
        />
    }
    .into_any()
}

pub fn boot(form: FormCtl, cds: Vec<CdChoice>, center: Signal<Option<Uuid>>) -> AnyView {
    let discs = files(form, "cd", cds, center, "vm-no-cd");
    view! {
        {boot_order(form)}
        {list(form, "cd", "field-cd", discs, false)}
        <FormSection title=t("vm-linux-boot")>
            {explained(form, "kernel", "field-kernel", false)}
            {line(form, "initrd", "field-initrd", false)}
            {line(form, "kernel_parameters", "field-kernel-parameters", false)}
        </FormSection>
    }
    .into_any()
}

/// The files that a field can name, with what choosing none means; `center` is the data center that they must be of.
pub fn files(
    form: FormCtl,
    field: &'static str,
    files: Vec<CdChoice>,
    center: Signal<Option<Uuid>>,
    none: &'static str,
) -> Signal<Vec<Choice>> {
    let chosen = form.value(field).get_untracked();
    Signal::derive(move || {
        let center = center.get();
        let fits = |file: &&CdChoice| center.is_none_or(|center| file.data_center == center);
        let one = |file: &CdChoice| {
            Choice::new(file.value.clone(), file.name.clone()).group(file.storage_domain.clone())
        };
        let mut all = vec![Choice::new("", t(none))];
        all.extend(gone(&chosen, &files));
        all.extend(files.iter().filter(fits).map(one));
        all
    })
}

/// The disc that is in the drive stays in the list when its file is gone, so that saving does not change it unasked.
fn gone(chosen: &str, cds: &[CdChoice]) -> Option<Choice> {
    let at: MediaRef = chosen.parse().ok()?;
    let there = cds.iter().any(|cd| cd.value == chosen);
    (!there).then(|| Choice::new(chosen, ta("vm-cd-gone", &[("name", &at.name)])))
}
