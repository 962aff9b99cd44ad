//! What the palette knows by itself: the lists, what makes something new, and the help.

use model::palette::{Fit, fit};
use model::text::{t, ta};
use ui::Icon;

use crate::frame::ListTab;
use crate::paths;

/// A page by its name.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    pub text: String,
    pub icon: Icon,
    pub href: String,
}

/// How many are shown beside the objects.
const MOST: usize = 8;

/// The pages that fit, the best first.
pub fn fitting(asked: &str, administrator: bool) -> Vec<(Fit, Named)> {
    let fits = |page: Named| fit(&page.text, asked).map(|how| (how, page));
    let mut pages: Vec<_> = all(administrator).into_iter().filter_map(fits).collect();
    pages.sort_by_key(|(how, _)| *how);
    pages.truncate(MOST);
    pages
}

fn all(administrator: bool) -> Vec<Named> {
    let tabs = || {
        ListTab::ALL.into_iter().filter(|tab| {
            administrator || !matches!(tab, ListTab::Users | ListTab::Roles | ListTab::Directories)
        })
    };
    let list =
        |tab: ListTab| Named { text: tab.label(), icon: tab.icon(), href: paths::list(tab).to_owned() };
    let new = |tab: ListTab| {
        let text = t(new_key(tab)?);
        Some(Named { text, icon: Icon::Plus, href: paths::new(tab, None) })
    };
    let help = |tab: ListTab| {
        let text = ta("palette-help", &[("page", &tab.label())]);
        Named { text, icon: Icon::Help, href: paths::help(paths::help_page(tab)) }
    };
    let own = [
        Named { text: t("help"), icon: Icon::Help, href: paths::help("index") },
        Named { text: t("frame-account-settings"), icon: Icon::Key, href: paths::ACCOUNT.to_owned() },
    ];
    tabs().map(list).chain(tabs().filter_map(new)).chain(own).chain(tabs().map(help)).collect()
}

/// The label of what makes a new one: what the lists' buttons say, without the lists.
fn new_key(tab: ListTab) -> Option<&'static str> {
    Some(match tab {
        ListTab::DataCenters => "action-create-data-center",
        ListTab::Clusters => "action-create-cluster",
        ListTab::Hosts => "action-create-host",
        ListTab::Networks => "action-create-network",
        ListTab::Storage => "action-create-storage",
        ListTab::Quotas => "action-create-quota",
        ListTab::Vms => "action-create-vm",
        ListTab::Bookmarks => "action-create-bookmark",
        ListTab::Tags => "action-create-tag",
        ListTab::Roles => "action-create-role",
        ListTab::Users => "action-create-user",
        ListTab::Directories => "action-create-directory",
        ListTab::Dashboard | ListTab::Disks | ListTab::Templates | ListTab::Events | ListTab::Jobs => {
            return None;
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parts::list::Listed;

    #[test]
    fn new_ones_are_made_where_the_lists_make_them() {
        fn same<T: Listed>() {
            assert_eq!(new_key(T::TAB), T::NEW, "{:?}", T::TAB);
        }
        same::<model::data_center::DataCenterRow>();
        same::<model::cluster::ClusterRow>();
        same::<model::host::HostRow>();
        same::<model::network::NetworkRow>();
        same::<model::storage_domain::StorageRow>();
        same::<model::disk::DiskRow>();
        same::<model::vm::VmRow>();
        same::<model::template::TemplateRow>();
        same::<model::quota::QuotaRow>();
        same::<model::user::UserRow>();
        same::<model::event::EventRow>();
        same::<model::job::JobRow>();
        same::<model::bookmark::BookmarkRow>();
        same::<model::tag::TagRow>();
        same::<model::directory::DirectoryRow>();
    }

    #[test]
    fn pages_are_found_by_their_words() {
        let found = |asked: &str, administrator| -> Vec<String> {
            fitting(asked, administrator).into_iter().map(|(_, page)| page.href).collect()
        };
        assert_eq!(found("dash", true), ["/dashboard", "/help/dashboard"]);
        assert_eq!(found("new vm", true), ["/vms/new"]);
        assert_eq!(found("help: cl", true), ["/help/clusters"]);
        assert_eq!(found("users", false), [""; 0]);
        assert_eq!(found("users", true), ["/users", "/help/users"]);
        assert_eq!(found("help", true).len(), MOST);
        assert!(found("", true).is_empty());
    }
}
