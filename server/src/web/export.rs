//! Lists as files: `GET /export/{list}.csv` and `.json` give the whole result of a list, as its address asks for it, row
//! by row as the database gives it. A file that could not be finished is broken off without the end that HTTP wants,
//! so that no client takes a part for the whole; the cause is in the log.

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use control::{Ctx, export};
use model::export::{Field, chosen, csv, head, object};
use model::id::Kind;
use model::{Fault, Refusal};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::console::said;

/// So many at once: each has a connection to the database for as long as somebody reads.
static AT_ONCE: Semaphore = Semaphore::const_new(4);

#[derive(Debug, Clone, Copy, PartialEq)]
enum Format {
    Csv,
    Json,
}

pub async fn file(
    ctx: Option<Extension<Ctx>>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    let Some(Extension(ctx)) = ctx else {
        return Redirect::to(&app::paths::sign_in(&format!("/export/{name}?{query}"))).into_response();
    };
    let Some((kind, format)) = asked(&name) else { return StatusCode::NOT_FOUND.into_response() };
    let Ok(permit) = AT_ONCE.try_acquire() else {
        return said(&Fault::Unavailable(Refusal::new("refusal-exports")));
    };
    let get = |word: &str| {
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        pairs.find(|(name, _)| name == word).map(|(_, value)| value.into_owned())
    };
    let columns = get("columns").unwrap_or_default();
    let fields = chosen(kind, &columns.split(',').collect::<Vec<_>>());
    match export::rows(&ctx, kind, &app::paths::query_of(get)).await {
        Ok(rows) => sent(&name, Writing { rows, format, fields, begun: false, ended: false, permit }),
        Err(fault) => said(&fault),
    }
}

/// What is listed under the name, and how it is wanted.
fn asked(name: &str) -> Option<(Kind, Format)> {
    let (list, ending) = name.rsplit_once('.')?;
    let format = match ending {
        "csv" => Format::Csv,
        "json" => Format::Json,
        _ => return None,
    };
    let is = |kind: &Kind| {
        app::paths::tab_for(*kind).is_some_and(|tab| app::paths::list(tab) == format!("/{list}"))
    };
    Some((Kind::ALL.into_iter().find(is)?, format))
}

fn sent(name: &str, writing: Writing) -> Response {
    let kind = match writing.format {
        Format::Csv => "text/csv; charset=utf-8; header=present",
        Format::Json => "application/json",
    };
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    let body =
        futures_util::stream::try_unfold(writing, async |mut writing: Writing| match writing.next().await {
            Ok(part) => Ok(part.map(|part| (part, writing))),
            Err(fault) => {
                tracing::warn!(%fault, "an export was broken off");
                Err(std::io::Error::other("the export was broken off"))
            }
        });
    (headers, Body::from_stream(body)).into_response()
}

/// A file on its way.
struct Writing {
    rows: export::Rows,
    format: Format,
    fields: Vec<Field>,
    begun: bool,
    ended: bool,
    #[expect(dead_code, reason = "given back when the file is done")]
    permit: SemaphorePermit<'static>,
}

impl Writing {
    /// The next part of the file; none after its end.
    async fn next(&mut self) -> Result<Option<Bytes>, Fault> {
        if self.ended {
            return Ok(None);
        }
        let rows = self.rows.next().await?;
        self.ended = rows.is_empty();
        let mut part = String::new();
        if !self.begun && self.format == Format::Csv {
            part.push_str(&head(&self.fields));
        }
        for row in &rows {
            match self.format {
                Format::Csv => part.push_str(&csv(&self.fields, row)),
                Format::Json => {
                    part.push_str(if self.begun { ",\n" } else { "[\n" });
                    part.push_str(&object(&self.fields, row));
                }
            }
            self.begun = true;
        }
        if self.ended && self.format == Format::Json {
            part.push_str(if self.begun { "\n]\n" } else { "[]\n" });
        }
        self.begun = true;
        Ok(Some(part.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_and_how() {
        for (name, is) in [
            ("vms.csv", Some((Kind::Vm, Format::Csv))),
            ("data-centers.json", Some((Kind::DataCenter, Format::Json))),
            ("events.csv", Some((Kind::Event, Format::Csv))),
            ("vms", None),
            ("vms.xml", None),
            ("dashboard.csv", None),
            (".csv", None),
        ] {
            assert_eq!(asked(name), is, "{name}");
        }
    }
}
