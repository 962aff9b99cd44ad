//! Tickets: a page asks for one with its session, the WebSocket shows it. Each opens one console of one VM for
//! one session, once, within half a minute. They live in memory only; a restart voids them, and the page asks
//! for another. Only their hashes are kept, so that a dump of the memory opens nothing.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use model::text::t;
use model::{UserId, VmId};
use ring::digest::{SHA256, digest};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};
use time::{Duration, OffsetDateTime};

pub const TICKET_LIFE: Duration = Duration::seconds(30);

/// What a ticket opens, and for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub vm: VmId,
    pub user: UserId,
    /// The hashed id of the session that asked.
    pub session: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TicketError {
    #[error("{}", t("console-ticket-unknown"))]
    Unknown,
    #[error("{}", t("console-ticket-expired"))]
    Expired,
    #[error("{}", t("console-ticket-foreign"))]
    Foreign,
}

type Open = HashMap<[u8; 32], (Grant, OffsetDateTime)>;

#[derive(Debug, Default)]
pub struct Tickets {
    open: Mutex<Open>,
}

impl Tickets {
    /// `secret` are 32 random bytes of the caller.
    pub fn issue(&self, grant: Grant, secret: [u8; 32], now: OffsetDateTime) -> String {
        let ticket = URL_SAFE_NO_PAD.encode(secret);
        let mut open = self.lock();
        open.retain(|_, (_, ends)| *ends > now);
        open.insert(hash(&ticket), (grant, now + TICKET_LIFE));
        ticket
    }

    /// Uses the ticket up, whether it fits or not: one that shows up in the wrong hands is burnt.
    pub fn redeem(
        &self,
        ticket: &str,
        vm: VmId,
        session: &str,
        now: OffsetDateTime,
    ) -> Result<Grant, TicketError> {
        let (grant, ends) = self.lock().remove(&hash(ticket)).ok_or(TicketError::Unknown)?;
        if ends <= now {
            return Err(TicketError::Expired);
        }
        if grant.vm != vm || grant.session != session {
            return Err(TicketError::Foreign);
        }
        Ok(grant)
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn hash(ticket: &str) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest(&SHA256, ticket.as_bytes()).as_ref());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;
    use uuid::Uuid;

    const NOW: OffsetDateTime = datetime!(2026-06-01 12:00 UTC);

    fn vm(n: u128) -> VmId {
        VmId(Uuid::from_u128(n))
    }

    fn grant() -> Grant {
        Grant { vm: vm(1), user: UserId(Uuid::from_u128(9)), session: "s".into() }
    }

    #[test]
    fn opens_once() {
        let tickets = Tickets::default();
        let ticket = tickets.issue(grant(), [7; 32], NOW);
        assert_eq!(tickets.redeem(&ticket, vm(1), "s", NOW), Ok(grant()));
        assert_eq!(tickets.redeem(&ticket, vm(1), "s", NOW), Err(TicketError::Unknown));
        assert_eq!(tickets.redeem("made up", vm(1), "s", NOW), Err(TicketError::Unknown));
    }

    #[test]
    fn runs_out_after_half_a_minute() {
        let tickets = Tickets::default();
        let ticket = tickets.issue(grant(), [7; 32], NOW);
        assert_eq!(tickets.redeem(&ticket, vm(1), "s", NOW + TICKET_LIFE), Err(TicketError::Expired));
        tickets.issue(grant(), [7; 32], NOW);
        tickets.issue(grant(), [8; 32], NOW + TICKET_LIFE);
        assert_eq!(tickets.lock().len(), 1, "old ones are forgotten");
    }

    #[test]
    fn is_bound_to_vm_and_session_and_burnt_in_wrong_hands() {
        let tickets = Tickets::default();
        for (other, session) in [(vm(2), "s"), (vm(1), "t")] {
            let ticket = tickets.issue(grant(), [7; 32], NOW);
            assert_eq!(tickets.redeem(&ticket, other, session, NOW), Err(TicketError::Foreign));
            assert_eq!(tickets.redeem(&ticket, vm(1), "s", NOW), Err(TicketError::Unknown));
        }
    }
}
