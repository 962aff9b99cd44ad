//! People, made without the second that a password's hash takes; and what they may.

use control::{App, Ctx};
use model::policy::{PredefinedRole, SUPER_USER, USER_VM_MANAGER};
use model::{PermissionId, UserId};
use uuid::Uuid;

use super::World;

pub async fn administrator(app: &App) -> Ctx {
    let admin = add(app, "admin", false).await;
    grant(app, admin, &SUPER_USER, model::SYSTEM).await;
    signed_in(app, admin).await
}

async fn add(app: &App, name: &str, must_change: bool) -> UserId {
    let id = UserId(app.ids.uuid());
    let mut c = app.conn().await.unwrap();
    store::users::insert(&mut c, id, name, "no hash", must_change, app.now()).await.unwrap();
    id
}

async fn grant(app: &App, user: UserId, role: &PredefinedRole, object: Uuid) {
    let id = PermissionId(app.ids.uuid());
    let mut c = app.conn().await.unwrap();
    store::users::grant(&mut c, id, user.0, role.id, object, app.now()).await.unwrap();
}

async fn signed_in(app: &App, user: UserId) -> Ctx {
    let ctx = Ctx::signed_in(app, user, "c-1".into(), "192.0.2.1".into(), None).await.unwrap();
    ctx.expect("the user is there")
}

impl World {
    /// Somebody with the user's role (UserVmManager) on these objects, and nothing else.
    pub async fn owner_of(&self, name: &str, objects: &[Uuid]) -> Ctx {
        let user = add(&self.app, name, false).await;
        for object in objects {
            grant(&self.app, user, &USER_VM_MANAGER, *object).await;
        }
        signed_in(&self.app, user).await
    }

    /// An administrator of everything who still has the first password.
    pub async fn newcomer(&self, name: &str) -> Ctx {
        let user = add(&self.app, name, true).await;
        grant(&self.app, user, &SUPER_USER, model::SYSTEM).await;
        signed_in(&self.app, user).await
    }

    /// Somebody with this role on the object, and nothing else.
    pub async fn holder_of(&self, name: &str, role: &PredefinedRole, object: Uuid) -> Ctx {
        let user = add(&self.app, name, false).await;
        grant(&self.app, user, role, object).await;
        signed_in(&self.app, user).await
    }

    /// Who they are now, after their roles or groups changed.
    pub async fn again(&self, ctx: &Ctx) -> Ctx {
        signed_in(&self.app, ctx.who.id.unwrap()).await
    }

    /// A group with these members.
    pub async fn group(&self, name: &str, members: &[&Ctx]) -> Uuid {
        let id = self.app.ids.uuid();
        sqlx::query("INSERT INTO groups (id, name, domain, created_at) VALUES ($1, $2, 'corp', now())")
            .bind(id)
            .bind(name)
            .execute(&self.app.pool)
            .await
            .unwrap();
        for member in members {
            sqlx::query("INSERT INTO user_groups (user_id, group_id) VALUES ($1, $2)")
                .bind(member.who.id.unwrap().0)
                .bind(id)
                .execute(&self.app.pool)
                .await
                .unwrap();
        }
        id
    }
}
