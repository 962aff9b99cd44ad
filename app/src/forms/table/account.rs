//! One's own account, and how others sign in.

use model::{Fault, Text, UserId};

use super::Sent;
use crate::forms::data::account::PasswordForm;
use crate::forms::data::portal::PortalForm;
use crate::forms::data::sign_in::{CodeForm, OwnPasswordForm, StandingDeed, StandingForm};
use crate::forms::{Done, Fact, Notice};
use crate::frame::ListTab;
use crate::pages::users_sign_in::WORD;
use crate::paths;

pub async fn password(s: &Sent<'_>) -> Result<Done, Fault> {
    let change = s.form::<PasswordForm>()?;
    control::users::change_password(s.ctx, &change.current, &change.new).await?;
    s.to(paths::HOME)
}

pub async fn end_own_session(s: &Sent<'_>) -> Result<Done, Fault> {
    match s.form::<StandingForm>()? {
        StandingDeed::End(session) => control::sessions::end(s.ctx, session).await?,
        StandingDeed::Unlock | StandingDeed::Reset => return Err(Fault::refused("form-unknown")),
    }
    s.to(paths::ACCOUNT)
}

pub async fn portal_settings(s: &Sent<'_>) -> Result<Done, Fault> {
    control::settings::choose_portal(s.ctx, &s.form::<PortalForm>()?).await?;
    s.to(paths::PORTAL_SETTINGS)
}

/// Makes a key, or turns the factor on with a code of it.
pub async fn second_factor(s: &Sent<'_>) -> Result<Done, Fault> {
    if s.fields.get("intent") == "offer" {
        control::second_factor::offer(s.ctx).await?;
        return s.to(paths::SECOND_FACTOR);
    }
    let codes = control::second_factor::confirm(s.ctx, &s.form::<CodeForm>()?).await?;
    let plain = |text: &str| Text::new("plain").with("text", text);
    let fact =
        |(n, code): (usize, &String)| Fact { name: plain(&n.to_string()), value: plain(code), href: None };
    let facts = (1..).zip(&codes).map(fact).collect();
    Ok(Done::Stay(Notice { title: Text::new("second-factor-codes"), facts, no: false }))
}

pub async fn second_factor_off(s: &Sent<'_>) -> Result<Done, Fault> {
    control::second_factor::turn_off(s.ctx, &s.form::<OwnPasswordForm>()?).await?;
    s.to(paths::ACCOUNT)
}

pub async fn standing(s: &Sent<'_>) -> Result<Done, Fault> {
    let user = UserId(s.id);
    match s.form::<StandingForm>()? {
        StandingDeed::Unlock => control::accounts::unlock(s.ctx, user).await?,
        StandingDeed::Reset => control::second_factor::reset(s.ctx, user).await?,
        StandingDeed::End(session) => control::sessions::end(s.ctx, session).await?,
    }
    s.to(paths::part(ListTab::Users, s.id, WORD))
}
