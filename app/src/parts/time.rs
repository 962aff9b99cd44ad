//! Times: the exact one in the page as the server renders it, the relative one once a browser with a clock is
//! there. No view reads a clock: one signal ticks for the whole page.

use std::time::Duration;

use leptos::prelude::*;
use model::language::{Language, spoken};
use model::text::tn;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::value::none;

/// Seconds since 1970; `None` until the browser has told.
#[derive(Clone, Copy)]
pub struct Now(RwSignal<Option<i64>>);

const TICK: Duration = Duration::from_secs(10);

impl Now {
    /// Starts the page's clock.
    pub fn provide() {
        let now = Now(RwSignal::new(None));
        provide_context(now);
        Effect::new(move |_| {
            now.tick();
            if let Ok(ticking) = set_interval_with_handle(move || now.tick(), TICK) {
                on_cleanup(move || ticking.clear());
            }
        });
    }

    fn tick(self) {
        self.0.set(Some((js_sys::Date::now() / 1000.0) as i64));
    }
}

/// "2026-11-21 10:12:13 UTC", and in German "21.11.2026 10:12:13 UTC".
pub fn exact(at: OffsetDateTime) -> String {
    let at = at.to_offset(time::UtcOffset::UTC);
    let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
    let day = match spoken() {
        Language::English => format!("{year}-{month:02}-{day:02}"),
        Language::German => format!("{day:02}.{month:02}.{year}"),
    };
    let (hour, minute, second) = at.to_hms();
    format!("{day} {hour:02}:{minute:02}:{second:02} UTC")
}

fn machine(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).unwrap_or_default()
}

/// "2 minutes ago", "in 2 minutes"; a few seconds in the future are the clocks' difference, and so are now.
pub fn relative(at: OffsetDateTime, now: i64) -> String {
    let passed = now.saturating_sub(at.unix_timestamp());
    let seconds = passed.unsigned_abs();
    let (unit, n) = match seconds {
        0..10 => return model::text::t("time-now"),
        10..60 => ("seconds", seconds / 10 * 10),
        60..3600 => ("minutes", seconds / 60),
        3600..86400 => ("hours", seconds / 3600),
        _ => ("days", seconds / 86400),
    };
    let ahead = if passed < 0 { "in-" } else { "" };
    tn(&format!("time-{ahead}{unit}"), n)
}

/// A moment: relative, with the exact time on hover.
#[component]
pub fn When(at: OffsetDateTime) -> impl IntoView {
    let now = use_context::<Now>();
    let words = move || match now.and_then(|n| n.0.get()) {
        Some(now) => relative(at, now),
        None => exact(at),
    };
    view! { <time class="dr-nowrap" datetime=machine(at) title=exact(at)>{words}</time> }.into_any()
}

/// The exact time, for where several are compared.
pub fn moment(at: OffsetDateTime) -> AnyView {
    view! { <time class="dr-nowrap" datetime=machine(at)>{exact(at)}</time> }.into_any()
}

/// The same as words, for where no element fits.
pub fn when(at: OffsetDateTime) -> Signal<String> {
    let now = use_context::<Now>();
    Signal::derive(move || match now.and_then(|n| n.0.get()) {
        Some(now) => relative(at, now),
        None => exact(at),
    })
}

/// How long something has lasted since; nothing until the browser's clock is known.
#[component]
pub fn Since(at: Option<OffsetDateTime>) -> impl IntoView {
    let now = use_context::<Now>();
    let words = move || match (at, now.and_then(|n| n.0.get())) {
        (None, _) => none(),
        (Some(_), None) => String::new(),
        (Some(at), Some(now)) => model::size::duration(u64::try_from(now - at.unix_timestamp()).unwrap_or(0)),
    };
    view! { <span class="dr-nowrap" title=at.map(exact)>{words}</span> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_well() {
        let at = OffsetDateTime::from_unix_timestamp(1_000_000).unwrap();
        for (later, english, german) in [
            (-9, "just now", "gerade eben"),
            (3, "just now", "gerade eben"),
            (45, "40 seconds ago", "vor 40 Sekunden"),
            (60, "1 minute ago", "vor einer Minute"),
            (7200, "2 hours ago", "vor 2 Stunden"),
            (90_000, "1 day ago", "vor einem Tag"),
            (-10, "in 10 seconds", "in 10 Sekunden"),
            (-59, "in 50 seconds", "in 50 Sekunden"),
            (-60, "in 1 minute", "in einer Minute"),
            (-300, "in 5 minutes", "in 5 Minuten"),
            (-3599, "in 59 minutes", "in 59 Minuten"),
            (-3600, "in 1 hour", "in einer Stunde"),
            (-86_399, "in 23 hours", "in 23 Stunden"),
            (-86_400, "in 1 day", "in einem Tag"),
            (-200_000, "in 2 days", "in 2 Tagen"),
        ] {
            assert_eq!(relative(at, 1_000_000 + later), english);
            model::language::speak(Language::German, || {
                assert_eq!(relative(at, 1_000_000 + later), german);
            });
        }
        assert_eq!(exact(at), "1970-01-12 13:46:40 UTC");
        model::language::speak(Language::German, || {
            assert_eq!(exact(at), "12.01.1970 13:46:40 UTC");
        });
    }
}
