//! What belongs to lists: which columns they show, and deeds on many objects, where the form stays and says what came
//! of each.

use model::bulk::Done as Came;
use model::id::Kind;
use model::{Fault, Text};

use super::Sent;
use crate::forms::data::bulk::BulkForm;
use crate::forms::data::columns::ColumnsForm;
use crate::forms::{Done, Fact, Notice};
use crate::paths;

/// So many of those that were done are named; those that were refused all are.
const NAMED: usize = 200;

pub async fn order(s: &Sent<'_>) -> Result<Done, Fault> {
    let asked = s.form::<BulkForm>()?;
    let (kind, part) = (asked.many.kind, asked.many.part);
    let done = control::bulk::run(s.ctx, kind, part, &asked.objects, &asked.how).await?;
    Ok(Done::Stay(told(done)))
}

/// Keeps the columns, or goes back to those that everybody begins with.
pub async fn choose_columns(s: &Sent<'_>) -> Result<Done, Fault> {
    let (kind, columns) = s.form::<ColumnsForm>()?;
    let columns = (s.fields.get("intent") != "reset").then_some(&columns);
    control::settings::choose_columns(s.ctx, kind, columns).await?;
    s.to(paths::tab_for(kind).map_or(paths::HOME, paths::list))
}

/// What was refused stands first: it is what there is to do something about.
fn told(came: Vec<Came>) -> Notice {
    let all = came.len();
    let (done, refused): (Vec<Came>, Vec<Came>) = came.into_iter().partition(|one| one.outcome.is_ok());
    let title = match refused.len() {
        0 => Text::new("bulk-all-done").with("all", all),
        _ => Text::new("bulk-done").with("n", done.len()).with("all", all),
    };
    let more = done.len().saturating_sub(NAMED);
    let mut facts: Vec<Fact> = refused.into_iter().chain(done.into_iter().take(NAMED)).map(fact).collect();
    if more > 0 {
        let value = Text::new("bulk-more").with("n", more);
        facts.push(Fact { name: Text::new("bulk-others"), value, href: None });
    }
    Notice { title, facts, no: false }
}

fn fact(one: Came) -> Fact {
    let plain = |text: String| Text::new("plain").with("text", text);
    let name = plain(one.name.unwrap_or_else(|| one.object.to_string()));
    match one.outcome {
        Ok(Some(job)) => {
            Fact { name, value: Text::new("bulk-begun"), href: paths::of_kind(Kind::Job, job.0) }
        }
        Ok(None) => Fact { name, value: Text::new("bulk-one-done"), href: None },
        Err(fault) => Fact { name, value: fault.text(), href: None },
    }
}

#[cfg(test)]
mod tests {
    use model::JobId;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn each_object_has_its_answer() {
        let id = Uuid::from_u128;
        let came =
            |n, name: Option<&str>, outcome| Came { object: id(n), name: name.map(str::to_owned), outcome };
        let notice = told(vec![
            came(1, Some("a"), Ok(Some(JobId(id(9))))),
            came(2, Some("b"), Ok(None)),
            came(3, None, Err(Fault::NotFound { kind: Kind::Vm })),
        ]);
        assert_eq!(notice.title.key, "bulk-done");
        let href = format!("/jobs/{}", id(9));
        let hrefs: Vec<_> = notice.facts.iter().map(|fact| fact.href.as_deref()).collect();
        assert_eq!(hrefs, [None, Some(href.as_str()), None]);
        assert_eq!(notice.facts[0].name.to_string(), id(3).to_string(), "what is not to be seen has no name");
    }

    #[test]
    fn a_long_list_ends_with_a_count() {
        let came = |n| Came { object: Uuid::from_u128(n), name: Some("x".into()), outcome: Ok(None) };
        let notice = told((0..205).map(came).collect());
        assert_eq!((notice.title.key.as_str(), notice.facts.len()), ("bulk-all-done", NAMED + 1));
    }
}
