//! Hours out of points, days out of hours, and what is old goes. Each averaging is one statement that also notes how
//! far it came, so that it is done wholly or not at all; done again it finds nothing to do. It reads object by object,
//! because that is the order in which points can be found.

use model::statistics::Step;
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::StoreResult;

/// What has statistics; few of all objects.
const OBJECTS: &str = "objects o CROSS JOIN LATERAL";

/// Makes averages of everything before `until` that has none yet.
pub async fn make(c: &mut PgConnection, step: Step, until: OffsetDateTime) -> StoreResult<u64> {
    let sql = match step {
        Step::Hour => hours(),
        Step::Day => days(),
    };
    let done = sqlx::query(&sql).bind(until).execute(&mut *c).await?;
    Ok(done.rows_affected())
}

/// One that waited for another's turn sees how far that came, and goes on from there.
fn with_mark(step: Step, insert: &str) -> String {
    let step = step.as_str();
    format!(
        "WITH mark AS (SELECT until FROM rollups WHERE step = '{step}' FOR UPDATE),
              moved AS (UPDATE rollups SET until = $1 WHERE step = '{step}' AND until < $1)
         {insert}
         ON CONFLICT (object_id, at) DO UPDATE SET points = excluded.points, cpu = excluded.cpu, cpu_peak = excluded.cpu_peak,
             memory = excluded.memory, memory_peak = excluded.memory_peak, network = excluded.network,
             network_peak = excluded.network_peak, disk = excluded.disk, disk_peak = excluded.disk_peak,
             used = excluded.used, used_peak = excluded.used_peak, capacity = excluded.capacity"
    )
}

const COLUMNS: &str = "object_id, at, points, cpu, cpu_peak, memory, memory_peak, network, network_peak, disk, disk_peak, \
                       used, used_peak, capacity";

fn hours() -> String {
    with_mark(
        Step::Hour,
        &format!(
            "INSERT INTO samples_hourly ({COLUMNS})
             SELECT o.id, s.* FROM mark, {OBJECTS} (
                 SELECT date_trunc('hour', at, 'UTC') AS hour, count(*)::integer, avg(cpu)::real, max(cpu), avg(memory)::real,
                        max(memory), avg(network)::bigint, max(network), avg(disk)::bigint, max(disk), avg(used)::bigint,
                        max(used), max(capacity)
                 FROM samples WHERE object_id = o.id AND at >= mark.until AND at < $1 GROUP BY hour) s
             WHERE o.kind IN ('system', 'host', 'vm', 'storage_domain')"
        ),
    )
}

/// An hour counts by its points. What a value is not known for does not count in that value's average.
fn days() -> String {
    let mean = |name: &str, kind: &str| {
        format!(
            "(sum({name}::double precision * points) / nullif(sum(points) FILTER (WHERE {name} IS NOT NULL), 0))::{kind}, max({name}_peak)"
        )
    };
    let values: Vec<String> =
        [("cpu", "real"), ("memory", "real"), ("network", "bigint"), ("disk", "bigint"), ("used", "bigint")]
            .map(|(name, kind)| mean(name, kind))
            .into();
    with_mark(
        Step::Day,
        &format!(
            "INSERT INTO samples_daily ({COLUMNS})
             SELECT o.id, s.* FROM mark, {OBJECTS} (
                 SELECT date_trunc('day', at, 'UTC') AS day, sum(points)::integer, {}, max(capacity)
                 FROM samples_hourly WHERE object_id = o.id AND at >= mark.until AND at < $1 GROUP BY day) s
             WHERE o.kind IN ('system', 'host', 'vm', 'storage_domain')",
            values.join(", ")
        ),
    )
}

/// What goes when it is old, and which averages must have been made of it first.
#[derive(Debug, Clone, Copy)]
pub enum Kept {
    Points,
    Hours,
    Days,
}

/// Deletes what is older than `before` and not needed any more, at most `limit` lines; how many it were.
pub async fn delete_old(
    c: &mut PgConnection,
    kept: Kept,
    before: OffsetDateTime,
    limit: i64,
) -> StoreResult<u64> {
    let (table, needed) = match kept {
        Kept::Points => ("samples", "(SELECT until FROM rollups WHERE step = 'hour')"),
        Kept::Hours => ("samples_hourly", "(SELECT until FROM rollups WHERE step = 'day')"),
        Kept::Days => ("samples_daily", "'infinity'::timestamptz"),
    };
    let sql = format!(
        "DELETE FROM {table} WHERE ctid = ANY (ARRAY (
             SELECT s.ctid FROM {OBJECTS} (
                 SELECT ctid FROM {table} WHERE object_id = o.id AND at < least($1::timestamptz, {needed}) LIMIT $2) s
             WHERE o.kind IN ('system', 'host', 'vm', 'storage_domain') LIMIT $2))"
    );
    Ok(sqlx::query(&sql).bind(before).bind(limit).execute(c).await?.rows_affected())
}
