//! Pictures of numbers, on the server only: the dashboard, and how the use of an object went. They become HTML here and
//! travel as it, so that no browser has to know how they are drawn.

mod history;
mod quotas;
mod requests;
mod shares;
mod status;
mod welcome;

use control::{Ctx, Outcome, dashboard, statistics};
use leptos::prelude::*;
use model::dashboard::Dashboard;
use model::id::Kind;
use model::text::t;

use crate::api::charts::{Chart, Drawn};

pub async fn draw(ctx: &Ctx, of: Chart) -> Outcome<Drawn> {
    let html = match of {
        Chart::Dashboard => {
            let found = dashboard::overview(ctx).await?;
            return Ok(Drawn { at: found.at, html: written(|| overview(&found)) });
        }
        Chart::Use(kind, id, span) => {
            let found = statistics::history(ctx, (kind, id), span).await?;
            written(|| history::view(span, &found))
        }
        Chart::After(asked) => quotas::after(ctx, &asked).await?,
        Chart::Consumers(id) => quotas::consumers(ctx, id).await?,
        Chart::Requests(id) => requests::view(ctx, id).await?,
    };
    Ok(Drawn { at: ctx.app.now(), html })
}

fn written(view: impl FnOnce() -> AnyView) -> String {
    Owner::new().with(|| view().to_html())
}

fn overview(d: &Dashboard) -> AnyView {
    let welcome = welcome::view(d);
    // Before there is anything, what to do first is all that there is to see.
    if d.count(Kind::DataCenter) + d.count(Kind::Vm) == 0 {
        return welcome.into_any();
    }
    view! {
        {welcome}
        {part("dashboard-status", "dr-dash__counts", status::cards(d))}
        {shares::view(d)}
    }
    .into_any()
}

/// A part of the dashboard with a heading for those who listen.
fn part(title: &str, class: &'static str, inside: Vec<AnyView>) -> AnyView {
    view! {
        <section class="dr-dash__part" aria-label=t(title)>
            <h2 class="dr-dash__title">{t(title)}</h2>
            <div class=class>{inside}</div>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use model::dashboard::{BadEvents, Consumer, Count, Share, Standing, Utilisation};
    use model::statistics::{Bucket, Span, Use};
    use time::OffsetDateTime;
    use uuid::Uuid;

    use super::*;

    fn one(kind: Kind, name: &str, percent: f32) -> Consumer {
        Consumer { kind, id: Uuid::from_u128(7), name: name.to_owned(), percent: Some(percent) }
    }

    fn estate() -> Dashboard {
        let half = Utilisation {
            now: Share { total: 8.0, used: 4.0, promised: 12.0 },
            line: vec![10.0, 50.0],
            top: vec![(Kind::Host, vec![one(Kind::Host, "<kvm1>", 50.0)]), (Kind::Vm, Vec::new())],
            heat: vec![one(Kind::Cluster, "lab", 50.0)],
        };
        let vms = Count::of(Kind::Vm, &[("up", Standing::Up, 3), ("not_responding", Standing::Error, 1)]);
        let counts = [Kind::DataCenter, Kind::Cluster, Kind::Host, Kind::StorageDomain];
        let counts = counts.map(|kind| Count::of_boxes(kind, &[Standing::Up]));
        Dashboard {
            at: OffsetDateTime::UNIX_EPOCH,
            counts: counts.into_iter().chain([vms]).collect(),
            events: BadEvents { errors: 2, ..BadEvents::default() },
            cpu: half.clone(),
            memory: Utilisation::default(),
            storage: half,
            administrator: true,
        }
    }

    #[test]
    fn everything_leads_to_its_list() {
        let html = written(|| overview(&estate()));
        for href in [
            r#"href="/vms?search=status%20%3D%20up""#,
            r#"href="/vms?search=status%20%3D%20not_responding""#,
            r#"href="/events?search=severity%20%3D%20error""#,
            r#"href="/clusters/00000000-0000-0000-0000-000000000007""#,
            r#"href="/hosts/00000000-0000-0000-0000-000000000007""#,
        ] {
            assert!(html.contains(href), "{href}: {html}");
        }
        assert!(html.contains("CPU: 50 % used"), "{html}");
        assert!(html.contains("&lt;kvm1&gt;") && !html.contains("<kvm1>"), "a name is no markup: {html}");
        assert!(!html.contains("style="), "{html}");
    }

    #[test]
    fn an_empty_estate_says_what_to_do_first() {
        let mut d = Dashboard {
            counts: Vec::new(),
            cpu: Utilisation::default(),
            storage: Utilisation::default(),
            ..estate()
        };
        assert!(written(|| overview(&d)).contains(r#"href="/data-centers/new""#));
        d.administrator = false;
        assert!(!written(|| overview(&d)).contains("/new"));
        d = Dashboard { counts: vec![Count::of_boxes(Kind::DataCenter, &[Standing::Idle])], ..estate() };
        let html = written(|| overview(&d));
        assert!(html.contains(r#"href="/clusters/new""#) && html.contains("/data-centers"), "{html}");
        assert!(!written(|| overview(&estate())).contains("/new"), "nothing is missing");
    }

    #[test]
    fn a_history_has_a_line_for_what_there_is() {
        let used = Use { cpu: Some(12.0), used: Some(1 << 30), capacity: Some(4 << 30), ..Use::default() };
        let at = |n| OffsetDateTime::UNIX_EPOCH + Span::Day.width() * n;
        let buckets =
            [0, 1, 2].map(|n| Bucket { at: at(n), mean: used, peak: Use { cpu: Some(87.0), ..used } });
        let html = written(|| history::view(Span::Day, &buckets));
        assert_eq!(html.matches("dr-spark__line").count(), 2, "{html}");
        assert!(html.contains("12 %") && html.contains("87 %") && html.contains("1 GiB"), "{html}");
        assert!(written(|| history::view(Span::Year, &[])).contains("dr-dash__none"), "nothing yet");
    }
}
