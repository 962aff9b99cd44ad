//! The shapes of the icons, as the inside of a 24 × 24 `<svg>` drawn with round 2-pixel strokes.
//! Most are from Lucide (ISC licence, see `LICENSE-lucide.txt`); the marks of states are Drover's own. A `cut`
//! stroke takes the colour of the surface behind, so that a filled disc shows its sign in both themes.

/// Every icon of the product. Named by meaning where it has one here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Icon {
    Server,
    Monitor,
    HardDrive,
    Database,
    Network,
    Layers,
    Box,
    Boxes,
    Building,
    Bell,
    User,
    Users,
    Sun,
    Moon,
    SunMoon,
    LogOut,
    Play,
    Power,
    Restart,
    Stop,
    Edit,
    Remove,
    Plus,
    Terminal,
    Search,
    ChevronRight,
    ChevronDown,
    ChevronLeft,
    ChevronsLeft,
    ChevronsRight,
    Check,
    Close,
    More,
    Refresh,
    Jobs,
    Events,
    Copy,
    External,
    Help,
    Maximize,
    Keyboard,
    Wrench,
    Activity,
    Gauge,
    Connect,
    Disconnect,
    Clock,
    Template,
    Lock,
    Eye,
    EyeOff,
    Key,
    Menu,
    SortUp,
    SortDown,
    SortNone,
    Download,
    Folder,
    Cpu,
    Memory,
    Pane,
    Bookmark,
    Tag,
    Settings,
    System,
    Paused,
    Disc,
    ExpandAll,
    CollapseAll,
    Success,
    Danger,
    Info,
    Warning,
    Off,
    Unknown,
    Hourglass,
    Up,
    PausedDisc,
    StorageDomain,
}

impl Icon {
    pub const ALL: &'static [Icon] = &[
        Icon::Server,
        Icon::Monitor,
        Icon::HardDrive,
        Icon::Database,
        Icon::Network,
        Icon::Layers,
        Icon::Box,
        Icon::Boxes,
        Icon::Building,
        Icon::Bell,
        Icon::User,
        Icon::Users,
        Icon::Sun,
        Icon::Moon,
        Icon::SunMoon,
        Icon::LogOut,
        Icon::Play,
        Icon::Power,
        Icon::Restart,
        Icon::Stop,
        Icon::Edit,
        Icon::Remove,
        Icon::Plus,
        Icon::Terminal,
        Icon::Search,
        Icon::ChevronRight,
        Icon::ChevronDown,
        Icon::ChevronLeft,
        Icon::ChevronsLeft,
        Icon::ChevronsRight,
        Icon::Check,
        Icon::Close,
        Icon::More,
        Icon::Refresh,
        Icon::Jobs,
        Icon::Events,
        Icon::Copy,
        Icon::External,
        Icon::Help,
        Icon::Maximize,
        Icon::Keyboard,
        Icon::Wrench,
        Icon::Activity,
        Icon::Gauge,
        Icon::Connect,
        Icon::Disconnect,
        Icon::Clock,
        Icon::Template,
        Icon::Lock,
        Icon::Eye,
        Icon::EyeOff,
        Icon::Key,
        Icon::Menu,
        Icon::SortUp,
        Icon::SortDown,
        Icon::SortNone,
        Icon::Download,
        Icon::Folder,
        Icon::Cpu,
        Icon::Memory,
        Icon::Pane,
        Icon::Bookmark,
        Icon::Tag,
        Icon::Settings,
        Icon::System,
        Icon::Paused,
        Icon::Disc,
        Icon::ExpandAll,
        Icon::CollapseAll,
        Icon::Success,
        Icon::Danger,
        Icon::Info,
        Icon::Warning,
        Icon::Off,
        Icon::Unknown,
        Icon::Hourglass,
        Icon::Up,
        Icon::PausedDisc,
        Icon::StorageDomain,
    ];

    pub(super) fn shape(self) -> &'static str {
        match self {
            Icon::Server => {
                r##"<rect width="20" height="8" x="2" y="2" rx="2" ry="2"/><rect width="20" height="8" x="2" y="14" rx="2" ry="2"/><line x1="6" x2="6.01" y1="6" y2="6"/><line x1="6" x2="6.01" y1="18" y2="18"/>"##
            }
            Icon::Monitor => {
                r##"<rect width="20" height="14" x="2" y="3" rx="2"/><line x1="8" x2="16" y1="21" y2="21"/><line x1="12" x2="12" y1="17" y2="21"/>"##
            }
            Icon::HardDrive => {
                r##"<path d="M10 16h.01"/><path d="M2.212 11.577a2 2 0 0 0-.212.896V18a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2v-5.527a2 2 0 0 0-.212-.896L18.55 5.11A2 2 0 0 0 16.76 4H7.24a2 2 0 0 0-1.79 1.11z"/><path d="M21.946 12.013H2.054"/><path d="M6 16h.01"/>"##
            }
            Icon::Database => {
                r##"<ellipse cx="12" cy="5" rx="9" ry="3"/><path d="M3 5V19A9 3 0 0 0 21 19V5"/><path d="M3 12A9 3 0 0 0 21 12"/>"##
            }
            Icon::Network => {
                r##"<rect x="16" y="16" width="6" height="6" rx="1"/><rect x="2" y="16" width="6" height="6" rx="1"/><rect x="9" y="2" width="6" height="6" rx="1"/><path d="M5 16v-3a1 1 0 0 1 1-1h12a1 1 0 0 1 1 1v3"/><path d="M12 12V8"/>"##
            }
            Icon::Layers => {
                r##"<path d="M12.83 2.18a2 2 0 0 0-1.66 0L2.6 6.08a1 1 0 0 0 0 1.83l8.58 3.91a2 2 0 0 0 1.66 0l8.58-3.9a1 1 0 0 0 0-1.83z"/><path d="M2 12a1 1 0 0 0 .58.91l8.6 3.91a2 2 0 0 0 1.65 0l8.58-3.9A1 1 0 0 0 22 12"/><path d="M2 17a1 1 0 0 0 .58.91l8.6 3.91a2 2 0 0 0 1.65 0l8.58-3.9A1 1 0 0 0 22 17"/>"##
            }
            Icon::Box => {
                r##"<path d="M21 8a2 2 0 0 0-1-1.73l-7-4a2 2 0 0 0-2 0l-7 4A2 2 0 0 0 3 8v8a2 2 0 0 0 1 1.73l7 4a2 2 0 0 0 2 0l7-4A2 2 0 0 0 21 16Z"/><path d="m3.3 7 8.7 5 8.7-5"/><path d="M12 22V12"/>"##
            }
            Icon::Boxes => {
                r##"<path d="M2.97 12.92A2 2 0 0 0 2 14.63v3.24a2 2 0 0 0 .97 1.71l3 1.8a2 2 0 0 0 2.06 0L12 19v-5.5l-5-3-4.03 2.42Z"/><path d="m7 16.5-4.74-2.85"/><path d="m7 16.5 5-3"/><path d="M7 16.5v5.17"/><path d="M12 13.5V19l3.97 2.38a2 2 0 0 0 2.06 0l3-1.8a2 2 0 0 0 .97-1.71v-3.24a2 2 0 0 0-.97-1.71L17 10.5l-5 3Z"/><path d="m17 16.5-5-3"/><path d="m17 16.5 4.74-2.85"/><path d="M17 16.5v5.17"/><path d="M7.97 4.42A2 2 0 0 0 7 6.13v4.37l5 3 5-3V6.13a2 2 0 0 0-.97-1.71l-3-1.8a2 2 0 0 0-2.06 0l-3 1.8Z"/><path d="M12 8 7.26 5.15"/><path d="m12 8 4.74-2.85"/><path d="M12 13.5V8"/>"##
            }
            Icon::Building => {
                r##"<path d="M10 12h4"/><path d="M10 8h4"/><path d="M14 21v-3a2 2 0 0 0-4 0v3"/><path d="M6 10H4a2 2 0 0 0-2 2v7a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2V9a2 2 0 0 0-2-2h-2"/><path d="M6 21V5a2 2 0 0 1 2-2h8a2 2 0 0 1 2 2v16"/>"##
            }
            Icon::Bell => {
                r##"<path d="M10.268 21a2 2 0 0 0 3.464 0"/><path d="M3.262 15.326A1 1 0 0 0 4 17h16a1 1 0 0 0 .74-1.673C19.41 13.956 18 12.499 18 8A6 6 0 0 0 6 8c0 4.499-1.411 5.956-2.738 7.326"/>"##
            }
            Icon::User => {
                r##"<path d="M19 21v-2a4 4 0 0 0-4-4H9a4 4 0 0 0-4 4v2"/><circle cx="12" cy="7" r="4"/>"##
            }
            Icon::Users => {
                r##"<path d="M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2"/><path d="M16 3.128a4 4 0 0 1 0 7.744"/><path d="M22 21v-2a4 4 0 0 0-3-3.87"/><circle cx="9" cy="7" r="4"/>"##
            }
            Icon::Sun => {
                r##"<circle cx="12" cy="12" r="4"/><path d="M12 2v2"/><path d="M12 20v2"/><path d="m4.93 4.93 1.41 1.41"/><path d="m17.66 17.66 1.41 1.41"/><path d="M2 12h2"/><path d="M20 12h2"/><path d="m6.34 17.66-1.41 1.41"/><path d="m19.07 4.93-1.41 1.41"/>"##
            }
            Icon::Moon => {
                r##"<path d="M20.985 12.486a9 9 0 1 1-9.473-9.472c.405-.022.617.46.402.803a6 6 0 0 0 8.268 8.268c.344-.215.825-.004.803.401"/>"##
            }
            Icon::SunMoon => {
                r##"<path d="M12 2v2"/><path d="M14.837 16.385a6 6 0 1 1-7.223-7.222c.624-.147.97.66.715 1.248a4 4 0 0 0 5.26 5.259c.589-.255 1.396.09 1.248.715"/><path d="M16 12a4 4 0 0 0-4-4"/><path d="m19 5-1.256 1.256"/><path d="M20 12h2"/>"##
            }
            Icon::LogOut => {
                r##"<path d="m16 17 5-5-5-5"/><path d="M21 12H9"/><path d="M9 21H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h4"/>"##
            }
            Icon::Play => {
                r##"<path d="M5 5a2 2 0 0 1 3.008-1.728l11.997 6.998a2 2 0 0 1 .003 3.458l-12 7A2 2 0 0 1 5 19z"/>"##
            }
            Icon::Power => r##"<path d="M12 2v10"/><path d="M18.4 6.6a9 9 0 1 1-12.77.04"/>"##,
            Icon::Restart => {
                r##"<path d="M21 12a9 9 0 1 1-9-9c2.52 0 4.93 1 6.74 2.74L21 8"/><path d="M21 3v5h-5"/>"##
            }
            Icon::Stop => r##"<rect width="18" height="18" x="3" y="3" rx="2"/>"##,
            Icon::Edit => {
                r##"<path d="M21.174 6.812a1 1 0 0 0-3.986-3.987L3.842 16.174a2 2 0 0 0-.5.83l-1.321 4.352a.5.5 0 0 0 .623.622l4.353-1.32a2 2 0 0 0 .83-.497z"/><path d="m15 5 4 4"/>"##
            }
            Icon::Remove => {
                r##"<path d="M10 11v6"/><path d="M14 11v6"/><path d="M19 6v14a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V6"/><path d="M3 6h18"/><path d="M8 6V4a2 2 0 0 1 2-2h4a2 2 0 0 1 2 2v2"/>"##
            }
            Icon::Plus => r##"<path d="M5 12h14"/><path d="M12 5v14"/>"##,
            Icon::Terminal => r##"<path d="M12 19h8"/><path d="m4 17 6-6-6-6"/>"##,
            Icon::Search => r##"<path d="m21 21-4.34-4.34"/><circle cx="11" cy="11" r="8"/>"##,
            Icon::ChevronRight => r##"<path d="m9 18 6-6-6-6"/>"##,
            Icon::ChevronDown => r##"<path d="m6 9 6 6 6-6"/>"##,
            Icon::ChevronLeft => r##"<path d="m15 18-6-6 6-6"/>"##,
            Icon::ChevronsLeft => r##"<path d="m11 17-5-5 5-5"/><path d="m18 17-5-5 5-5"/>"##,
            Icon::ChevronsRight => r##"<path d="m6 17 5-5-5-5"/><path d="m13 17 5-5-5-5"/>"##,
            Icon::Check => r##"<path d="M20 6 9 17l-5-5"/>"##,
            Icon::Close => r##"<path d="M18 6 6 18"/><path d="m6 6 12 12"/>"##,
            Icon::More => {
                r##"<circle cx="12" cy="12" r="1"/><circle cx="12" cy="5" r="1"/><circle cx="12" cy="19" r="1"/>"##
            }
            Icon::Refresh => {
                r##"<path d="M3 12a9 9 0 0 1 9-9 9.75 9.75 0 0 1 6.74 2.74L21 8"/><path d="M21 3v5h-5"/><path d="M21 12a9 9 0 0 1-9 9 9.75 9.75 0 0 1-6.74-2.74L3 16"/><path d="M8 16H3v5"/>"##
            }
            Icon::Jobs => {
                r##"<path d="M13 5h8"/><path d="M13 12h8"/><path d="M13 19h8"/><path d="m3 17 2 2 4-4"/><path d="m3 7 2 2 4-4"/>"##
            }
            Icon::Events => {
                r##"<path d="M15 12h-5"/><path d="M15 8h-5"/><path d="M19 17V5a2 2 0 0 0-2-2H4"/><path d="M8 21h12a2 2 0 0 0 2-2v-1a1 1 0 0 0-1-1H11a1 1 0 0 0-1 1v1a2 2 0 1 1-4 0V5a2 2 0 1 0-4 0v2a1 1 0 0 0 1 1h3"/>"##
            }
            Icon::Copy => {
                r##"<rect width="14" height="14" x="8" y="8" rx="2" ry="2"/><path d="M4 16c-1.1 0-2-.9-2-2V4c0-1.1.9-2 2-2h10c1.1 0 2 .9 2 2"/>"##
            }
            Icon::External => {
                r##"<path d="M15 3h6v6"/><path d="M10 14 21 3"/><path d="M18 13v6a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2h6"/>"##
            }
            Icon::Help => {
                r##"<circle cx="12" cy="12" r="10"/><path d="M9.09 9a3 3 0 0 1 5.83 1c0 2-3 3-3 3"/><path d="M12 17h.01"/>"##
            }
            Icon::Maximize => {
                r##"<path d="M8 3H5a2 2 0 0 0-2 2v3"/><path d="M21 8V5a2 2 0 0 0-2-2h-3"/><path d="M3 16v3a2 2 0 0 0 2 2h3"/><path d="M16 21h3a2 2 0 0 0 2-2v-3"/>"##
            }
            Icon::Keyboard => {
                r##"<path d="M10 8h.01"/><path d="M12 12h.01"/><path d="M14 8h.01"/><path d="M16 12h.01"/><path d="M18 8h.01"/><path d="M6 8h.01"/><path d="M7 16h10"/><path d="M8 12h.01"/><rect width="20" height="16" x="2" y="4" rx="2"/>"##
            }
            Icon::Wrench => {
                r##"<path d="M14.7 6.3a1 1 0 0 0 0 1.4l1.6 1.6a1 1 0 0 0 1.4 0l3.106-3.105c.32-.322.863-.22.983.218a6 6 0 0 1-8.259 7.057l-7.91 7.91a1 1 0 0 1-2.999-3l7.91-7.91a6 6 0 0 1 7.057-8.259c.438.12.54.662.219.984z"/>"##
            }
            Icon::Activity => {
                r##"<path d="M22 12h-2.48a2 2 0 0 0-1.93 1.46l-2.35 8.36a.25.25 0 0 1-.48 0L9.24 2.18a.25.25 0 0 0-.48 0l-2.35 8.36A2 2 0 0 1 4.49 12H2"/>"##
            }
            Icon::Gauge => r##"<path d="m12 14 4-4"/><path d="M3.34 19a10 10 0 1 1 17.32 0"/>"##,
            Icon::Connect => {
                r##"<path d="M12 22v-5"/><path d="M15 8V2"/><path d="M17 8a1 1 0 0 1 1 1v4a4 4 0 0 1-4 4h-4a4 4 0 0 1-4-4V9a1 1 0 0 1 1-1z"/><path d="M9 8V2"/>"##
            }
            Icon::Disconnect => {
                r##"<path d="m19 5 3-3"/><path d="m2 22 3-3"/><path d="M6.3 20.3a2.4 2.4 0 0 0 3.4 0L12 18l-6-6-2.3 2.3a2.4 2.4 0 0 0 0 3.4Z"/><path d="M7.5 13.5 10 11"/><path d="M10.5 16.5 13 14"/><path d="m12 6 6 6 2.3-2.3a2.4 2.4 0 0 0 0-3.4l-2.6-2.6a2.4 2.4 0 0 0-3.4 0Z"/>"##
            }
            Icon::Clock => r##"<circle cx="12" cy="12" r="10"/><path d="M12 6v6l4 2"/>"##,
            Icon::Template => {
                r##"<line x1="15" x2="15" y1="12" y2="18"/><line x1="12" x2="18" y1="15" y2="15"/><rect width="14" height="14" x="8" y="8" rx="2" ry="2"/><path d="M4 16c-1.1 0-2-.9-2-2V4c0-1.1.9-2 2-2h10c1.1 0 2 .9 2 2"/>"##
            }
            Icon::Lock => {
                r##"<rect width="18" height="11" x="3" y="11" rx="2" ry="2"/><path d="M7 11V7a5 5 0 0 1 10 0v4"/>"##
            }
            Icon::Eye => {
                r##"<path d="M2.062 12.348a1 1 0 0 1 0-.696 10.75 10.75 0 0 1 19.876 0 1 1 0 0 1 0 .696 10.75 10.75 0 0 1-19.876 0"/><circle cx="12" cy="12" r="3"/>"##
            }
            Icon::EyeOff => {
                r##"<path d="M10.733 5.076a10.744 10.744 0 0 1 11.205 6.575 1 1 0 0 1 0 .696 10.747 10.747 0 0 1-1.444 2.49"/><path d="M14.084 14.158a3 3 0 0 1-4.242-4.242"/><path d="M17.479 17.499a10.75 10.75 0 0 1-15.417-5.151 1 1 0 0 1 0-.696 10.75 10.75 0 0 1 4.446-5.143"/><path d="m2 2 20 20"/>"##
            }
            Icon::Key => {
                r##"<path d="M2.586 17.414A2 2 0 0 0 2 18.828V21a1 1 0 0 0 1 1h3a1 1 0 0 0 1-1v-1a1 1 0 0 1 1-1h1a1 1 0 0 0 1-1v-1a1 1 0 0 1 1-1h.172a2 2 0 0 0 1.414-.586l.814-.814a6.5 6.5 0 1 0-4-4z"/><circle cx="16.5" cy="7.5" r=".5" fill="currentColor"/>"##
            }
            Icon::Menu => r##"<path d="M4 5h16"/><path d="M4 12h16"/><path d="M4 19h16"/>"##,
            Icon::SortUp => r##"<path d="m5 12 7-7 7 7"/><path d="M12 19V5"/>"##,
            Icon::SortDown => r##"<path d="M12 5v14"/><path d="m19 12-7 7-7-7"/>"##,
            Icon::SortNone => {
                r##"<path d="m21 16-4 4-4-4"/><path d="M17 20V4"/><path d="m3 8 4-4 4 4"/><path d="M7 4v16"/>"##
            }
            Icon::Download => {
                r##"<path d="M12 15V3"/><path d="M21 15v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-4"/><path d="m7 10 5 5 5-5"/>"##
            }
            Icon::Folder => {
                r##"<path d="M20 20a2 2 0 0 0 2-2V8a2 2 0 0 0-2-2h-7.9a2 2 0 0 1-1.69-.9L9.6 3.9A2 2 0 0 0 7.93 3H4a2 2 0 0 0-2 2v13a2 2 0 0 0 2 2Z"/>"##
            }
            Icon::Cpu => {
                r##"<path d="M12 20v2"/><path d="M12 2v2"/><path d="M17 20v2"/><path d="M17 2v2"/><path d="M2 12h2"/><path d="M2 17h2"/><path d="M2 7h2"/><path d="M20 12h2"/><path d="M20 17h2"/><path d="M20 7h2"/><path d="M7 20v2"/><path d="M7 2v2"/><rect x="4" y="4" width="16" height="16" rx="2"/><rect x="8" y="8" width="8" height="8" rx="1"/>"##
            }
            Icon::Memory => {
                r##"<path d="M12 12v-2"/><path d="M12 18v-2"/><path d="M16 12v-2"/><path d="M16 18v-2"/><path d="M2 11h1.5"/><path d="M20 18v-2"/><path d="M20.5 11H22"/><path d="M4 18v-2"/><path d="M8 12v-2"/><path d="M8 18v-2"/><rect x="2" y="6" width="20" height="10" rx="2"/>"##
            }
            Icon::Pane => r##"<rect width="18" height="18" x="3" y="3" rx="2"/><path d="M9 3v18"/>"##,
            Icon::Bookmark => r##"<path d="m19 21-7-4-7 4V5a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2v16z"/>"##,
            Icon::Tag => {
                r##"<path d="M12.586 2.586A2 2 0 0 0 11.172 2H4a2 2 0 0 0-2 2v7.172a2 2 0 0 0 .586 1.414l8.704 8.704a2.426 2.426 0 0 0 3.42 0l6.58-6.58a2.426 2.426 0 0 0 0-3.42z"/><circle cx="7.5" cy="7.5" r=".5"/>"##
            }
            Icon::Settings => {
                r##"<path d="M14 17H5"/><path d="M19 7h-9"/><circle cx="17" cy="17" r="3"/><circle cx="7" cy="7" r="3"/>"##
            }
            Icon::System => {
                r##"<circle cx="12" cy="12" r="10"/><path d="M12 2a14.5 14.5 0 0 0 0 20 14.5 14.5 0 0 0 0-20"/><path d="M2 12h20"/>"##
            }
            Icon::Paused => {
                r##"<rect x="14" y="3" width="5" height="18" rx="1"/><rect x="5" y="3" width="5" height="18" rx="1"/>"##
            }
            Icon::Disc => {
                r##"<circle cx="12" cy="12" r="10"/><path d="M6 12c0-1.7.7-3.2 1.8-4.2"/><circle cx="12" cy="12" r="2"/><path d="M18 12c0 1.7-.7 3.2-1.8 4.2"/>"##
            }
            Icon::ExpandAll => {
                r##"<path d="M12 22v-6"/><path d="M12 8V2"/><path d="M4 12H2"/><path d="M10 12H8"/><path d="M16 12h-2"/><path d="M22 12h-2"/><path d="m15 19-3 3-3-3"/><path d="m15 5-3-3-3 3"/>"##
            }
            Icon::CollapseAll => {
                r##"<path d="M12 22v-6"/><path d="M12 8V2"/><path d="M4 12H2"/><path d="M10 12H8"/><path d="M16 12h-2"/><path d="M22 12h-2"/><path d="m15 19-3-3-3 3"/><path d="m15 5-3 3-3-3"/>"##
            }
            Icon::Success => {
                r##"<circle cx="12" cy="12" r="10" fill="currentColor" stroke="none"/><path class="dr-icon-cut" d="m7.8 12.3 2.9 2.9 5.6-6"/>"##
            }
            Icon::Danger => {
                r##"<circle cx="12" cy="12" r="10" fill="currentColor" stroke="none"/><path class="dr-icon-cut" d="M12 7v5.5M12 16.6v.1"/>"##
            }
            Icon::Info => {
                r##"<circle cx="12" cy="12" r="10" fill="currentColor" stroke="none"/><path class="dr-icon-cut" d="M12 11.5V17M12 7.4v-.1"/>"##
            }
            Icon::Warning => {
                r##"<path d="M12 3.2 22 20.6H2z" fill="currentColor" stroke="currentColor"/><path class="dr-icon-cut" d="M12 9.4v4.8M12 17.6v.1"/>"##
            }
            Icon::Off => r##"<circle cx="12" cy="12" r="8.6"/><path d="M12 7.6V12"/>"##,
            Icon::Unknown => {
                r##"<circle cx="12" cy="12" r="9"/><path d="M9.4 9.6a2.7 2.7 0 1 1 3.9 2.5c-.9.5-1.3 1-1.3 1.9M12 17.2v.1"/>"##
            }
            Icon::Hourglass => {
                r##"<path d="M6 3h12M6 21h12M7 3v3.6c0 1.3.6 2.4 1.6 3.2L12 12l3.4-2.2A4 4 0 0 0 17 6.6V3M7 21v-3.6c0-1.3.6-2.4 1.6-3.2L12 12l3.4 2.2a4 4 0 0 1 1.6 3.2V21"/>"##
            }
            Icon::Up => {
                r##"<circle cx="12" cy="12" r="10" fill="currentColor" stroke="none"/><path class="dr-icon-cut" d="m7.5 13 4.5-4.6 4.5 4.6"/>"##
            }
            Icon::PausedDisc => {
                r##"<circle cx="12" cy="12" r="10" fill="currentColor" stroke="none"/><path class="dr-icon-cut" d="M9.6 8.5v7M14.4 8.5v7"/>"##
            }
            Icon::StorageDomain => {
                r##"<ellipse cx="12" cy="5.2" rx="8.5" ry="3.2"/><path d="M3.5 5.2v6.6c0 1.8 3.8 3.2 8.5 3.2s8.5-1.4 8.5-3.2V5.2M3.5 11.8v6.6c0 1.8 3.8 3.2 8.5 3.2s8.5-1.4 8.5-3.2v-6.6"/>"##
            }
        }
    }
}
