//! One deed on many objects: each in a transaction of its own by the operation that does it on one, so that one that is
//! refused holds up no other. All of it has the correlation id of the one request.

use std::collections::BTreeSet;

use model::bulk::{Done, How, MOST, Many, Plan, Planned};
use model::event::EventRow;
use model::id::Kind;
use model::list::{ListQuery, PAGE_SIZES};
use model::{Action, Fault, JobId, Refusal, SYSTEM, Text};
use store::PgConnection;
use uuid::Uuid;

use crate::{
    Ctx, Outcome, alerts, bookmarks, clusters, data_centers, directories, disks, events, hosts, jobs,
    networks, quotas, roles, storage_domains, tags, templates, users, vms,
};

/// What an order would do to each of these objects, and which would be refused.
pub async fn plan(ctx: &Ctx, kind: Kind, part: &str, objects: &[Uuid]) -> Outcome<Plan> {
    ctx.has_changed_password()?;
    let many = known(kind, part)?;
    let ids = each(objects)?;
    let mut c = ctx.app.conn().await?;
    let mut found = Vec::new();
    for id in &ids {
        match look(ctx, &mut c, many, *id).await {
            Ok((name, can)) => found.push(Planned { id: *id, name, refusal: can.err() }),
            Err(Fault::NotFound { .. }) => {}
            Err(fault) => return Err(fault),
        }
    }
    if found.is_empty() {
        return Err(Fault::NotFound { kind });
    }
    let unseen = ids.len() - found.len();
    Ok(Plan { kind, part: many.part.to_owned(), objects: found, unseen })
}

/// Does it, one after the other. What was refused is said of each.
pub async fn run(ctx: &Ctx, kind: Kind, part: &str, objects: &[Uuid], how: &How) -> Outcome<Vec<Done>> {
    ctx.has_changed_password()?;
    let many = known(kind, part)?;
    events::given(how.reason.as_deref())?;
    let mut done = Vec::new();
    for object in each(objects)? {
        // Asked before: afterwards it may be gone.
        let name = name(ctx, many, object).await?;
        let outcome = one(ctx, many, object, how).await;
        done.push(Done { object, name, outcome });
    }
    Ok(done)
}

/// The objects of a whole result in its order, as far as one order may name them.
pub async fn ids(ctx: &Ctx, kind: Kind, query: &ListQuery) -> Outcome<Vec<Uuid>> {
    ctx.has_changed_password()?;
    let (viewer, query) = (ctx.viewer(), &ListQuery { page: 1, ..query.clone() });
    let mut c = ctx.app.conn().await?;
    let c = &mut *c;
    Ok(match kind {
        Kind::Vm => store::vms::LIST.ids(c, viewer, query, MOST).await?,
        Kind::Host => store::hosts::LIST.ids(c, viewer, query, MOST).await?,
        Kind::Disk => store::disks::LIST.ids(c, viewer, query, MOST).await?,
        Kind::Template => store::templates::LIST.ids(c, viewer, query, MOST).await?,
        Kind::Quota => store::quotas::LIST.ids(c, viewer, query, MOST).await?,
        Kind::Network => store::networks::LIST.ids(c, viewer, query, MOST).await?,
        Kind::StorageDomain => store::storage_domains::LIST.ids(c, viewer, query, MOST).await?,
        Kind::Cluster => store::clusters::LIST.ids(c, viewer, query, MOST).await?,
        Kind::DataCenter => store::data_centers::LIST.ids(c, viewer, query, MOST).await?,
        _ => by_pages(ctx, kind, query).await?,
    })
}

/// Of what has no such list in the database.
async fn by_pages(ctx: &Ctx, kind: Kind, query: &ListQuery) -> Outcome<Vec<Uuid>> {
    let mut ids = Vec::new();
    for page in 1.. {
        let query = ListQuery { page, size: PAGE_SIZES[PAGE_SIZES.len() - 1], ..query.clone() };
        let found: Vec<Uuid> = match kind {
            Kind::Job => jobs::list(ctx, &query).await?.rows.iter().map(|r| r.id.0).collect(),
            Kind::Tag => tags::list(ctx, &query).await?.rows.iter().map(|r| r.id.0).collect(),
            Kind::Bookmark => bookmarks::list(ctx, &query).await?.rows.iter().map(|r| r.id.0).collect(),
            Kind::Role => roles::list(ctx, &query).await?.rows.iter().map(|r| r.id.0).collect(),
            Kind::Directory => directories::list(ctx, &query).await?.rows.iter().map(|r| r.id.0).collect(),
            Kind::Event => events::list(ctx, &query).await?.rows.iter().map(EventRow::uuid).collect(),
            Kind::User => users::page(ctx, &query).await?.rows.iter().map(|r| r.id.0).collect(),
            _ => Vec::new(),
        };
        let last = found.len() < query.size as usize;
        ids.extend(found);
        if last || ids.len() >= MOST {
            break;
        }
    }
    ids.truncate(MOST);
    Ok(ids)
}

fn known(kind: Kind, part: &str) -> Outcome<&'static Many> {
    Many::find(kind, part).ok_or_else(|| Fault::field("deed", Text::new("field-unknown-choice")))
}

/// Every object once, in the order in which they were named.
fn each(objects: &[Uuid]) -> Outcome<Vec<Uuid>> {
    let mut seen = BTreeSet::new();
    let ids: Vec<Uuid> = objects.iter().copied().filter(|id| seen.insert(*id)).collect();
    match ids.len() {
        0 => Err(Fault::field("objects", Text::new("field-required"))),
        n if n > MOST => Err(Fault::field("objects", Text::new("field-too-many").with("max", MOST))),
        _ => Ok(ids),
    }
}

async fn name(ctx: &Ctx, many: &Many, id: Uuid) -> Outcome<Option<String>> {
    let mut c = ctx.app.conn().await?;
    match look(ctx, &mut c, many, id).await {
        Ok((name, _)) => Ok(Some(name)),
        Err(Fault::NotFound { .. }) => Ok(None),
        Err(fault) => Err(fault),
    }
}

type Can = Result<(), Refusal>;

/// The object's name, and whether its state and this person's roles allow the deed. What only the deed itself finds out
/// (no host has room, a job holds it) is told when it is done.
async fn look(ctx: &Ctx, c: &mut PgConnection, many: &Many, id: Uuid) -> Outcome<(String, Can)> {
    let (kind, action) = (many.kind, many.action);
    match kind {
        Kind::Job => return ctx.job(c, id.into()).await.map(|job| (job.title.to_string(), Ok(()))),
        Kind::Event => return alerts::look(ctx, c, id).await,
        Kind::Tag => {
            let name = tags::get(ctx, id.into()).await?.name;
            return Ok((name, allowed(ctx.may(c, Kind::System, SYSTEM, action).await)?));
        }
        Kind::Bookmark => return bookmarks::get(ctx, id.into()).await.map(|row| (row.config.name, Ok(()))),
        Kind::Role => {
            let role = roles::get(ctx, id.into()).await?;
            let may = allowed(ctx.may(c, Kind::System, SYSTEM, action).await)?;
            return Ok((role.config.name.clone(), may.and(role.own())));
        }
        _ => ctx.sees(c, kind, id).await?,
    }
    let (name, can) = state(c, kind, id, action).await?.ok_or(Fault::NotFound { kind })?;
    let may = allowed(ctx.may(c, kind, id, action).await)?;
    Ok((name, may.and(can)))
}

/// A no to this person is part of the answer; a fault is none.
fn allowed(may: Outcome<()>) -> Outcome<Can> {
    match may {
        Ok(()) => Ok(Ok(())),
        Err(Fault::Forbidden(refusal)) => Ok(Err(refusal)),
        Err(fault) => Err(fault),
    }
}

async fn state(c: &mut PgConnection, kind: Kind, id: Uuid, action: Action) -> Outcome<Option<(String, Can)>> {
    Ok(match kind {
        Kind::Vm => store::vms::LIST.one(c, id).await?.map(|r| {
            let can = r.can(action);
            (r.name, can)
        }),
        Kind::Host => store::hosts::LIST.one(c, id).await?.map(|r| (r.name, r.status.can(action))),
        Kind::Disk => store::disks::LIST.one(c, id).await?.map(|r| {
            let can = r.can(action);
            (r.alias, can)
        }),
        Kind::Template => store::templates::LIST.one(c, id).await?.map(|r| (r.name, Ok(()))),
        Kind::Network => store::networks::LIST.one(c, id).await?.map(|r| (r.config.name, Ok(()))),
        Kind::Quota => store::quotas::LIST.one(c, id).await?.map(|r| {
            let own = r.own();
            (r.config.name, own)
        }),
        Kind::StorageDomain => {
            store::storage_domains::LIST.one(c, id).await?.map(|r| (r.config.name, Ok(())))
        }
        Kind::Cluster => store::clusters::LIST.one(c, id).await?.map(|r| (r.config.name, Ok(()))),
        Kind::DataCenter => store::data_centers::LIST.one(c, id).await?.map(|r| (r.config.name, Ok(()))),
        Kind::System
        | Kind::User
        | Kind::Job
        | Kind::Event
        | Kind::Tag
        | Kind::Bookmark
        | Kind::Directory
        | Kind::Role => None,
    })
}

async fn one(ctx: &Ctx, many: &Many, id: Uuid, how: &How) -> Outcome<Option<JobId>> {
    let reason = how.reason.as_deref();
    let job = match many.action {
        Action::RunVm => vms::run(ctx, id.into(), reason).await?,
        Action::SuspendVm => vms::suspend(ctx, id.into(), reason).await?,
        Action::ShutdownVm => vms::shutdown(ctx, id.into(), reason).await?,
        Action::PowerOffVm => vms::power_off(ctx, id.into(), reason).await?,
        Action::RebootVm => vms::reboot(ctx, id.into(), reason).await?,
        Action::ResetVm => vms::reset(ctx, id.into(), reason).await?,
        Action::PauseVm => vms::pause(ctx, id.into(), reason).await?,
        Action::RemoveVm => vms::remove(ctx, id.into(), how.with_disks).await?,
        Action::RemoveDisk => disks::remove(ctx, id.into()).await?,
        other => return without_job(ctx, other, id, reason).await.map(|()| None),
    };
    Ok(Some(job))
}

/// What is done when it is answered.
async fn without_job(ctx: &Ctx, action: Action, id: Uuid, reason: Option<&str>) -> Outcome<()> {
    match action {
        Action::Maintain => hosts::maintain(ctx, id.into(), reason).await,
        Action::Activate => hosts::activate(ctx, id.into()).await,
        Action::RemoveHost => hosts::remove(ctx, id.into()).await,
        Action::RemoveTemplate => templates::remove(ctx, id.into()).await,
        Action::RemoveQuota => quotas::remove(ctx, id.into()).await,
        Action::RemoveNetwork => networks::remove(ctx, id.into()).await,
        Action::RemoveStorage => storage_domains::remove(ctx, id.into()).await,
        Action::RemoveCluster => clusters::remove(ctx, id.into()).await,
        Action::RemoveDataCenter => data_centers::remove(ctx, id.into()).await,
        Action::RemoveTag => tags::remove(ctx, id.into()).await,
        Action::RemoveRole => roles::remove(ctx, id.into()).await,
        Action::RemoveBookmark => bookmarks::remove(ctx, id.into()).await,
        Action::CancelJob => jobs::cancel(ctx, id.into()).await,
        Action::ManageAlerts => alerts::acknowledge(ctx, id).await,
        _ => Err(Fault::field("deed", Text::new("field-unknown-choice"))),
    }
}
