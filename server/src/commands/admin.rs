//! `drover admin`: what an operator does on the server's own machine, beside a running server or without one.
//! Who can read the data directory is trusted; everything goes through the operations all the same.

use std::io::{BufRead, IsTerminal, Read};
use std::path::Path;

use control::{App, Ctx, accounts, apply, second_factor, users};
use model::UserId;
use model::id::Kind;
use uuid::Uuid;

use super::Failure;
use crate::config::{AdminCommand, Settings, UserCommand};
use crate::engine;
use crate::postgres::{Config, Database, Role};

pub async fn run(settings: &Settings, command: &AdminCommand) -> Result<(), Failure> {
    let opened = Opened::new(settings).await?;
    let done = act(&opened.app, command).await;
    opened.close().await?;
    done
}

/// The application beside a running server, or without one.
pub(super) struct Opened {
    pub app: App,
    database: Option<Database>,
}

impl Opened {
    pub async fn new(settings: &Settings) -> Result<Opened, Failure> {
        let database = match &settings.database_url {
            Some(_) => None,
            None => {
                Some(Database::start(&Config { data: settings.data.clone(), role: Role::Command }).await?)
            }
        };
        let url = settings.database_url.clone().or_else(|| database.as_ref().map(|d| d.url().to_owned()));
        let app = engine::open(settings, &url.unwrap_or_default()).await?;
        Ok(Opened { app, database })
    }

    pub async fn close(self) -> Result<(), Failure> {
        self.app.hosts.close_all().await;
        self.app.pool.close().await;
        if let Some(database) = self.database {
            database.stop().await?;
        }
        Ok(())
    }
}

async fn act(app: &App, command: &AdminCommand) -> Result<(), Failure> {
    let ctx = Ctx::system(app, "admin");
    match command {
        AdminCommand::User(UserCommand::Add { name }) => {
            users::add(&ctx, bare(name)?, &password()?, false).await?;
            println!("{name} was added. Give them a role: drover admin user grant {name} SuperUser");
        }
        AdminCommand::User(UserCommand::Password { name, must_change }) => {
            users::reset_password(&ctx, bare(name)?, &password()?, *must_change).await?;
            println!("{name} has a new password; their sessions have ended.");
        }
        AdminCommand::User(UserCommand::Grant { name, role, on }) => {
            let (kind, object, words) = target(app, on.as_deref()).await?;
            users::grant(&ctx, name, role, kind, object, &words).await?;
            println!("{name} has the role {role} on {words}.");
        }
        AdminCommand::User(UserCommand::Unlock { name }) => {
            accounts::unlock(&ctx, known(app, name).await?).await?;
            println!("{name} may sign in again.");
        }
        AdminCommand::User(UserCommand::Remove { name }) => {
            users::remove(&ctx, known(app, name).await?).await?;
            println!("{name} was removed.");
        }
        AdminCommand::User(UserCommand::ResetSecondFactor { name }) => {
            second_factor::reset(&ctx, known(app, name).await?).await?;
            println!("{name} signs in with the password alone; their sessions have ended.");
        }
        AdminCommand::User(UserCommand::List) => list(&ctx).await?,
        AdminCommand::Apply { file } => apply_file(&ctx, file).await?,
    }
    Ok(())
}

/// The user, or the group, of that name.
async fn known(app: &App, name: &str) -> Result<UserId, Failure> {
    let whole = model::directory::whole_name(name);
    let mut found = store::permissions::named(&mut *app.conn().await?, &whole).await?;
    match (found.pop(), found.is_empty()) {
        (Some(one), true) => Ok(UserId(one.id)),
        (None, _) => Err(format!("there is nobody named {name}").into()),
        (Some(_), false) => Err(format!("a user and a group are named {name}; choose in the portal").into()),
    }
}

/// `ada@internal` → `ada`; accounts of other directories are made there, and keep their passwords there.
fn bare(name: &str) -> Result<&str, Failure> {
    match name.split_once('@') {
        None | Some((_, model::user::INTERNAL)) => Ok(name.split('@').next().unwrap_or(name)),
        Some((_, other)) => {
            Err(format!("the directory {other:?} is not known here; only internal is").into())
        }
    }
}

/// From the terminal without echo, or one line of standard input.
fn password() -> Result<String, Failure> {
    if std::io::stdin().is_terminal() {
        return Ok(rpassword::prompt_password("Password: ")?);
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

async fn target(app: &App, on: Option<&str>) -> Result<(Kind, Uuid, String), Failure> {
    let Some(on) = on else { return Ok((Kind::System, model::SYSTEM, "System".to_owned())) };
    let (kind, name) = on.split_once('/').ok_or("write the object as kind/name, such as vm/web1")?;
    let kind: Kind = kind.replace('-', "_").parse().map_err(|()| format!("{kind:?} is no kind of object"))?;
    let found = store::objects::by_name(&mut *app.conn().await?, kind, name).await?;
    let id = found.ok_or_else(|| format!("there is no {} named {name}", kind.noun()))?;
    Ok((kind, id, name.to_owned()))
}

async fn list(ctx: &Ctx) -> Result<(), Failure> {
    for user in users::list(ctx).await? {
        let roles = store::users::roles(&mut *ctx.app.conn().await?, user.id).await?;
        let several = |same: &[(String, String)]| match same {
            [(role, kind)] => format!("{role} on {kind}"),
            [(role, kind), ..] => format!("{role} on {kind} ({} times)", same.len()),
            [] => String::new(),
        };
        let roles: Vec<String> = roles.chunk_by(|one, next| one == next).map(several).collect();
        println!("{}@{}\t{}", user.name, user.domain, roles.join(", "));
    }
    Ok(())
}

async fn apply_file(ctx: &Ctx, file: &Path) -> Result<(), Failure> {
    let mut text = String::new();
    if file == Path::new("-") {
        std::io::stdin().read_to_string(&mut text)?;
    } else {
        text = std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
    }
    let estate: apply::Estate = toml::from_str(&text).map_err(|e| format!("{}: {e}", file.display()))?;
    apply::apply(ctx, &estate, &mut |made| println!("  made {made}")).await?;
    Ok(())
}
