//! What people set for themselves stays theirs.

use control::{Ctx, settings};
use model::columns::Columns;
use model::id::Kind;
use model::language::Language;
use sqlx::PgPool;

use crate::support::*;

fn columns(words: &[&str]) -> Columns {
    Columns(words.iter().map(|word| (*word).to_owned()).collect())
}

async fn chosen(ctx: &Ctx, kind: Kind) -> Option<Columns> {
    settings::columns(ctx).await.unwrap().remove(kind.as_str())
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn columns_are_kept_for_each_person_and_list(pool: PgPool) {
    let world = World::new(pool.clone()).await;
    let (admin, vm) = (&world.admin, world.down("web1").await);
    let owner = world.owner_of("owner", &[vm.0]).await;
    assert_eq!(chosen(admin, Kind::Vm).await, None);
    let (few, others) = (columns(&["status", "name"]), columns(&["name", "vcpus"]));
    for wanted in [&others, &few, &few] {
        settings::choose_columns(admin, Kind::Vm, Some(wanted)).await.unwrap();
    }
    settings::choose_columns(admin, Kind::Host, Some(&others)).await.unwrap();
    assert_eq!((chosen(admin, Kind::Vm).await, chosen(admin, Kind::Host).await), (Some(few), Some(others)));
    assert_eq!(chosen(&owner, Kind::Vm).await, None, "what one chooses is not another's");

    for _ in 0..2 {
        settings::choose_columns(admin, Kind::Vm, None).await.unwrap();
    }
    assert_eq!(chosen(admin, Kind::Vm).await, None);
    assert!(chosen(admin, Kind::Host).await.is_some());
    let none = settings::choose_columns(admin, Kind::Vm, Some(&columns(&[]))).await;
    assert_eq!(said(none), "columns: field-columns-none");
    let odd = settings::choose_columns(admin, Kind::Vm, Some(&columns(&["a; b"]))).await;
    assert_eq!(said(odd), "columns: field-unknown-choice");

    // What an earlier version kept in another shape.
    sqlx::query("UPDATE user_settings SET value = '{}'").execute(&pool).await.unwrap();
    assert_eq!(chosen(admin, Kind::Host).await, None);
}

#[sqlx::test(migrator = "store::MIGRATIONS")]
async fn a_language_is_kept_for_each_person(pool: PgPool) {
    let world = World::new(pool.clone()).await;
    let (admin, vm) = (&world.admin, world.down("web1").await);
    let owner = world.owner_of("owner", &[vm.0]).await;
    assert_eq!(settings::language(admin).await.unwrap(), None, "nobody has chosen");
    for language in [Language::English, Language::German, Language::German] {
        settings::choose_language(admin, Some(language)).await.unwrap();
        assert_eq!(settings::language(admin).await.unwrap(), Some(language));
    }
    assert_eq!(settings::language(&owner).await.unwrap(), None, "what one chooses is not another's");
    settings::choose_language(&owner, Some(Language::German)).await.unwrap();
    for _ in 0..2 {
        settings::choose_language(admin, None).await.unwrap();
        assert_eq!(settings::language(admin).await.unwrap(), None);
    }
    // What another version knows and this one does not.
    sqlx::query("UPDATE user_settings SET value = '\"xx\"'").execute(&pool).await.unwrap();
    assert_eq!(settings::language(&owner).await.unwrap(), None);
}
