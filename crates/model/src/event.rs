//! The message set of the event log. Codes, names and severities are oVirt's (`AuditLogType.java`,
//! catalogue 07); the words are Drover's, under `event-<word>` in the catalogue. Codes from 20000 are Drover's own.
//! Other than with oVirt, what stays wrong until somebody does something is an alert: it can be acknowledged, and goes
//! by itself when its cause has gone.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::vm::words;
use crate::{Refusal, Text, id::Kind};

words! {
    /// From the least to the worst, which is its order.
    Severity { Normal = "normal", Warning = "warning", Error = "error", Alert = "alert" }
}

macro_rules! events {
    ($($name:ident $code:literal $severity:ident $word:literal),* $(,)?) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum EventKind { $($name),* }

        impl EventKind {
            pub const ALL: &'static [EventKind] = &[$(EventKind::$name),*];
            pub fn code(self) -> i32 { match self { $(EventKind::$name => $code),* } }
            pub fn severity(self) -> Severity { match self { $(EventKind::$name => Severity::$severity),* } }
            /// Its key in the catalogue.
            pub fn key(self) -> &'static str { match self { $(EventKind::$name => concat!("event-", $word)),* } }
        }
    };
}

events! {
    ServerStarted          1     Normal  "server-started",
    ServerStopped          2     Normal  "server-stopped",
    SignedIn               30    Normal  "signed-in",
    SignedOut              31    Normal  "signed-out",
    SignInFailed           114   Error   "sign-in-failed",
    PasswordChanged        20001 Normal  "password-changed",
    UserAdded              149   Normal  "user-added",
    PermissionGranted      850   Normal  "permission-granted",
    PermissionRemoved      852   Normal  "permission-removed",
    RoleAdded              854   Normal  "role-added",
    RoleUpdated            856   Normal  "role-updated",
    RoleRemoved            858   Normal  "role-removed",
    VmCreateStarted        37    Normal  "vm-create-started",
    VmCreated              53    Normal  "vm-created",
    VmCreateFailed         60    Error   "vm-create-failed",
    VmUpdated              35    Normal  "vm-updated",
    VmRemoveStarted        20002 Normal  "vm-remove-started",
    VmRemoved              113   Normal  "vm-removed",
    VmRemoveFailed         20003 Error   "vm-remove-failed",
    VmStartInitiated       150   Normal  "vm-start-initiated",
    VmStarted              153   Normal  "vm-started",
    VmStartFailed          54    Error   "vm-start-failed",
    VmShutdownInitiated    73    Normal  "vm-shutdown-initiated",
    VmPoweredOff           33    Normal  "vm-powered-off",
    VmStopFailed           56    Error   "vm-stop-failed",
    VmRebootInitiated      157   Normal  "vm-reboot-initiated",
    VmRebootFailed         20004 Error   "vm-reboot-failed",
    VmResetInitiated       221   Normal  "vm-reset-initiated",
    VmPauseInitiated       39    Normal  "vm-pause-initiated",
    VmPauseFailed          20013 Error   "vm-pause-failed",
    SessionsLocked         20019 Normal  "sessions-locked",
    SessionsEnded          20020 Normal  "sessions-ended",
    VmSuspendInitiated     501   Normal  "vm-suspend-initiated",
    VmSuspended            503   Normal  "vm-suspended",
    VmSuspendFailed        20014 Error   "vm-suspend-failed",
    VmRestored             20015 Normal  "vm-restored",
    CdChanged              38    Normal  "cd-changed",
    CdEjected              528   Normal  "cd-ejected",
    CdChangeFailed         20016 Error   "cd-change-failed",
    VmDown                 61    Normal  "vm-down",
    VmDownError            119   Error   "vm-down-error",
    VmPaused               1025  Normal  "vm-paused",
    VmPausedIo             145   Error   "vm-paused-io",
    VmRecovered            196   Normal  "vm-recovered",
    VmNotResponding        126   Warning "vm-not-responding",
    VmRespondsAgain        20005 Normal  "vm-responds-again",
    VmUnknown              142   Warning "vm-unknown",
    ConsoleConnected       167   Normal  "console-connected",
    ViewerFileGiven        20018 Normal  "viewer-file-given",
    ConsoleDisconnected    168   Normal  "console-disconnected",
    DataCenterAdded        950   Normal  "data-center-added",
    DataCenterUpdated      951   Normal  "data-center-updated",
    DataCenterRemoved      954   Normal  "data-center-removed",
    ClusterAdded           809   Normal  "cluster-added",
    ClusterUpdated         811   Normal  "cluster-updated",
    ClusterRemoved         813   Normal  "cluster-removed",
    NetworkAdded           942   Normal  "network-added",
    NetworkUpdated         943   Normal  "network-updated",
    NetworkRemoved         944   Normal  "network-removed",
    StorageAdded           956   Normal  "storage-added",
    StorageUpdated         958   Normal  "storage-updated",
    StorageRemoved         960   Normal  "storage-removed",
    StorageActive          966   Normal  "storage-active",
    StorageInactive        970   Alert   "storage-inactive",
    StorageScanned         20026 Normal  "storage-scanned",
    StorageSpaceLow        26    Warning "storage-space-low",
    StorageSpaceCritical   201   Alert   "storage-space-critical",
    StorageSpaceFine       20021 Normal  "storage-space-fine",
    HostAdded              42    Normal  "host-added",
    HostUpdated            43    Normal  "host-updated",
    HostRemoved            44    Normal  "host-removed",
    HostUp                 13    Normal  "host-up",
    HostActivating         16    Normal  "host-activating",
    HostMaintenanceAsked   600   Normal  "host-maintenance-asked",
    HostMaintenance        15    Normal  "host-maintenance",
    HostNonResponsive      12    Alert   "host-non-responsive",
    HostNonOperational     517   Warning "host-non-operational",
    HostReconnected        20006 Warning "host-reconnected",
    TemplateCreateStarted  48    Normal  "template-create-started",
    TemplateAdded          51    Normal  "template-added",
    TemplateFailed         52    Error   "template-failed",
    TemplateUpdated        20279 Normal  "template-updated",
    TemplateRemoved        251   Normal  "template-removed",
    OrphanFound            20007 Warning "orphan-found",
    JobCancelled           20008 Normal  "job-cancelled",
    VmFound                20009 Warning "vm-found",
    DiskCreateStarted      2020  Normal  "disk-create-started",
    DiskCreated            2021  Normal  "disk-created",
    DiskCreateFailed       20017 Error   "disk-create-failed",
    DiskAddStarted         78    Normal  "disk-add-started",
    DiskAdded              97    Normal  "disk-added",
    DiskAddFailed          98    Error   "disk-add-failed",
    DiskAttached           2016  Normal  "disk-attached",
    DiskAttachFailed       2017  Error   "disk-attach-failed",
    DiskDetached           2018  Normal  "disk-detached",
    DiskDetachFailed       2019  Error   "disk-detach-failed",
    DiskUpdated            88    Normal  "disk-updated",
    DiskExtendStarted      20320 Normal  "disk-extend-started",
    DiskExtended           371   Normal  "disk-extended",
    DiskExtendFailed       20321 Error   "disk-extend-failed",
    NicAdded               932   Normal  "nic-added",
    NicAddFailed           933   Error   "nic-add-failed",
    NicRemoved             930   Normal  "nic-removed",
    NicRemoveFailed        931   Error   "nic-remove-failed",
    NicUpdated             934   Normal  "nic-updated",
    NicUpdateFailed        935   Error   "nic-update-failed",
    DiskRemoveStarted      20010 Normal  "disk-remove-started",
    DiskRemoved            2014  Normal  "disk-removed",
    DiskRemoveFailed       2015  Error   "disk-remove-failed",
    VmShutdownIgnored      20011 Warning "vm-shutdown-ignored",
    HaVmFailed             9602  Error   "ha-vm-failed",
    HaRestartFailed        9603  Error   "ha-restart-failed",
    AlertAcknowledged      20022 Normal  "alert-acknowledged",
    AlertsAcknowledged     20023 Normal  "alerts-acknowledged",
    AlertsRestored         20024 Normal  "alerts-restored",
    EventsRemoved          20025 Normal  "events-removed",
    TagAdded               20050 Normal  "tag-added",
    TagUpdated             20051 Normal  "tag-updated",
    TagRemoved             20052 Normal  "tag-removed",
    TagsGiven              20053 Normal  "tags-given",
    TagsTaken              20054 Normal  "tags-taken",
    BookmarkAdded          20055 Normal  "bookmark-added",
    BookmarkUpdated        20056 Normal  "bookmark-updated",
    BookmarkRemoved        20057 Normal  "bookmark-removed",
    UserRemoved            327   Normal  "user-removed",
    UserGone               20220 Warning "user-gone",
    GroupAdded             20221 Normal  "group-added",
    GroupRemoved           20222 Normal  "group-removed",
    DirectoryAdded         20223 Normal  "directory-added",
    DirectoryUpdated       20224 Normal  "directory-updated",
    DirectoryRemoved       20225 Normal  "directory-removed",
    DirectoryChanges       20226 Normal  "directory-changes",
    DirectoryUnreachable   20227 Alert   "directory-unreachable",
    DirectoryAnswers       20228 Normal  "directory-answers",
    OpenIdSignInFailed     20229 Warning "openid-sign-in-failed",
    AccountLocked          20241 Warning "account-locked",
    AccountUnlocked        20242 Normal  "account-unlocked",
    SecondFactorOn         20243 Normal  "second-factor-on",
    SecondFactorOff        20244 Normal  "second-factor-off",
    SecondFactorReset      20245 Normal  "second-factor-reset",
    RecoveryCodeUsed       20246 Warning "recovery-code-used",
    SessionTerminated      20247 Normal  "session-terminated",
    QuotaAdded             3000  Normal  "quota-added",
    QuotaUpdated           3002  Normal  "quota-updated",
    QuotaRemoved           3004  Normal  "quota-removed",
    QuotaClusterRefused    3006  Error   "quota-cluster-refused",
    QuotaClusterLimit      3007  Warning "quota-cluster-limit",
    QuotaClusterThreshold  3008  Warning "quota-cluster-threshold",
    QuotaStorageRefused    3009  Error   "quota-storage-refused",
    QuotaStorageLimit      3010  Warning "quota-storage-limit",
    QuotaStorageThreshold  3011  Warning "quota-storage-threshold",
    QuotaStorageMissing    3013  Warning "quota-storage-missing",
    QuotaClusterMissing    3014  Warning "quota-cluster-missing",
    QuotaClusterBeyond     3015  Warning "quota-cluster-beyond",
    QuotaStorageBeyond     3016  Warning "quota-storage-beyond",
    QuotaLeft              20060 Warning "quota-left",
    QuotaAssigned          20061 Normal  "quota-assigned",
    LeaseEndsInAWeek       20270 Normal  "lease-ends-in-a-week",
    LeaseEndsInADay        20271 Warning "lease-ends-in-a-day",
    LeaseExpired           20272 Warning "lease-expired",
    LeaseForced            20273 Warning "lease-forced",
    LeaseKept              20274 Warning "lease-kept",
    LeaseHeld              20275 Warning "lease-held",
    LeaseRemoved           20276 Warning "lease-removed",
    LeaseSet               20277 Normal  "lease-set",
    LeaseTaken             20278 Normal  "lease-taken",
    QuotaAskedFor          20080 Alert   "quota-asked-for",
    QuotaRequestApproved   20081 Normal  "quota-request-approved",
    QuotaRequestDeclined   20082 Normal  "quota-request-declined",
    QuotaRequestWithdrawn  20083 Normal  "quota-request-withdrawn",
    QuotaRequestEnded      20084 Normal  "quota-request-ended",
    QuotaGrantEnded        20085 Normal  "quota-grant-ended",
    PermissionEnded        20086 Normal  "permission-ended",
}

impl EventKind {
    /// Those that tell of a saved edit: of what an object's version counts.
    pub const EDITS: [EventKind; 15] = [
        EventKind::DataCenterUpdated,
        EventKind::ClusterUpdated,
        EventKind::NetworkUpdated,
        EventKind::StorageUpdated,
        EventKind::HostUpdated,
        EventKind::TemplateUpdated,
        EventKind::VmUpdated,
        EventKind::CdChanged,
        EventKind::CdEjected,
        EventKind::DiskUpdated,
        EventKind::TagUpdated,
        EventKind::BookmarkUpdated,
        EventKind::RoleUpdated,
        EventKind::DirectoryUpdated,
        EventKind::QuotaUpdated,
    ];
}

impl EventKind {
    /// How long the same about the same objects is not told again: of what comes in bursts.
    pub fn flood(self) -> Option<Duration> {
        match self {
            EventKind::HostReconnected | EventKind::QuotaClusterRefused | EventKind::QuotaStorageRefused => {
                Some(Duration::MINUTE)
            }
            EventKind::QuotaClusterMissing | EventKind::QuotaStorageMissing => Some(Duration::HOUR),
            EventKind::StorageSpaceLow | EventKind::StorageSpaceCritical => Some(Duration::HOUR),
            EventKind::DirectoryUnreachable => Some(Duration::DAY),
            _ => None,
        }
    }

    /// The alerts about the same object whose cause has gone, now that this happened.
    pub fn clears(self) -> &'static [EventKind] {
        match self {
            EventKind::HostUp | EventKind::HostMaintenance | EventKind::HostRemoved => {
                &[EventKind::HostNonResponsive]
            }
            EventKind::StorageActive => &[EventKind::StorageInactive],
            EventKind::StorageSpaceLow | EventKind::StorageSpaceFine => &[EventKind::StorageSpaceCritical],
            EventKind::QuotaRequestApproved
            | EventKind::QuotaRequestDeclined
            | EventKind::QuotaRequestWithdrawn
            | EventKind::QuotaRequestEnded
            | EventKind::QuotaRemoved => &[EventKind::QuotaAskedFor],
            EventKind::DirectoryAnswers | EventKind::DirectoryRemoved => &[EventKind::DirectoryUnreachable],
            EventKind::StorageRemoved => &[EventKind::StorageInactive, EventKind::StorageSpaceCritical],
            _ => &[],
        }
    }
}

impl EventKind {
    /// Whether it answers somebody: what it clears is about all that it is about itself, and not about its first object
    /// alone. Many may ask the same of one object.
    pub fn answers(self) -> bool {
        use EventKind::*;
        matches!(
            self,
            QuotaRequestApproved | QuotaRequestDeclined | QuotaRequestWithdrawn | QuotaRequestEnded
        )
    }
}

/// Where an event comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Somebody did it in the portal.
    Portal,
    /// `drover admin` did it.
    CommandLine,
    /// A job did it, after somebody had asked.
    Job,
    /// Drover saw it, or did it by itself.
    Drover,
}

impl Origin {
    /// Its key in the catalogue.
    pub fn key(self) -> &'static str {
        match self {
            Origin::Portal => "origin-portal",
            Origin::CommandLine => "origin-command-line",
            Origin::Job => "origin-job",
            Origin::Drover => "origin-drover",
        }
    }
}

/// A line of the event list. The names are as they were, so that it stays readable after a removal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EventRow {
    pub id: i64,
    #[serde(with = "time::serde::rfc3339")]
    pub time: OffsetDateTime,
    pub code: i32,
    pub severity: Severity,
    pub text: Text,
    pub user: Option<String>,
    pub correlation_id: Option<String>,
    pub job: Option<Uuid>,
    /// What it is about; ids that are gone lead nowhere.
    pub objects: Vec<(Kind, Uuid, String)>,
    /// Of an alert that does not stand any more.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub acknowledged_at: Option<OffsetDateTime>,
    /// Nobody, when its cause has gone.
    pub acknowledged_by: Option<String>,
}

impl EventRow {
    /// Its number as the id by which pages and streams know it.
    pub fn uuid(&self) -> Uuid {
        Uuid::from_u128(self.id.unsigned_abs().into())
    }

    /// The number of the event with this id.
    pub fn number(id: Uuid) -> Option<i64> {
        i64::try_from(id.as_u128()).ok()
    }

    pub fn origin(&self) -> Origin {
        let correlation = self.correlation_id.as_deref().unwrap_or_default();
        match (self.job, &self.user) {
            (Some(_), _) => Origin::Job,
            _ if correlation.starts_with("admin-") => Origin::CommandLine,
            (None, Some(_)) => Origin::Portal,
            (None, None) => Origin::Drover,
        }
    }

    /// Whether it can be acknowledged: an alert that stands. That somebody was faster is told, and is no harm.
    pub fn acknowledgeable(&self) -> Result<(), Refusal> {
        match self.severity {
            Severity::Alert if self.stands() => Ok(()),
            Severity::Alert => Err(Refusal::new("refusal-alert-past")),
            _ => Err(Refusal::new("refusal-no-alert")),
        }
    }

    /// An alert that nobody has acknowledged and whose cause is there.
    pub fn stands(&self) -> bool {
        self.severity == Severity::Alert && self.acknowledged_at.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_has_words_and_a_code_of_its_own() {
        let mut codes = std::collections::BTreeSet::new();
        for kind in EventKind::ALL {
            assert!(crate::text::known(kind.key()), "{}", kind.key());
            assert!(codes.insert(kind.code()), "{kind:?}");
        }
    }

    #[test]
    fn what_is_cleared_is_an_alert() {
        for kind in EventKind::ALL {
            for alert in kind.clears() {
                assert_eq!(alert.severity(), Severity::Alert, "{kind:?} clears {alert:?}");
            }
        }
        for alert in EventKind::ALL.iter().filter(|kind| kind.severity() == Severity::Alert) {
            let cleared = EventKind::ALL.iter().any(|kind| kind.clears().contains(alert));
            assert!(cleared, "nothing clears {alert:?}");
        }
    }

    #[test]
    fn an_event_knows_its_number_and_where_it_comes_from() {
        let row = |job: bool, user: Option<&str>, correlation: Option<&str>| EventRow {
            id: 42,
            time: OffsetDateTime::UNIX_EPOCH,
            code: 1,
            severity: Severity::Normal,
            text: Text::new("event-server-stopped"),
            user: user.map(str::to_owned),
            correlation_id: correlation.map(str::to_owned),
            job: job.then(Uuid::nil),
            objects: Vec::new(),
            acknowledged_at: None,
            acknowledged_by: None,
        };
        for (event, origin) in [
            (row(true, None, Some("c")), Origin::Job),
            (row(true, None, Some("admin-1")), Origin::Job),
            (row(false, Some("a@internal"), Some("c")), Origin::Portal),
            (row(false, None, Some("admin-1")), Origin::CommandLine),
            (row(false, None, Some("ha-1")), Origin::Drover),
            (row(false, None, None), Origin::Drover),
        ] {
            assert_eq!(event.origin(), origin, "{event:?}");
            assert!(crate::text::known(origin.key()));
            assert_eq!(EventRow::number(event.uuid()), Some(42));
        }
        assert_eq!(EventRow::number(Uuid::max()), None);
    }

    #[test]
    fn an_alert_that_stands_is_acknowledged_and_nothing_else() {
        let past = Some(OffsetDateTime::UNIX_EPOCH);
        for (severity, acknowledged_at, refused) in [
            (Severity::Alert, None, None),
            (Severity::Alert, past, Some("refusal-alert-past")),
            (Severity::Error, None, Some("refusal-no-alert")),
            (Severity::Warning, None, Some("refusal-no-alert")),
            (Severity::Normal, past, Some("refusal-no-alert")),
        ] {
            let event = EventRow {
                id: 1,
                time: OffsetDateTime::UNIX_EPOCH,
                code: 1,
                severity,
                text: Text::new("event-server-stopped"),
                user: None,
                correlation_id: None,
                job: None,
                objects: Vec::new(),
                acknowledged_at,
                acknowledged_by: None,
            };
            let said = event.acknowledgeable().err().map(|refusal| refusal.text.key);
            assert_eq!(said.as_deref(), refused, "{severity:?}");
        }
    }
}
