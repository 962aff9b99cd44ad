//! The search language: `Vms: name = web* and Hosts.status = up sortby memory desc page 2`. One parser for the lists,
//! bookmarks, REST and the browser's completion. It knows words and shapes; what a word is in the database is `store`'s
//! business. The language is oVirt's (catalogue 01) with parentheses, `?`, units of sizes and more comparisons besides.

mod complete;
mod date;
mod entity;
mod error;
mod field;
mod object;
mod query;
mod scan;
mod value;

pub use complete::{Completion, Line, complete, value_of};
pub use date::When;
pub use entity::{Entity, split};
pub use error::{Problem, SyntaxError};
pub use field::{Field, Names, Op, Type, Unit};
pub use object::Object;
pub use query::{Condition, Expr, Query, Sort, parse, parse_whole, without_page};
pub use scan::{MAX_DEPTH, MAX_LENGTH};
pub use value::{Pattern, Value};
