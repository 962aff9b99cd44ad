use time::macros::datetime;

use super::*;
use crate::DataCenterId;
use crate::quota::{ClusterLimit, QuotaConfig, QuotaMode};
use crate::size::GIB;

const NOW: OffsetDateTime = datetime!(2030-01-01 12:00 UTC);
const LAB: ClusterId = ClusterId(Uuid::from_u128(7));

fn quota(config: QuotaConfig) -> QuotaRow {
    QuotaRow {
        id: QuotaId(Uuid::nil()),
        version: 1,
        is_default: false,
        data_center: (DataCenterId(Uuid::nil()), "main".into()),
        mode: QuotaMode::Enforced,
        config,
        uses: Vec::new(),
        asked: 0,
    }
}

fn limited() -> QuotaConfig {
    QuotaConfig { vcpus: Some(4), memory: Some(GIB), storage: Some(GIB), ..QuotaConfig::default() }
}

fn each(vcpus: Option<u64>) -> QuotaConfig {
    let limit = ClusterLimit { cluster: LAB, vcpus, memory: Some(GIB) };
    QuotaConfig { per_cluster: true, clusters: vec![limit], ..limited() }
}

fn wanted(vcpus: u64) -> Wanted {
    Wanted { vcpus, until: NOW + time::Duration::DAY, ..Wanted::default() }
}

#[test]
fn a_request_is_answered_once() {
    use RequestState::*;
    use Turn::*;
    for (state, turn, after) in [
        (Asked, Withdraw, Some(Withdrawn)),
        (Asked, Approve, Some(Approved)),
        (Asked, Decline, Some(Declined)),
        (Asked, End, Some(Ended)),
        (Approved, Withdraw, None),
        (Approved, Approve, None),
        (Approved, Decline, None),
        (Approved, End, Some(Ended)),
        (Declined, Withdraw, None),
        (Declined, Approve, None),
        (Declined, Decline, None),
        (Declined, End, None),
        (Withdrawn, Withdraw, None),
        (Withdrawn, Approve, None),
        (Withdrawn, Decline, None),
        (Withdrawn, End, None),
        (Ended, Withdraw, None),
        (Ended, Approve, None),
        (Ended, Decline, None),
        (Ended, End, None),
    ] {
        assert_eq!(state.after(turn), after, "{state:?} {turn:?}");
    }
    for state in RequestState::ALL {
        assert!(crate::text::known(&state.text().key), "{state:?}");
    }
}

#[test]
fn what_can_be_asked_for() {
    let there = Wanted { cluster: Some(LAB), ..wanted(1) };
    let elsewhere = Wanted { cluster: Some(ClusterId(Uuid::from_u128(8))), ..wanted(1) };
    for (what, config, wanted, expected) in [
        ("so many", limited(), wanted(2), ""),
        ("the most", limited(), wanted(MOST_VCPUS), ""),
        ("too many", limited(), wanted(MOST_VCPUS + 1), "vcpus: field-between"),
        ("nothing", limited(), wanted(0), "vcpus: field-request-nothing"),
        ("memory", limited(), Wanted { memory: GIB, ..wanted(0) }, ""),
        ("too much", limited(), Wanted { storage: u64::MAX, ..wanted(0) }, "storage: field-number"),
        ("a day that was", limited(), Wanted { until: NOW, ..wanted(1) }, "until: field-past"),
        ("of no limit", QuotaConfig::default(), wanted(1), "vcpus: field-request-unlimited"),
        ("nowhere", each(Some(1)), wanted(1), "cluster: field-required"),
        ("there", each(Some(1)), there.clone(), ""),
        ("of nothing there", each(Some(0)), there.clone(), ""),
        ("of no limit there", each(None), there.clone(), "vcpus: field-request-unlimited"),
        ("elsewhere", each(Some(1)), elsewhere, "cluster: field-request-place"),
        ("twice nowhere", each(Some(1)), Wanted { memory: GIB, ..wanted(1) }, "cluster: field-required"),
        ("a place that means nothing", limited(), there, ""),
    ] {
        let errors = wanted.errors(&quota(config), NOW);
        let said: Vec<String> = errors.0.iter().map(|(name, text)| format!("{name}: {}", text.key)).collect();
        assert_eq!(said.join(", "), expected, "{what}");
    }
}

#[test]
fn a_place_goes_along_only_where_it_means_something() {
    let there = Wanted { cluster: Some(LAB), ..wanted(1) };
    assert_eq!(there.fitting(&quota(limited())).cluster, None);
    assert_eq!(there.fitting(&quota(each(Some(1)))).cluster, Some(LAB));
    assert_eq!(Wanted { vcpus: 0, ..there }.fitting(&quota(each(Some(1)))).cluster, None);
}

#[test]
fn a_reason_is_given_and_so_is_a_no() {
    let quota = quota(limited());
    for (text, fine) in [("For the course", true), ("", false), (" ", false), (&"x".repeat(256), false)] {
        let ask = AskForMore { wanted: wanted(1), reason: text.to_owned() };
        assert_eq!(ask.errors(&quota, NOW).get("reason").is_none(), fine, "{text}");
        assert_eq!(declining(text).is_empty(), fine, "{text}");
        let grant = Grant { wanted: wanted(1), word: text.to_owned() };
        assert_eq!(grant.errors(&quota, NOW).is_empty(), text.len() < 256, "a yes needs no word: {text}");
    }
}

#[test]
fn it_reads_well() {
    let all = Wanted { memory: 8 * GIB, storage: 100 * GIB, ..wanted(4) };
    assert_eq!(all.text(None, None).to_string(), "4 vCPUs, 8 GiB of memory, 100 GiB of storage");
    assert_eq!(wanted(1).text(Some("lab"), None).to_string(), "1 vCPU in lab");
    assert_eq!(day::text(wanted(1).until).to_string(), "2030-01-02");
}
