//! Pages and forms: `app` rendered by leptos, with who asks in context.

use axum::Router;

use super::Web;
use crate::assets::Site;

pub fn routes(_web: &Web, _site: &Site) -> Router<Web> {
    Router::new()
}
