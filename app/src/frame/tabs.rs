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
    Quotas,
    Users,
    Events,
    Jobs,
    /// In the left pane, and pages without a tab.
    Bookmarks,
    Tags,
    /// Reached from the users.
    Roles,
    Directories,
}

impl ListTab {
    pub const ALL: [ListTab; 17] = [
        ListTab::Dashboard,
        ListTab::DataCenters,
        ListTab::Clusters,
        ListTab::Hosts,
        ListTab::Networks,
        ListTab::Storage,
        ListTab::Disks,
        ListTab::Vms,
        ListTab::Templates,
        ListTab::Quotas,
        ListTab::Users,
        ListTab::Events,
        ListTab::Jobs,
        ListTab::Bookmarks,
        ListTab::Tags,
        ListTab::Roles,
        ListTab::Directories,
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
            ListTab::Quotas => "tab-quotas",
            ListTab::Users => "tab-users",
            ListTab::Directories => "tab-directories",
            ListTab::Bookmarks => "tab-bookmarks",
            ListTab::Tags => "tab-tags",
            ListTab::Roles => "tab-roles",
        })
    }

    /// What a search of the list is about; none for what is not searched.
    pub fn entity(self) -> Option<search::Entity> {
        use search::Entity;
        Some(match self {
            ListTab::DataCenters => Entity::DataCenters,
            ListTab::Clusters => Entity::Clusters,
            ListTab::Hosts => Entity::Hosts,
            ListTab::Networks => Entity::Networks,
            ListTab::Storage => Entity::Storage,
            ListTab::Disks => Entity::Disks,
            ListTab::Vms => Entity::Vms,
            ListTab::Templates => Entity::Templates,
            ListTab::Events => Entity::Events,
            ListTab::Jobs => Entity::Jobs,
            ListTab::Quotas => Entity::Quotas,
            ListTab::Users => Entity::Users,
            ListTab::Dashboard
            | ListTab::Bookmarks
            | ListTab::Tags
            | ListTab::Roles
            | ListTab::Directories => return None,
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
            ListTab::Quotas => Icon::Gauge,
            ListTab::Users => Icon::Users,
            ListTab::Directories => Icon::Key,
            ListTab::Bookmarks => Icon::Bookmark,
            ListTab::Tags => Icon::Tag,
            ListTab::Roles => Icon::Key,
        }
    }
}

/// The row of tabs. Users are shown to administrators.
#[component]
pub fn ListTabs(
    #[prop(into)] current: Signal<Option<ListTab>>,
    #[prop(into)] href: Callback<ListTab, String>,
    #[prop(into)] administrator: Signal<bool>,
) -> impl IntoView {
    let shown = move |tab: &ListTab| match tab {
        ListTab::Bookmarks | ListTab::Tags | ListTab::Roles | ListTab::Directories => false,
        ListTab::Users => administrator.get_untracked(),
        _ => true,
    };
    let tab = move |tab: ListTab| {
        view! {
            <Tab href=move || href.run(tab) current=move || current.get() == Some(tab) icon=tab.icon()>{tab.label()}</Tab>
        }
        .into_any()
    };
    view! { <Tabs label=t("frame-lists")>{ListTab::ALL.into_iter().filter(shown).map(tab).collect_view()}</Tabs> }
        .into_any()
}
