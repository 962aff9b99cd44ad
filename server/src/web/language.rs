//! In which language somebody is answered: as the address says (`?locale=`), else as they set it for themselves, else
//! as this browser was told before somebody signed in, else as the browser likes best, else in English. What an address
//! said goes on for the pages after it: a cookie keeps it, with whom it was said by, so that it outlives nobody.

use std::pin::Pin;
use std::task::{Context, Poll};

use any_spawner::{CustomExecutor, PinnedFuture, PinnedLocalFuture};
use axum::body::{Body, BodyDataStream, HttpBody};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use control::Ctx;
use futures_util::Stream;
use model::UserId;
use model::language::{Language, speak, speaking, spoken};

const COOKIE: &str = "locale";
const WORD: &str = "locale";

/// Finds the reader's language, and speaks it in everything that is done for this request.
pub async fn answer(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let ctx = request.extensions().get::<Ctx>().cloned();
    let chosen = request.method() == Method::POST && path == app::paths::LANGUAGE;
    // Nothing is worded there.
    let wordless = [app::paths::LIVE, app::paths::ACTIVE].contains(&path);
    let said = Said {
        address: of_query(request.uri().query().unwrap_or_default()),
        cookie: cookie(request.headers()),
        user: ctx.as_ref().and_then(|ctx| ctx.who.id),
        set: match &ctx {
            Some(ctx) if !wordless => setting(ctx).await,
            _ => None,
        },
        liked: liked(request.headers()),
    };
    let language = said.language();
    let mut response = speaking(language, next.run(request)).await;
    let cookie = said.kept().or_else(|| (chosen && response.status().is_redirection()).then(forgotten));
    told(response.headers_mut(), language, cookie.as_deref());
    response.map(|body| spoken_on(language, body))
}

/// Everything that is known of what somebody wants.
#[derive(Debug, Clone, Copy, Default)]
struct Said {
    address: Option<Language>,
    cookie: Option<(Language, Option<UserId>)>,
    user: Option<UserId>,
    set: Option<Language>,
    liked: Option<Language>,
}

impl Said {
    fn language(&self) -> Language {
        let by = |who: Option<UserId>| self.cookie.filter(|(_, by)| *by == who).map(|(language, _)| language);
        let mine = self.user.and_then(|user| by(Some(user)));
        self.address.or(mine).or(self.set).or_else(|| by(None)).or(self.liked).unwrap_or_default()
    }

    /// The cookie for what the address said: somebody's own for as long as the browser runs, nobody's for a year.
    fn kept(&self) -> Option<String> {
        let tag = self.address?.tag();
        Some(match self.user {
            Some(user) => format!("{COOKIE}={tag}.{}; Path=/; SameSite=Lax; HttpOnly", user.0),
            None => format!("{COOKIE}={tag}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly"),
        })
    }
}

/// Whoever sets a language means it more than an address that was followed before.
fn forgotten() -> String {
    format!("{COOKIE}=; Path=/; Max-Age=0; SameSite=Lax; HttpOnly")
}

fn of_query(query: &str) -> Option<Language> {
    let mut words = url::form_urlencoded::parse(query.as_bytes());
    words.find(|(name, _)| name == WORD).and_then(|(_, value)| value.parse().ok())
}

fn cookie(headers: &HeaderMap) -> Option<(Language, Option<UserId>)> {
    let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.find(|(name, _)| *name == COOKIE)?;
    let (tag, by) = value.split_once('.').map_or((value, None), |(tag, by)| (tag, Some(by)));
    Some((tag.parse().ok()?, by.map(str::parse).transpose().ok()?))
}

fn liked(headers: &HeaderMap) -> Option<Language> {
    Language::accepted(headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?)
}

/// A page in another language is better than none.
async fn setting(ctx: &Ctx) -> Option<Language> {
    control::settings::language(ctx).await.unwrap_or_else(|fault| {
        tracing::warn!(%fault, "a person's language could not be read");
        None
    })
}

fn told(headers: &mut HeaderMap, language: Language, cookie: Option<&str>) {
    headers.append(header::VARY, HeaderValue::from_static("accept-language"));
    headers.entry(header::CONTENT_LANGUAGE).or_insert(HeaderValue::from_static(language.tag()));
    if let Some(Ok(cookie)) = cookie.map(HeaderValue::from_str) {
        headers.append(header::SET_COOKIE, cookie);
    }
}

/// A body that is made while it is sent is made in the language that it was asked for in.
fn spoken_on(language: Language, body: Body) -> Body {
    if body.size_hint().exact().is_some() {
        return body;
    }
    Body::from_stream(Parts { language, parts: body.into_data_stream() })
}

struct Parts {
    language: Language,
    parts: BodyDataStream,
}

impl Stream for Parts {
    type Item = <BodyDataStream as Stream>::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let language = self.language;
        speak(language, || Pin::new(&mut self.parts).poll_next(cx))
    }
}

/// Tokio for what a render spawns. It goes on in the render's language.
pub struct Tongue;

impl CustomExecutor for Tongue {
    fn spawn(&self, future: PinnedFuture<()>) {
        tokio::spawn(speaking(spoken(), future));
    }

    fn spawn_local(&self, future: PinnedLocalFuture<()>) {
        tokio::task::spawn_local(speaking(spoken(), future));
    }

    fn poll_local(&self) {}
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use axum::http::HeaderName;
    use axum::routing::get;
    use axum::{Router, middleware};
    use http_body_util::BodyExt;
    use model::text::t;
    use tower::ServiceExt;

    use super::Language::{English, German};
    use super::*;

    /// Words that are made at once, while the answer is sent, and by somebody else for it.
    fn routes() -> Router {
        let words = || t("tab-events");
        let streamed = async move || {
            let words = futures_util::stream::once(async move { Ok::<_, Infallible>(words()) });
            Body::from_stream(words)
        };
        let spawned = async move || {
            let (told, heard) = tokio::sync::oneshot::channel();
            Tongue.spawn(Box::pin(async move {
                tokio::task::yield_now().await;
                let _ = told.send(words());
            }));
            heard.await.unwrap()
        };
        let waited = async move || {
            tokio::task::yield_now().await;
            words()
        };
        Router::new()
            .route("/", get(waited))
            .route("/streamed", get(streamed))
            .route("/spawned", get(spawned))
            .layer(middleware::from_fn(answer))
    }

    async fn asked(path: &str, head: (HeaderName, &str)) -> (HeaderMap, String) {
        let request = Request::builder().uri(path).header(head.0, head.1).body(Body::empty()).unwrap();
        let (parts, body) = routes().oneshot(request).await.unwrap().into_parts();
        let words = body.collect().await.unwrap().to_bytes();
        (parts.headers, String::from_utf8(words.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn all_that_is_done_for_a_request_is_in_its_language() {
        for path in ["/", "/streamed", "/spawned"] {
            for (liked, language) in [("de-DE,de;q=0.9", German), ("fr", English), ("de", German)] {
                let (headers, words) = asked(path, (header::ACCEPT_LANGUAGE, liked)).await;
                assert_eq!(words, speak(language, || t("tab-events")), "{path}, {liked}");
                assert_eq!(headers[header::CONTENT_LANGUAGE], language.tag());
                assert_eq!(headers[header::VARY], "accept-language");
            }
        }
        let (headers, words) = asked("/?locale=de", (header::ACCEPT_LANGUAGE, "en")).await;
        assert_eq!(words, speak(German, || t("tab-events")));
        assert!(headers[header::SET_COOKIE].to_str().unwrap().starts_with("locale=de;"));
        let (headers, _) = asked("/", (header::COOKIE, "locale=de")).await;
        assert_eq!(headers[header::CONTENT_LANGUAGE], "de");
    }

    const ME: UserId = UserId(uuid::Uuid::from_u128(1));
    const OTHER: UserId = UserId(uuid::Uuid::from_u128(2));

    #[test]
    fn who_said_it_last_and_nearest_is_heard() {
        let nothing = Said::default();
        let me = Said { user: Some(ME), ..nothing };
        for (what, said, language) in [
            ("nobody says anything", nothing, English),
            ("the browser", Said { liked: Some(German), ..nothing }, German),
            ("a setting over the browser", Said { set: Some(English), liked: Some(German), ..me }, English),
            ("an address over all", Said { address: Some(German), set: Some(English), ..me }, German),
            ("what the sign-in was told", Said { cookie: Some((German, None)), ..nothing }, German),
            ("that goes on inside", Said { cookie: Some((German, None)), ..me }, German),
            (
                "but a setting is nearer",
                Said { cookie: Some((German, None)), set: Some(English), ..me },
                English,
            ),
            (
                "one's own address goes on over the setting",
                Said { cookie: Some((German, Some(ME))), set: Some(English), ..me },
                German,
            ),
            ("another's does not", Said { cookie: Some((German, Some(OTHER))), ..me }, English),
            ("nor when they have gone", Said { cookie: Some((German, Some(OTHER))), ..nothing }, English),
        ] {
            assert_eq!(said.language(), language, "{what}");
        }
    }

    #[test]
    fn an_address_is_kept_as_long_as_it_may_be() {
        let mine = Said { address: Some(German), user: Some(ME), ..Said::default() }.kept().unwrap();
        assert!(mine.starts_with(&format!("locale=de.{}; ", ME.0)) && !mine.contains("Max-Age"), "{mine}");
        let nobodys = Said { address: Some(German), ..Said::default() }.kept().unwrap();
        assert!(nobodys.starts_with("locale=de; ") && nobodys.contains("Max-Age"), "{nobodys}");
        assert_eq!(Said { liked: Some(German), ..Said::default() }.kept(), None);
    }

    #[test]
    fn what_is_no_language_says_nothing() {
        for (query, language) in [
            ("locale=de", Some(German)),
            ("next=%2Fvms&locale=de-DE", Some(German)),
            ("locale=fr", None),
            ("locale=", None),
            ("", None),
        ] {
            assert_eq!(of_query(query), language, "{query}");
        }
        let read = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_str(value).unwrap());
            cookie(&headers)
        };
        assert_eq!(read("a=b; locale=de"), Some((German, None)));
        assert_eq!(read(&format!("locale=en.{}; x=y", ME.0)), Some((English, Some(ME))));
        for value in ["locale=", "locale=de.somebody", "xlocale=de", "locale"] {
            assert_eq!(read(value), None, "{value}");
        }
    }
}
