//! Drover's design system: PatternFly 6's markup as Leptos components, and nothing else. It knows no router, no
//! model and no server function; every text comes in as a prop.
//! The tension: every component must be whole in three lives — as HTML that the server sends, as a page without
//! JavaScript, and alive in the browser — so behaviour is added to native elements, never put in their place.
//!
//! Two rules keep the style sheet small and the policy strict: class names are written out whole (the style
//! build keeps only those it finds in the sources), and no component uses a `style` attribute.

mod alert;
mod breadcrumb;
mod button;
mod details;
mod dom;
mod donut;
mod empty_state;
mod form;
mod frame;
mod heat_map;
mod icon;
mod login;
mod menu;
mod modal;
mod pagination;
mod pane_tabs;
mod progress;
mod sparkline;
mod spinner;
mod split;
mod status;
mod table;
mod tabs;
mod tone;
mod toolbar;
mod tree;

#[cfg(all(test, feature = "ssr"))]
mod tests;

pub use alert::{Alert, Banner, Toast, Toasts};
pub use breadcrumb::Breadcrumb;
pub use button::{Button, ButtonKind, ButtonLink, Refused};
pub use details::{Card, Cards, DescriptionList, Detail};
pub use dom::{focus_first, focus_invalid};
pub use donut::Donut;
pub use empty_state::EmptyState;
pub use form::{
    CheckGroup, Checkbox, Choice, FieldError, FindField, Form, FormActions, FormRow, FormSection,
    NumberField, PasswordField, RadioGroup, Select, SideTab, SideTabs, TextArea, TextField, Wizard, WizardAt,
    WizardStep, WizardTexts,
};
pub use frame::{MAIN, Masthead, NotificationBadge, PageFrame, PageHead, SIDE_PANE, Section, SideToggle};
pub use heat_map::{Heat, HeatMap};
pub use icon::{Icon, IconView, LargeIcon};
pub use login::LoginPage;
pub use menu::{ContextMenu, Dropdown, Menu, MenuItem, MenuLink, MenuSeparator, MenuTitle, ToggleKind};
pub use modal::{Modal, ModalSize};
pub use pagination::{Pagination, Paging, PagingTexts};
pub use pane_tabs::{PaneTab, PaneTabs};
pub use progress::{Progress, UseBar};
pub use sparkline::Sparkline;
pub use spinner::{Skeleton, Spinner, SpinnerSize};
pub use split::{DEFAULT_SHARE, Split};
pub use status::{Badge, Label, Status, StatusIcon};
pub use table::{Cell, Column, Order, Row, SelectAll, SelectCell, Table};
pub use tabs::{Tab, Tabs};
pub use tone::Tone;
pub use toolbar::{Toolbar, ToolbarEnd, ToolbarGroup, ToolbarItem};
pub use tree::{TreeRow, TreeView};
