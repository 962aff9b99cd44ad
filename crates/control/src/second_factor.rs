//! The second factor of people in the internal directory: codes that a device makes of a shared key and the time
//! (RFC 6238), and ten recovery codes for who lost the device. A code is good once, and half a minute before and after
//! its time. The key is sealed (`secrets`); of recovery codes there are hashes only.

use model::event::EventKind;
use model::id::Kind;
use model::session::{Offer, SecondFactorState};
use model::{Fault, Text, UserId};
use sha2::{Digest, Sha256};
use store::PgConnection;
use time::OffsetDateTime;
use totp_rs::{Algorithm, TOTP};

use crate::app::{App, Tx, commit};
use crate::audit::Whence;
use crate::{Ctx, Outcome, accounts, attempts, events, secrets};

const ISSUER: &str = "Drover";
/// Seconds that a code is for.
const STEP: i64 = 30;
const CODES: usize = 10;
/// Recovery codes are read from paper: no 0 and O, no 1 and I.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// Whether somebody whose password was right is asked for a code, too.
pub async fn asked_of(c: &mut PgConnection, user: UserId) -> Outcome<bool> {
    let found = store::second_factor::get(c, user).await?;
    Ok(found.is_some_and(|f| f.confirmed_at.is_some()))
}

/// One's own, as the account's page shows it.
pub async fn state(ctx: &Ctx) -> Outcome<SecondFactorState> {
    let user = own(ctx)?;
    let mut c = ctx.app.conn().await?;
    let found = store::second_factor::get(&mut c, user).await?;
    let codes_left = store::second_factor::codes_left(&mut c, user).await?;
    let since = found.as_ref().and_then(|f| f.confirmed_at);
    let offer = match found.filter(|f| f.confirmed_at.is_none()) {
        Some(factor) => Some(offered(ctx, user, &factor.sealed)?),
        None => None,
    };
    let internal = ctx.who.principal.ends_with("@internal");
    Ok(SecondFactorState { internal, since, codes_left, offer })
}

fn offered(ctx: &Ctx, user: UserId, sealed: &[u8]) -> Outcome<Offer> {
    let key = ctx.app.secrets.open(&about(user), sealed)?;
    let totp = totp(key, &ctx.who.principal)?;
    Ok(Offer { key: totp.get_secret_base32(), address: totp.get_url() })
}

/// Makes a key to be put into a device. Nothing is asked for before it is confirmed.
pub async fn offer(ctx: &Ctx) -> Outcome<()> {
    let user = own(ctx)?;
    if !ctx.who.principal.ends_with("@internal") {
        return Err(Fault::refused("refusal-second-factor-elsewhere"));
    }
    let key: [u8; 20] = secrets::random(ctx.app.ids.as_ref());
    let sealed = ctx.app.secrets.seal(ctx.app.ids.as_ref(), &about(user), &key)?;
    if !store::second_factor::offer(&mut *ctx.app.conn().await?, user, &sealed).await? {
        return Err(Fault::refused("refusal-second-factor-on"));
    }
    Ok(())
}

/// Turns it on, when the device makes the right code; gives the recovery codes, once.
pub async fn confirm(ctx: &Ctx, code: &str) -> Outcome<Vec<String>> {
    let user = own(ctx)?;
    let mut tx = ctx.app.begin().await?;
    let found = store::second_factor::take(&mut tx, user).await?;
    let factor = found.filter(|f| f.confirmed_at.is_none());
    let factor = factor.ok_or_else(|| Fault::refused("refusal-second-factor-nothing"))?;
    let key = ctx.app.secrets.open(&about(user), &factor.sealed)?;
    let step = step(key, code, ctx.app.now())?.ok_or_else(wrong)?;
    store::second_factor::confirm(&mut tx, user, step, ctx.app.now()).await?;
    let codes: Vec<String> = (0..CODES).map(|_| recovery_code(ctx)).collect();
    let hashes: Vec<Vec<u8>> = codes.iter().map(|code| hash(code)).collect();
    store::second_factor::give_codes(&mut tx, user, &hashes).await?;
    tell(&mut tx, ctx, EventKind::SecondFactorOn, user).await?;
    commit(tx).await?;
    Ok(codes)
}

/// Turns one's own off; a session alone does not suffice. Also forgets a key that was never confirmed.
pub async fn turn_off(ctx: &Ctx, password: &str) -> Outcome<()> {
    let user = own(ctx)?;
    if !attempts::own_password(ctx, password).await? {
        return Err(Fault::field("password", Text::new("password-wrong")));
    }
    let mut tx = ctx.app.begin().await?;
    if !store::second_factor::remove(&mut tx, user).await? {
        return Err(Fault::refused("refusal-second-factor-off"));
    }
    tell(&mut tx, ctx, EventKind::SecondFactorOff, user).await?;
    commit(tx).await
}

/// Takes somebody's away who lost their device and their codes; their sessions end.
pub async fn reset(ctx: &Ctx, user: UserId) -> Outcome<()> {
    let mut tx = ctx.app.begin().await?;
    let (name, _) = accounts::managed(ctx, &mut tx, user).await?;
    if !store::second_factor::remove(&mut tx, user).await? {
        return Err(Fault::refused("refusal-second-factor-off"));
    }
    store::sessions::delete_others(&mut tx, user, None).await?;
    events::tell(&mut tx, ctx, EventKind::SecondFactorReset, &[], vec![(Kind::User, user.0, name)]).await?;
    commit(tx).await
}

/// The second step of signing in, for somebody whose password was right.
pub async fn sign_in(app: &App, user: UserId, code: &str, whence: Whence<'_>) -> Outcome<()> {
    let named = store::accounts::name(&mut *app.conn().await?, user).await?;
    let (name, domain) = named.ok_or(Fault::SignedOut)?;
    let principal = format!("{name}@{domain}");
    let attempt = attempts::begin(app, &principal, whence).await?;
    let mut tx = app.begin().await?;
    let about = Some((user, name.as_str()));
    let Some(by) = fits(&mut tx, app, user, code).await? else {
        attempt.failed(&mut tx, app, &principal, about, whence).await?;
        commit(tx).await?;
        return Err(wrong());
    };
    attempt.succeeded(&mut tx).await?;
    if by == By::Recovery {
        attempts::tell(&mut tx, app, EventKind::RecoveryCodeUsed, &principal, about, whence).await?;
    }
    attempts::tell(&mut tx, app, EventKind::SignedIn, &principal, about, whence).await?;
    commit(tx).await
}

#[derive(PartialEq)]
enum By {
    Device,
    Recovery,
}

/// Whether the code is a good one; it is used up.
async fn fits(tx: &mut Tx, app: &App, user: UserId, code: &str) -> Outcome<Option<By>> {
    // Taken away by an administrator meanwhile: nothing is asked for any more.
    let Some(factor) = store::second_factor::take(tx, user).await? else { return Ok(Some(By::Device)) };
    let key = app.secrets.open(&about(user), &factor.sealed)?;
    if let Some(step) = step(key, code, app.now())?.filter(|step| *step > factor.last_step) {
        store::second_factor::used(tx, user, step).await?;
        return Ok(Some(By::Device));
    }
    let recovered = store::second_factor::use_code(tx, user, &hash(code)).await?;
    Ok(recovered.then_some(By::Recovery))
}

fn own(ctx: &Ctx) -> Outcome<UserId> {
    ctx.has_changed_password()?;
    ctx.who.id.ok_or(Fault::SignedOut)
}

async fn tell(tx: &mut Tx, ctx: &Ctx, kind: EventKind, user: UserId) -> Outcome<()> {
    let name = ctx.who.principal.split('@').next().unwrap_or_default().to_owned();
    events::tell(tx, ctx, kind, &[], vec![(Kind::User, user.0, name)]).await
}

fn wrong() -> Fault {
    Fault::field("code", Text::new("second-factor-wrong"))
}

/// What the key is sealed for.
fn about(user: UserId) -> String {
    format!("second factor of {user}")
}

fn totp(key: Vec<u8>, account: &str) -> Outcome<TOTP> {
    let (issuer, account) = (Some(ISSUER.to_owned()), account.to_owned());
    let made = TOTP::new(Algorithm::SHA1, 6, 1, STEP.unsigned_abs(), key, issuer, account);
    made.map_err(|e| store::internal(&e))
}

/// Which step of time the code is for, of the one now and its neighbours.
fn step(key: Vec<u8>, code: &str, now: OffsetDateTime) -> Outcome<Option<i64>> {
    let totp = totp(key, "")?;
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let here = now.unix_timestamp() / STEP;
    let good = |step: &i64| same(&totp.generate((step * STEP).unsigned_abs()), &code);
    Ok((here - 1..=here + 1).filter(|step| *step >= 0).find(good))
}

/// Takes as long wherever the first difference is.
fn same(one: &str, other: &str) -> bool {
    let differ = one.bytes().zip(other.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b));
    one.len() == other.len() && differ == 0
}

/// Sixteen letters of thirty-two: 80 bits, more than anybody guesses of a hash.
fn recovery_code(ctx: &Ctx) -> String {
    let bytes: [u8; 16] = secrets::random(ctx.app.ids.as_ref());
    let letters: Vec<char> = bytes.iter().map(|b| char::from(LETTERS[usize::from(b & 31)])).collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// Of a recovery code however it is written.
fn hash(code: &str) -> Vec<u8> {
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    Sha256::digest(code.to_uppercase()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, of which six digits.
        let key = b"12345678901234567890".to_vec();
        let at = |seconds: i64| OffsetDateTime::from_unix_timestamp(seconds).unwrap();
        for (seconds, code, found) in [
            (59, "287082", Some(1)),
            (59 + 30, "287082", Some(1)),
            (29, "287 082", Some(1)),
            (59 + 61, "287082", None),
            (1_111_111_109, "081804", Some(37_037_036)),
            (20_000_000_000, "353130", Some(666_666_666)),
            (59, "287083", None),
            (59, "28708", None),
            (59, "", None),
        ] {
            assert_eq!(step(key.clone(), code, at(seconds)).unwrap(), found, "{seconds} {code}");
        }
    }

    #[test]
    fn a_recovery_code_is_the_same_however_it_is_written() {
        assert_eq!(hash("ABCD-EFGH-2345-6789"), hash("abcd efgh 23456789"));
        assert_ne!(hash("ABCD-EFGH-2345-6789"), hash("ABCD-EFGH-2345-6788"));
    }
}
