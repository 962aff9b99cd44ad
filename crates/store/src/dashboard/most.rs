//! Who uses most.

use uuid::Uuid;

/// One with its use in percent; it may be among the first for either.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Most {
    pub id: Uuid,
    pub name: String,
    pub cpu: Option<f32>,
    pub memory: Option<f32>,
}
