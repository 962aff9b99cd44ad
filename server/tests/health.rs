//! What `/healthz` and `/readyz` say, of a built-in database and of an external one: the built-in one of
//! another server, which can be stopped, started and spoilt.

#![allow(clippy::unwrap_used)]

mod support;

use nix::sys::signal::Signal;
use support::Estate;

const HEALTHY: &str = "ok\ndatabase: ready\n";
const ILL: &str = "not ok\ndatabase: does not answer\n";
const LEADER: &str = "ready\nschema: current\nrole: leader\nlive: connected\n";
const STANDBY: &str = "ready\nschema: current\nrole: standby\nlive: connected\n";

#[test]
fn an_external_database_is_asked_and_a_standby_takes_over() {
    let (first, second) = (Estate::new(), Estate::new());
    let mut one = first.serve();
    first.until_says("/readyz", LEADER);
    let _two = second.serve_with(&[("DATABASE_URL", &first.database_url())]);
    second.until_says("/healthz", HEALTHY);
    second.until_says("/readyz", STANDBY);

    // The first one's end takes the database with it.
    one.signal(Signal::SIGTERM);
    one.wait();
    second.until_says("/healthz", ILL);
    assert_eq!(second.get("/healthz").unwrap().0, 503);
    let lost = "not ready\nschema: the database does not answer\nrole: standby\nlive: not connected\n";
    second.until_says("/readyz", lost);

    // It comes back, and this time it outlives its server.
    let mut again = first.serve();
    second.until_says("/healthz", HEALTHY);
    first.health();
    again.signal(Signal::SIGKILL);
    again.wait();
    second.until_says("/readyz", LEADER);
}

#[test]
fn a_schema_of_another_version_is_not_ready() {
    let estate = Estate::new();
    let _running = estate.serve();
    estate.until_says("/readyz", LEADER);
    estate.sql(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (999999, 'of tomorrow', true, '', 0)",
    );
    estate.until_says("/readyz", "not ready\nschema: of another version\nrole: leader\nlive: connected\n");
    assert_eq!(estate.get("/readyz").unwrap().0, 503);
    assert_eq!(estate.get("/healthz").unwrap(), (200, HEALTHY.to_owned()));
}
