//! Statistics: points as they come, what is made of them (`rollup`), and how the use of one object went.

pub mod rollup;

use model::statistics::{Bucket, Sample, Span, Use, UsePoint};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::StoreResult;
use crate::list::{maybe_size, signed};

/// Keeps points of one moment. What is just being removed needs none, and nobody waits for that to be over.
pub async fn keep(c: &mut PgConnection, at: OffsetDateTime, samples: &[Sample]) -> StoreResult<()> {
    let ids: Vec<Uuid> = samples.iter().map(|s| s.object).collect();
    let percents = |f: fn(&Use) -> Option<f32>| samples.iter().map(|s| f(&s.used)).collect::<Vec<_>>();
    let bytes =
        |f: fn(&Use) -> Option<u64>| samples.iter().map(|s| f(&s.used).map(signed)).collect::<Vec<_>>();
    sqlx::query!(
        "INSERT INTO samples (object_id, at, cpu, memory, network, disk)
         SELECT o.id, $1, s.cpu, s.memory, s.network, s.disk
         FROM unnest($2::uuid[], $3::real[], $4::real[], $5::bigint[], $6::bigint[]) AS s (id, cpu, memory, network, disk)
         JOIN objects o ON o.id = s.id FOR KEY SHARE OF o SKIP LOCKED
         ON CONFLICT DO NOTHING",
        at,
        &ids,
        &percents(|u| u.cpu) as &[Option<f32>],
        &percents(|u| u.memory) as &[Option<f32>],
        &bytes(|u| u.network) as &[Option<i64>],
        &bytes(|u| u.disk) as &[Option<i64>]
    )
    .execute(c)
    .await?;
    Ok(())
}

/// Keeps a point of each storage domain that somebody has, and one of the whole: of all hosts that are Up, each by
/// its size, and of these domains.
pub async fn keep_whole(c: &mut PgConnection, at: OffsetDateTime) -> StoreResult<()> {
    sqlx::query!(
        "WITH domains AS (
             SELECT s.id, s.capacity - s.available AS used, s.capacity FROM storage_domains s JOIN objects o ON o.id = s.id
             WHERE s.status = 'active' AND s.capacity IS NOT NULL FOR KEY SHARE OF o SKIP LOCKED
         ), hosts AS (
             SELECT sum(h.cpu_percent * f.cpus) / nullif(sum(f.cpus) FILTER (WHERE h.cpu_percent IS NOT NULL), 0) AS cpu,
                    100 * (1 - sum(h.memory_free) / nullif(sum(f.memory) FILTER (WHERE h.memory_free IS NOT NULL), 0)) AS memory
             FROM hosts h, jsonb_to_record(h.facts) AS f (cpus integer, memory bigint) WHERE h.status = 'up'
         )
         INSERT INTO samples (object_id, at, cpu, memory, used, capacity)
         SELECT id, $1::timestamptz, NULL::real, NULL::real, used, capacity FROM domains
         UNION ALL
         SELECT $2::uuid, $1, h.cpu::real, h.memory::real, d.used::bigint, d.capacity::bigint
         FROM hosts h, (SELECT sum(used) AS used, sum(capacity) AS capacity FROM domains) d
         WHERE coalesce(h.cpu, h.memory::double precision, d.capacity::double precision) IS NOT NULL
         ON CONFLICT DO NOTHING",
        at,
        model::SYSTEM
    )
    .execute(c)
    .await?;
    Ok(())
}

/// Where a span's numbers are, and what their peaks are called.
fn source(span: Span) -> (&'static str, &'static str) {
    match span {
        Span::Hour | Span::Day => ("samples", ""),
        Span::Month => ("samples_hourly", "_peak"),
        Span::Year => ("samples_daily", "_peak"),
    }
}

/// How the use of an object went, from old to new.
pub async fn history(
    c: &mut PgConnection,
    object: Uuid,
    span: Span,
    now: OffsetDateTime,
) -> StoreResult<Vec<Bucket>> {
    let (table, peak) = source(span);
    let width = span.width().whole_seconds();
    let sql = format!(
        "SELECT date_bin('{width} seconds', at, 'epoch') AS began,
                avg(cpu)::real AS cpu, max(cpu{peak}) AS cpu_peak, avg(memory)::real AS memory, max(memory{peak}) AS memory_peak,
                avg(network)::bigint AS network, max(network{peak}) AS network_peak,
                avg(disk)::bigint AS disk, max(disk{peak}) AS disk_peak,
                avg(used)::bigint AS used, max(used{peak}) AS used_peak, max(capacity) AS capacity
         FROM {table} WHERE object_id = $1 AND at > $2 GROUP BY began ORDER BY began"
    );
    let rows = sqlx::query(&sql).bind(object).bind(now - span.length()).fetch_all(c).await?;
    Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
}

fn read(r: &PgRow) -> Result<Bucket, sqlx::Error> {
    let capacity = maybe_size(r, "capacity")?;
    let values = |end: &str| -> Result<Use, sqlx::Error> {
        let size = |name: &str| maybe_size(r, &format!("{name}{end}"));
        Ok(Use {
            cpu: r.try_get(format!("cpu{end}").as_str())?,
            memory: r.try_get(format!("memory{end}").as_str())?,
            network: size("network")?,
            disk: size("disk")?,
            used: size("used")?,
            capacity,
        })
    };
    Ok(Bucket { at: r.try_get("began")?, mean: values("")?, peak: values("_peak")? })
}

/// The points of the last hour, the newest first.
pub(crate) async fn last_hour(c: &mut PgConnection, object: Uuid) -> StoreResult<Vec<UsePoint>> {
    let rows = sqlx::query!(
        r#"SELECT at, coalesce(cpu, 0) AS "cpu!", coalesce(memory, 0) AS "memory!", coalesce(network, 0) AS "network!"
           FROM samples WHERE object_id = $1 ORDER BY at DESC LIMIT 60"#,
        object
    );
    let point = |at, cpu_percent, memory_percent, network: i64| UsePoint {
        at,
        cpu_percent,
        memory_percent,
        network_rate: network.unsigned_abs(),
    };
    Ok(rows.fetch_all(c).await?.into_iter().map(|r| point(r.at, r.cpu, r.memory, r.network)).collect())
}
