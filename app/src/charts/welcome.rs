//! What a new installation lacks next, and the way there.

use leptos::prelude::*;
use model::dashboard::Dashboard;
use model::id::Kind;
use model::text::t;
use ui::{ButtonKind, ButtonLink, EmptyState, Icon};

use crate::paths;

/// In the order in which they are made: what is missing, what it is good for, and the button that makes it.
const STEPS: [(Kind, &str, &str, &str); 5] = [
    (Kind::DataCenter, "data-centers-none", "data-centers-none-hint", "action-create-data-center"),
    (Kind::Cluster, "clusters-none", "clusters-none-hint", "action-create-cluster"),
    (Kind::Host, "hosts-none", "hosts-none-hint", "action-create-host"),
    (Kind::StorageDomain, "storage-none", "storage-none-hint", "action-create-storage"),
    (Kind::Vm, "vms-none", "vms-none-hint", "action-create-vm"),
];

pub fn view(d: &Dashboard) -> Option<AnyView> {
    if !d.administrator {
        let nothing = d.counts.iter().all(|count| count.all == 0);
        return nothing.then(|| {
            view! { <EmptyState icon=Icon::Activity title=t("dashboard-none")>{t("dashboard-none-hint")}</EmptyState> }
                .into_any()
        });
    }
    let (kind, title, hint, new) = STEPS.into_iter().find(|(kind, ..)| d.count(*kind) == 0)?;
    let tab = paths::tab_for(kind)?;
    let actions = move || {
        view! {
            <ButtonLink kind=ButtonKind::Primary icon=Icon::Plus href=paths::new(tab, None)>{t(new)}</ButtonLink>
            <ButtonLink href=paths::help("first-steps")>{t("dashboard-first-steps")}</ButtonLink>
        }
    };
    Some(
        view! { <EmptyState icon=tab.icon() title=t(title) actions=actions>{t(hint)}</EmptyState> }
            .into_any(),
    )
}
