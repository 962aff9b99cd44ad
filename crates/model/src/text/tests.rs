use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

use super::*;
use crate::language::speak;

fn resource(language: Language) -> FluentResource {
    FluentResource::try_new(source(language).to_owned())
        .unwrap_or_else(|(_, wrong)| panic!("texts/{}.ftl has a syntax error: {wrong:?}", language.tag()))
}

/// As Fluent's own implementation reads a catalogue.
fn reference(language: Language) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new(vec![language.tag().parse().unwrap()]);
    // The marks that Fluent puts around arguments for mixed writing directions would break searching.
    bundle.set_use_isolating(false);
    bundle.add_resource(resource(language)).unwrap_or_else(|twice| panic!("a key stands twice: {twice:?}"));
    bundle
}

/// The arguments of every text, by its key.
fn arguments(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let resource = resource(language);
    let message = |entry: &Entry<&str>| match entry {
        Entry::Message(message) => {
            let mut names = BTreeSet::new();
            message.value.as_ref().iter().for_each(|value| named(value, &mut names));
            Some((message.id.name.to_owned(), names))
        }
        _ => None,
    };
    resource.entries().filter_map(message).collect()
}

fn named(pattern: &Pattern<&str>, names: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else { continue };
        let inline = match expression {
            Expression::Inline(inline) => inline,
            Expression::Select { selector, variants } => {
                variants.iter().for_each(|variant| named(&variant.value, names));
                selector
            }
        };
        if let InlineExpression::VariableReference { id } = inline {
            names.insert(id.name.to_owned());
        }
    }
}

/// Names what is missing, so that whoever added a text sees what is left to say.
#[test]
fn every_language_has_every_text_with_the_same_arguments() {
    let english = arguments(Language::English);
    for language in Language::ALL {
        let its = arguments(language);
        let missing: Vec<_> = english.keys().filter(|key| !its.contains_key(*key)).collect();
        let left: Vec<_> = its.keys().filter(|key| !english.contains_key(*key)).collect();
        let tag = language.tag();
        assert!(missing.is_empty(), "texts/{tag}.ftl lacks {missing:#?}");
        assert!(left.is_empty(), "texts/{tag}.ftl has what texts/en.ftl does not: {left:#?}");
        for (key, names) in &english {
            assert_eq!(&its[key], names, "the arguments of {key} in texts/{tag}.ftl");
        }
    }
}

/// Names of things, abbreviations, and words that both languages have.
const SAME: &[&str] = &[
    "acceleration-emulation",
    "acceleration-kvm",
    "account-browser",
    "alert-acknowledged",
    "allocation-thin",
    "area-gluster",
    "area-host",
    "area-pool",
    "area-system",
    "boot-cdrom",
    "brand",
    "bulk-one-refused",
    "dashboard-cpus",
    "dashboard-status",
    "deed-title",
    "directory-step-line",
    "directory-step-name-pkce",
    "directory-step-resolved",
    "disk-status-ok",
    "explain-held-by",
    "field-alias",
    "field-bridge",
    "field-cd",
    "field-cluster",
    "field-code",
    "field-cpu",
    "field-format",
    "field-fqdn",
    "field-host",
    "field-id",
    "field-migration",
    "field-name",
    "field-port",
    "field-scopes",
    "field-status",
    "field-tags",
    "field-transport",
    "field-vcpus",
    "folder-host",
    "form-ok",
    "frame-administrator",
    "graphics-spice",
    "graphics-vnc",
    "group-12",
    "guest-kernel",
    "host-fact-bridges",
    "host-fact-cpu",
    "host-fact-cpus",
    "host-fact-kvm",
    "host-fact-libvirt",
    "host-fact-qemu",
    "host-reason-unreachable",
    "interface-virtio",
    "interface-virtio-scsi",
    "kind-cluster-title",
    "kind-host-title",
    "machines-by-name",
    "machines-by-status",
    "nic-model-e1000",
    "nic-model-e1000e",
    "nic-model-rtl8139",
    "nic-model-virtio",
    "object-named",
    "origin-command-line",
    "origin-drover",
    "origin-portal",
    "part-hardware",
    "part-software",
    "permission-group",
    "plain",
    "plain-value",
    "portal-shape",
    "principal-named",
    "quota-place",
    "quota-resource-vcpus",
    "quota-use-in",
    "quota-used-by-one",
    "refusal-tags-object",
    "refusal-used-by",
    "request-and",
    "request-said",
    "request-vcpus",
    "schema-active-directory",
    "schema-openid",
    "security-ldaps",
    "security-starttls",
    "severity-normal",
    "sign-in-code",
    "tab-dashboard",
    "tab-hosts",
    "tab-tags",
    "transport-tls",
    "tree-system",
    "unit-gib",
    "unit-mib",
    "unit-percent",
    "unit-vcpus",
    "users-add-find",
    "value-mib",
    "value-none",
    "value-percent",
    "value-rate",
    "vm-tab-host",
    "vm-tab-system",
];

#[test]
fn no_english_is_left_in_the_german_catalogue() {
    let (english, german) = (catalogue(Language::English), catalogue(Language::German));
    let same: BTreeSet<_> = english
        .keys()
        .filter(|key| german.get(key).map(|t| t.words) == english.get(key).map(|t| t.words))
        .collect();
    assert_eq!(same, SAME.iter().copied().collect(), "these are as in English");
    let telling = ["the", "and", "this", "with", "not", "your", "you", "is", "are"];
    for key in german.keys() {
        let words = german.get(key).unwrap().words;
        let found = words.split(|c: char| !c.is_alphabetic()).find(|word| telling.contains(word));
        assert_eq!(found, None, "{key} = {words}");
    }
}

/// What is read of Fluent's files here is what Fluent reads.
#[test]
fn every_text_reads_as_fluent_reads_it() {
    for language in Language::ALL {
        let bundle = reference(language);
        for (key, names) in arguments(language) {
            for n in [0.0, 1.0, 2.0, 7.0] {
                let mut args = FluentArgs::new();
                names.iter().for_each(|name| args.set(name.as_str(), FluentValue::from(n)));
                let pattern = bundle.get_message(&key).unwrap().value().unwrap();
                let told = bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned();
                let text = names.iter().fold(Text::new(&key), |text, name| text.with(name, n as u64));
                assert_eq!(speak(language, || text.to_string()), told, "{key}, {n}, {}", language.tag());
            }
        }
    }
}

#[test]
fn arguments_plurals_and_nesting_come_out() {
    let inner = Text::new("kind-vm");
    let text = Text::new("refusal-name-taken").with("kind", inner).with("name", "web1");
    assert_eq!(text.to_string(), "A virtual machine named web1 exists already. Choose another name.");
    let german = "Der Name web1 ist bereits vergeben (VM). Wählen Sie einen anderen Namen.";
    assert_eq!(speak(Language::German, || text.to_string()), german);
    assert_eq!(tn("frame-alerts", 0), "No alerts");
    assert_eq!(speak(Language::German, || tn("frame-alerts", 1)), "Ein Alarm");
    assert_eq!(speak(Language::German, || tn("frame-alerts", 12_345)), "12.345 Alarme");
    assert_eq!(Text::new("event-reason").with("reason", "dust").to_string(), " Reason: dust");
}

#[test]
fn what_a_person_typed_is_no_text_to_be_read() {
    assert_eq!(ta("plain", &[("text", "{ $text } { \" ")]), "{ $text } { \" ");
}

#[test]
fn numbers_are_written_as_the_reader_writes_them() {
    for (n, english, german) in [
        (0.0, "0", "0"),
        (1234.0, "1234", "1234"),
        (12_345.0, "12,345", "12.345"),
        (1_234_567.5, "1,234,567.5", "1.234.567,5"),
        (-12.5, "-12.5", "-12,5"),
    ] {
        assert_eq!(number(n), english);
        assert_eq!(speak(Language::German, || number(n)), german);
    }
}

#[test]
fn an_unknown_key_shows_itself() {
    assert_eq!(t("no-such-key"), "no-such-key");
    assert!(!known("no-such-key"));
}

#[test]
fn a_column_of_words_keeps_texts_and_what_was_there_before() {
    let text = Text::new("refusal-job-ended");
    assert_eq!(Text::of_kept(&text.kept()), text);
    assert_eq!(Text::of_kept("The step \"Launch\" failed.").to_string(), "The step \"Launch\" failed.");
    let lines = Text::lines([text.clone(), Text::new("plain").with("text", "b")]);
    assert_eq!(lines.to_string(), "This job has ended already.\nb");
    assert_eq!(speak(Language::German, || lines.to_string()), "Dieser Auftrag ist bereits beendet.\nb");
}

#[test]
fn a_text_survives_json() {
    let text = Text::new("a").with("n", 3u64).with("w", "x").with("t", Text::new("b"));
    let json = serde_json::to_string(&text).unwrap();
    assert_eq!(serde_json::from_str::<Text>(&json).unwrap(), text);
}
