//! P6: how long it takes to decide whether somebody may do something, and to find the VMs that somebody sees, among
//! 2,000 users in 200 groups with 50,000 permissions (`make bench-data`). What is asked is what every operation and
//! every list asks. BENCH_DATABASE has the estate; prints the bench's lines.

use std::error::Error;
use std::time::{Duration, Instant};

use model::id::Kind;
use model::list::ListQuery;
use model::{Action, policy};
use store::{PgPool, Viewer};
use uuid::Uuid;

const CHECKS: i64 = 20_000;
const LISTS: i64 = 1_000;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let pool = PgPool::connect(&std::env::var("BENCH_DATABASE")?).await?;
    check(&pool).await?;
    list(&pool, "of somebody with 40 VMs", |_| 22).await?;
    list(&pool, "of each of 1,000 users", |n| 23 + n).await
}

/// Somebody else and another VM each time: half of them may, since the VM is one that they hold.
async fn check(pool: &PgPool) -> Result<()> {
    let mut c = pool.acquire().await?;
    let (mut times, mut allowed) = (Vec::new(), 0);
    for n in 0..CHECKS {
        let held = if n % 2 == 0 { 23 + n % 1977 } else { n };
        let user = id(&mut c, "user", held % 2000).await?;
        let sql = "SELECT object_id FROM permissions WHERE principal_id = $1 OFFSET 3 LIMIT 1";
        let own: Option<Uuid> = sqlx::query_scalar(sql).bind(user).fetch_optional(&mut *c).await?;
        let vm = match own.filter(|_| n % 2 == 0) {
            Some(own) => own,
            None => id(&mut c, "vm", n * 37 % 10_000).await?,
        };
        let begun = Instant::now();
        let held = store::objects::held(&mut c, user, vm).await?;
        let decided = policy::decide(&held, Action::RunVm, Kind::Vm);
        times.push(begun.elapsed());
        allowed += i64::from(decided.is_ok());
    }
    if !(CHECKS / 2..CHECKS * 6 / 10).contains(&allowed) {
        return Err(format!("{allowed} of {CHECKS} were allowed").into());
    }
    print("whether one may do one thing to one VM", times, 1.0);
    Ok(())
}

async fn list(pool: &PgPool, whose: &str, user: impl Fn(i64) -> i64) -> Result<()> {
    let mut c = pool.acquire().await?;
    let now = sqlx::query_scalar("SELECT now()").fetch_one(&mut *c).await?;
    let mut times = Vec::new();
    for n in 0..LISTS {
        let viewer = Viewer { user: id(&mut c, "user", user(n)).await?, all: false, now };
        let begun = Instant::now();
        let page = store::vms::LIST.page(&mut c, viewer, &ListQuery::default()).await?;
        times.push(begun.elapsed());
        if page.total < 40 {
            return Err(format!("user {} sees {} VMs", user(n), page.total).into());
        }
    }
    print(&format!("the list query {whose}"), times, 50.0);
    Ok(())
}

async fn id(c: &mut store::PgConnection, what: &str, n: i64) -> Result<Uuid> {
    Ok(sqlx::query_scalar("SELECT bench_id($1, $2)").bind(what).bind(n).fetch_one(c).await?)
}

fn print(what: &str, mut times: Vec<Duration>, bar: f64) {
    times.sort();
    let at = |share: f64| {
        let index = (times.len() as f64 * share) as usize;
        times[index.min(times.len() - 1)].as_secs_f64() * 1000.0
    };
    let (median, p99) = (at(0.5), at(0.99));
    println!(
        r#"{{"id":"P6","what":"{what}: p99 of {} (median {median:.2} ms)","value":{p99:.2},"unit":"ms","compared":null,"bar":"<= {bar} ms","met":{}}}"#,
        times.len(),
        p99 <= bar
    );
}
