//! Reading pictures of numbers. The server draws them whole, as HTML: a browser would only need the numbers to draw the
//! same, and the code for it.

use leptos::prelude::*;
use model::id::Kind;
use model::statistics::Span;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use super::error::ApiError;

/// What is drawn. It travels as words: every type that does otherwise is code in the browser.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Chart {
    Dashboard,
    /// How the use of an object went.
    Use(Kind, Uuid, Span),
    /// What a quota would be after a request.
    After(After),
    /// Who may use a quota.
    Consumers(Uuid),
    /// What is asked of one.
    Requests(Uuid),
}

/// A request of a quota: in a cluster and on a domain, where they are known.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct After {
    pub quota: Uuid,
    pub cluster: Uuid,
    pub vcpus: u64,
    pub memory: u64,
    pub domain: Uuid,
    pub storage: u64,
}

impl Chart {
    pub fn words(self) -> String {
        match self {
            Chart::Dashboard => String::new(),
            Chart::Consumers(id) => format!("consumers {id}"),
            Chart::Requests(id) => format!("requests {id}"),
            Chart::After(a) => {
                format!("{} {} {} {} {} {}", a.quota, a.cluster, a.vcpus, a.memory, a.domain, a.storage)
            }
            Chart::Use(kind, id, span) => format!("{} {id} {}", kind.as_str(), span.as_str()),
        }
    }

    /// None of words that mean nothing.
    pub fn of(words: &str) -> Option<Chart> {
        let words: Vec<&str> = words.split_whitespace().collect();
        match words[..] {
            [] => Some(Chart::Dashboard),
            ["consumers", id] => Some(Chart::Consumers(id.parse().ok()?)),
            ["requests", id] => Some(Chart::Requests(id.parse().ok()?)),
            [quota, cluster, vcpus, memory, domain, storage] => Some(Chart::After(After {
                quota: quota.parse().ok()?,
                cluster: cluster.parse().ok()?,
                vcpus: vcpus.parse().ok()?,
                memory: memory.parse().ok()?,
                domain: domain.parse().ok()?,
                storage: storage.parse().ok()?,
            })),
            [kind, id, span] => Some(Chart::Use(kind.parse().ok()?, id.parse().ok()?, span.parse().ok()?)),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Drawn {
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Made by `crate::charts`, where names are text.
    pub html: String,
}

impl Drawn {
    /// What is asked of nothing.
    pub fn nothing() -> Drawn {
        Drawn { at: OffsetDateTime::UNIX_EPOCH, html: String::new() }
    }
}

#[server(prefix = "/fn", endpoint = "charts/draw")]
pub async fn draw(of: String) -> Result<Drawn, ApiError> {
    let ctx = super::ctx::ctx()?;
    let chart =
        Chart::of(&of).ok_or_else(|| super::ctx::told(model::Fault::NotFound { kind: Kind::System }))?;
    crate::charts::draw(&ctx, chart).await.map_err(super::ctx::told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_comes_back_as_it_went() {
        let id = Uuid::from_u128(7);
        let after = After { quota: id, vcpus: 4, storage: 9, ..After::default() };
        for chart in [
            Chart::Dashboard,
            Chart::Use(Kind::StorageDomain, id, Span::Month),
            Chart::After(after),
            Chart::Consumers(id),
            Chart::Requests(id),
        ] {
            assert_eq!(Chart::of(&chart.words()), Some(chart));
        }
        for words in ["x", "vm 7 day", "vm 00000000-0000-0000-0000-000000000007 week", "a b c d"] {
            assert_eq!(Chart::of(words), None, "{words}");
        }
    }
}
