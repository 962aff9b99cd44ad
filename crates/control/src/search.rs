//! What is proposed while somebody types a search: names of what they may see.

use search::{Entity, Names};

use crate::{Ctx, Outcome};

/// More than anybody types of a name.
const LONGEST: usize = 255;

/// The first names, in their order, that begin so; of an entity by its word, or of tags. Nothing for a word that means
/// nothing.
pub async fn names(ctx: &Ctx, of: &str, begins: &str) -> Outcome<Vec<String>> {
    ctx.has_changed_password()?;
    let of = match Entity::named(of) {
        Some(entity) => Names::Of(entity),
        None if of == "tags" => Names::Tags,
        None => return Ok(Vec::new()),
    };
    if begins.len() > LONGEST {
        return Ok(Vec::new());
    }
    let mut c = ctx.app.conn().await?;
    Ok(store::search::names(&mut c, ctx.viewer(), of, begins).await?)
}
