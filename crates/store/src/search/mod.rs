//! From a search to SQL. Everything that was typed becomes a bound parameter; words of the language are looked up in
//! tables. What the viewer may not see takes no part, also where it is only referred to.

mod columns;
mod joins;
mod names;

use std::collections::BTreeSet;

use model::list::ListQuery;
use search::{Condition, Entity, Expr, Field, Object, Op, Pattern, Query, Sort, Type, Value, When};
use sqlx::Arguments;
use sqlx::postgres::PgArguments;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::list::{Order, Viewer};
use crate::{StoreError, StoreResult};
use columns::Column;
pub use names::names;

/// A condition with its parameters.
pub struct Filter {
    pub sql: String,
    binds: Vec<Bind>,
}

enum Bind {
    Text(String),
    Texts(Vec<&'static str>),
    Whole(i64),
    Number(f64),
    Bool(bool),
    Time(OffsetDateTime),
    Id(Uuid),
}

/// What a list's search says, read.
pub fn read(entity: Entity, text: Option<&str>) -> StoreResult<Query> {
    let Some(text) = text else { return Ok(Query::all(entity)) };
    let text = without_word(entity, text);
    search::parse(entity, text).map_err(|error| StoreError::Search(error.text(text)))
}

/// Where no script runs, somebody may type the list's own word as well.
fn without_word(entity: Entity, text: &str) -> &str {
    match search::split(text) {
        Some((named, rest)) if named == entity => rest,
        _ => text,
    }
}

/// The list's query brought into bounds. A page that the search names is the query's from then on: the address goes on
/// from there, and the text no longer says which page it is.
pub fn paged(entity: Entity, query: &ListQuery) -> StoreResult<ListQuery> {
    let query = query.clone();
    let Some(page) = read(entity, query.search.as_deref())?.page else { return Ok(query.bounded()) };
    let search = query
        .search
        .as_deref()
        .map(|text| search::without_page(entity, without_word(entity, text)).to_owned());
    Ok(ListQuery { page, search: search.filter(|text| !text.is_empty()), ..query }.bounded())
}

impl Filter {
    /// The search's condition on its entity's table, under the alias that the table has in every list. Parameters are
    /// numbered from `first`; `$2` is who looks.
    pub fn of(query: &Query, viewer: Viewer, first: usize) -> Option<Filter> {
        let condition = query.condition.as_ref()?;
        let mut writer = Writer { entity: query.entity, now: viewer.now, first, binds: Vec::new() };
        let sql = writer.expr(condition);
        let mut related = BTreeSet::new();
        refers(condition, &mut related);
        let sql = match related.is_empty() {
            true => sql,
            false => {
                let join = |object: &Object| joins::join(query.entity, *object, viewer.all);
                let joins: String = related.iter().map(join).collect();
                let (id, table) = (columns::id(Object::Of(query.entity)), columns::table(query.entity));
                format!("{id} IN (SELECT {id} FROM {table}{joins} WHERE {sql})")
            }
        };
        Some(Filter { sql, binds: writer.binds })
    }

    /// Puts the parameters behind those that are there.
    pub fn bind(&self, arguments: &mut PgArguments) -> StoreResult<()> {
        for bind in &self.binds {
            let added = match bind {
                Bind::Text(text) => arguments.add(text),
                Bind::Texts(texts) => arguments.add(texts.as_slice()),
                Bind::Whole(n) => arguments.add(n),
                Bind::Number(n) => arguments.add(n),
                Bind::Bool(on) => arguments.add(on),
                Bind::Time(at) => arguments.add(at),
                Bind::Id(id) => arguments.add(id),
            };
            added.map_err(|cause| StoreError::from(sqlx::Error::Encode(cause)))?;
        }
        Ok(())
    }
}

/// What the list is sorted by, and which way; nothing comes before everything.
pub fn order(entity: Entity, sort: Sort) -> Option<Order> {
    let object = Object::Of(entity);
    let (by, descending) = match columns::column(object, sort.field.name) {
        Some(Column::Is(sql) | Column::Of(sql, ..)) if sort.field.kind == Type::Text => {
            (format!("lower({sql})"), sort.descending)
        }
        Some(Column::Is(sql) | Column::Of(sql, ..)) => (sql.to_owned(), sort.descending),
        Some(Column::Any(sql)) => {
            (format!("(SELECT min(lower(value::text)) FROM ({sql}) y)"), sort.descending)
        }
        Some(Column::Among(id, of, names)) => {
            (format!("(SELECT min(lower(x.name)) FROM {names} AND {of} = {id})"), sort.descending)
        }
        // Who began last has been there for the shortest time.
        Some(Column::Since(sql)) => (sql.to_owned(), !sort.descending),
        None => return None,
    };
    // What has no value comes first, and last the other way round (catalogue 01 §1, rule 14).
    Some(Order { by, descending, nulls_first: !sort.descending })
}

/// Everything that is referred to.
fn refers(expr: &Expr, to: &mut BTreeSet<Object>) {
    match expr {
        Expr::All(all) | Expr::Any(all) => all.iter().for_each(|one| refers(one, to)),
        Expr::Is(condition) => to.extend(condition.of),
    }
}

struct Writer {
    entity: Entity,
    now: OffsetDateTime,
    first: usize,
    binds: Vec<Bind>,
}

impl Writer {
    fn bind(&mut self, bind: Bind) -> String {
        self.binds.push(bind);
        format!("${}", self.first + self.binds.len() - 1)
    }

    fn expr(&mut self, expr: &Expr) -> String {
        let (all, between) = match expr {
            Expr::All(all) => (all, " AND "),
            Expr::Any(any) => (any, " OR "),
            Expr::Is(condition) => return self.condition(condition),
        };
        let parts: Vec<String> = all.iter().map(|one| self.expr(one)).collect();
        format!("({})", parts.join(between))
    }

    fn condition(&mut self, condition: &Condition) -> String {
        let object = condition.of.unwrap_or(Object::Of(self.entity));
        match (condition.field, &condition.value) {
            (Some(field), value) => self.field(object, field, condition.op, value),
            (None, Value::Text(pattern)) => {
                let anywhere = self.anywhere(object, pattern);
                // What is not there does not have the word either.
                if condition.op == Op::Ne { format!("{anywhere} IS NOT TRUE") } else { anywhere }
            }
            (None, _) => "true".to_owned(),
        }
    }

    /// The text within any text of the object.
    fn anywhere(&mut self, object: Object, pattern: &Pattern) -> String {
        let like = self.bind(Bind::Text(format!("%{}%", pattern.like())));
        let fields = object.fields().iter().filter(|field| field.free());
        let parts = fields.filter_map(|field| match columns::column(object, field.name)? {
            Column::Is(sql) => Some(format!("{sql} ILIKE {like}")),
            Column::Any(sql) => Some(format!("EXISTS (SELECT 1 FROM ({sql}) y WHERE value ILIKE {like})")),
            Column::Of(_, key, of) => Some(format!("{key} IN ({of} WHERE x.name ILIKE {like})")),
            Column::Among(id, of, names) => {
                Some(format!("{id} IN (SELECT {of} FROM {names} AND x.name ILIKE {like})"))
            }
            Column::Since(_) => None,
        });
        format!("({})", parts.collect::<Vec<_>>().join(" OR "))
    }

    fn field(&mut self, object: Object, field: &Field, op: Op, value: &Value) -> String {
        let positive = |sql: String| if op == Op::Ne { format!("({sql}) IS NOT TRUE") } else { sql };
        match columns::column(object, field.name) {
            None => positive(self.tagged(object, value)),
            // How long ago, and when, go opposite ways.
            Some(Column::Since(sql)) => self.since(sql, op, value),
            Some(Column::Of(_, key, of)) if *value != Value::Null => {
                let one = self.compared("x.name", field.kind, Op::Eq, value);
                positive(format!("{key} IN ({of} WHERE {one})"))
            }
            Some(Column::Among(id, of, names)) if *value == Value::Null => {
                let not = if op == Op::Ne { "" } else { "NOT " };
                format!("{not}EXISTS (SELECT 1 FROM {names} AND {of} = {id})")
            }
            Some(Column::Among(id, of, names)) => {
                let one = self.compared("x.name", field.kind, Op::Eq, value);
                positive(format!("{id} IN (SELECT {of} FROM {names} AND {one})"))
            }
            Some(Column::Is(sql) | Column::Of(sql, ..)) => self.compared(sql, field.kind, op, value),
            Some(Column::Any(sql)) if *value == Value::Null => {
                format!("{}EXISTS ({sql})", if op == Op::Ne { "" } else { "NOT " })
            }
            Some(Column::Any(sql)) => {
                let one = self.compared("value", field.kind, Op::Eq, value);
                positive(format!("EXISTS (SELECT 1 FROM ({sql}) y WHERE {one})"))
            }
        }
    }

    fn since(&mut self, sql: &str, op: Op, value: &Value) -> String {
        let Value::Span(seconds) = value else { return null(sql, Type::Span, op) };
        let at = self.bind(Bind::Time(self.now.saturating_sub(Duration::seconds(*seconds))));
        let turned = match op {
            Op::Eq => "=",
            Op::Ne => return format!("({sql} = {at}) IS NOT TRUE"),
            Op::Lt => ">",
            Op::Le => ">=",
            Op::Gt => "<",
            Op::Ge => "<=",
        };
        format!("{sql} {turned} {at}")
    }

    /// An object with the tag, or with one below it.
    fn tagged(&mut self, object: Object, value: &Value) -> String {
        let id = columns::id(object);
        let Value::Text(pattern) = value else {
            return format!("NOT EXISTS (SELECT 1 FROM tag_objects x WHERE x.object_id = {id})");
        };
        let like = self.bind(Bind::Text(pattern.like()));
        format!(
            "{id} IN (WITH RECURSIVE named (id) AS (
                 SELECT x.id FROM tags x WHERE x.name ILIKE {like}
                 UNION SELECT x.id FROM tags x JOIN named y ON x.parent_id = y.id)
             SELECT x.object_id FROM tag_objects x JOIN named y ON y.id = x.tag_id)"
        )
    }

    fn compared(&mut self, sql: &str, kind: Type, op: Op, value: &Value) -> String {
        match value {
            Value::Null => null(sql, kind, op),
            Value::Text(pattern) => self.text(sql, op, pattern),
            Value::Word(word) => {
                let word = self.bind(Bind::Text((*word).to_owned()));
                equal(sql, op, &word)
            }
            Value::Rank(rank, _) => self.rank(sql, kind, op, *rank),
            Value::Bool(on) => {
                let on = self.bind(Bind::Bool(*on));
                equal(sql, op, &on)
            }
            Value::Number(number) => self.number(sql, kind, op, *number),
            Value::When(when) => self.when(sql, op, *when),
            Value::Span(_) => self.since(sql, op, value),
            Value::Id(id) => {
                let id = self.bind(Bind::Id(*id));
                equal(sql, op, &id)
            }
        }
    }

    /// Whatever the case. A text without wildcards can use an index.
    fn text(&mut self, sql: &str, op: Op, pattern: &Pattern) -> String {
        let is = match pattern.literal() {
            Some(literal) if columns::EXACT.contains(&sql) => {
                format!("{sql} = {}", self.bind(Bind::Text(literal)))
            }
            Some(literal) if !columns::BY_LETTERS.contains(&sql) => {
                format!("lower({sql}) = lower({})", self.bind(Bind::Text(literal)))
            }
            _ => self.like(sql, pattern),
        };
        if op == Op::Ne { format!("({is}) IS NOT TRUE") } else { is }
    }

    /// Where an index has the names by bytes, what they begin with is a range of it.
    fn like(&mut self, sql: &str, pattern: &Pattern) -> String {
        let like = format!("{sql} ILIKE {}", self.bind(Bind::Text(pattern.like())));
        let beginning = pattern.beginning();
        if beginning.is_empty() || !columns::BY_BYTES.contains(&sql) {
            return like;
        }
        let (name, from) = (format!(r#"lower({sql}) COLLATE "C""#), self.bind(Bind::Text(beginning)));
        format!("({like} AND {name} >= lower({from}) AND {name} < lower({from}) || chr(1114111))")
    }

    fn rank(&mut self, sql: &str, kind: Type, op: Op, rank: usize) -> String {
        let Type::Ranks(all) = kind else { return "true".to_owned() };
        let fits = |n: &usize| match op {
            Op::Eq => *n == rank,
            Op::Ne => *n != rank,
            Op::Lt => *n < rank,
            Op::Le => *n <= rank,
            Op::Gt => *n > rank,
            Op::Ge => *n >= rank,
        };
        let words = all.iter().enumerate().filter(|(n, _)| fits(n)).map(|(_, word)| *word).collect();
        let found = format!("{sql} = ANY ({})", self.bind(Bind::Texts(words)));
        // The lowest is what most have; an index leaves them out, and has to be told that they are not looked for.
        match all.first() {
            Some(lowest) if !fits(&0) => format!("({found} AND {sql} <> '{lowest}')"),
            _ => found,
        }
    }

    fn number(&mut self, sql: &str, kind: Type, op: Op, number: f64) -> String {
        let unit = if let Type::Number(unit) = kind { unit.bytes().unwrap_or(1) } else { 1 };
        let number = number * unit as f64;
        // A whole one is compared as such, which an index understands. The language keeps them below 10^15 units.
        let whole = number.fract() == 0.0 && number.abs() < 9e18;
        let bound = self.bind(if whole { Bind::Whole(number as i64) } else { Bind::Number(number) });
        if op == Op::Ne {
            format!("({sql} = {bound}) IS NOT TRUE")
        } else {
            format!("{sql} {} {bound}", op.as_str())
        }
    }

    /// `=` is within the day; `<` and `>` compare with its beginning, as in oVirt.
    fn when(&mut self, sql: &str, op: Op, when: When) -> String {
        let (from, until) = when.range(self.now);
        match op {
            Op::Eq | Op::Ne => {
                let (from, until) = (self.bind(Bind::Time(from)), self.bind(Bind::Time(until)));
                let within = format!("{sql} >= {from} AND {sql} < {until}");
                if op == Op::Ne { format!("({within}) IS NOT TRUE") } else { format!("({within})") }
            }
            Op::Le => format!("{sql} < {}", self.bind(Bind::Time(until))),
            Op::Lt | Op::Gt | Op::Ge => format!("{sql} {} {}", op.as_str(), self.bind(Bind::Time(from))),
        }
    }
}

/// `!=` also finds what has no value at all.
fn equal(sql: &str, op: Op, bound: &str) -> String {
    if op == Op::Ne { format!("({sql} = {bound}) IS NOT TRUE") } else { format!("{sql} = {bound}") }
}

fn null(sql: &str, kind: Type, op: Op) -> String {
    let empty =
        if kind == Type::Text { format!("coalesce({sql}, '') = ''") } else { format!("{sql} IS NULL") };
    if op == Op::Ne { format!("NOT ({empty})") } else { empty }
}
