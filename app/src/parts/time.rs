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

/// "2 minutes ago"; a little in the future is the clocks' difference, and so is now.
pub fn relative(at: OffsetDateTime, now: i64) -> String {
    let seconds = u64::try_from(now - at.unix_timestamp()).unwrap_or(0);
    match seconds {
        0..10 => model::text::t("time-now"),
        10..60 => tn("time-seconds", seconds / 10 * 10),
        60..3600 => tn("time-minutes", seconds / 60),
        3600..86400 => tn("time-hours", seconds / 3600),
        _ => tn("time-days", seconds / 86400),
    }
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
        for (later, words) in [
            (-5, "just now"),
            (3, "just now"),
            (45, "40 seconds ago"),
            (60, "1 minute ago"),
            (7200, "2 hours ago"),
            (90_000, "1 day ago"),
        ] {
            assert_eq!(relative(at, 1_000_000 + later), words);
        }
        assert_eq!(exact(at), "1970-01-12 13:46:40 UTC");
        model::language::speak(Language::German, || {
            assert_eq!(exact(at), "12.01.1970 13:46:40 UTC");
            assert_eq!(relative(at, 1_000_060), "vor einer Minute");
        });
    }
}
