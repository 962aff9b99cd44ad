//! The dashboard and the main lists as tabs. Only the lists that exist; each keeps the scope of the tree's chosen node.

use leptos::prelude::*;
use model::text::t;
use ui::{Icon, Tab, Tabs};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ListTab {
    Dashboard,
    DataCenters,
    Clusters,
    Hosts,
    Networks,
    Storage,
    Disks,
    Vms,
    Templates,
    Events,
    Jobs,
}

impl ListTab {
    pub const ALL: [ListTab; 11] = [
        ListTab::Dashboard,
        ListTab::DataCenters,
        ListTab::Clusters,
        ListTab::Hosts,
        ListTab::Networks,
        ListTab::Storage,
        ListTab::Disks,
        ListTab::Vms,
        ListTab::Templates,
        ListTab::Events,
        ListTab::Jobs,
    ];

    pub fn label(self) -> String {
        t(match self {
            ListTab::Dashboard => "tab-dashboard",
            ListTab::DataCenters => "tab-data-centers",
            ListTab::Clusters => "tab-clusters",
            ListTab::Hosts => "tab-hosts",
            ListTab::Networks => "tab-networks",
            ListTab::Storage => "tab-storage",
            ListTab::Disks => "tab-disks",
            ListTab::Vms => "tab-vms",
            ListTab::Templates => "tab-templates",
            ListTab::Events => "tab-events",
            ListTab::Jobs => "tab-jobs",
        })
    }

    pub fn icon(self) -> Icon {
        match self {
            ListTab::Dashboard => Icon::Activity,
            ListTab::DataCenters => Icon::Building,
            ListTab::Clusters => Icon::Layers,
            ListTab::Hosts => Icon::Server,
            ListTab::Networks => Icon::Network,
            ListTab::Storage => Icon::StorageDomain,
            ListTab::Disks => Icon::HardDrive,
            ListTab::Vms => Icon::Monitor,
            ListTab::Templates => Icon::Template,
            ListTab::Events => Icon::Events,
            ListTab::Jobs => Icon::Jobs,
        }
    }
}

/// The row of tabs.
#[component]
pub fn ListTabs(
    #[prop(into)] current: Signal<Option<ListTab>>,
    #[prop(into)] href: Callback<ListTab, String>,
) -> impl IntoView {
    let tab = move |tab: ListTab| {
        view! {
            <Tab href=move || href.run(tab) current=move || current.get() == Some(tab) icon=tab.icon()>{tab.label()}</Tab>
        }
        .into_any()
    };
    view! { <Tabs label=t("frame-lists")>{ListTab::ALL.map(tab).into_iter().collect_view()}</Tabs> }
        .into_any()
}
