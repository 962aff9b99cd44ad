//! The groups that somebody is in, and the groups that those are in. Directories let groups hold each other, and so
//! they may go around: whoever was met is not asked for again.

use std::collections::BTreeSet;

use model::directory::Found;

use crate::attributes::Members;
use crate::session::{Session, User};
use crate::{DirectoryError, filter};

/// Names in one question.
const AT_ONCE: usize = 40;
/// Groups in groups in groups: beyond this it is no order that anybody made.
const DEEPEST: usize = 32;

pub async fn of(session: &mut Session, user: &User) -> Result<Vec<Found>, DirectoryError> {
    let mut met: BTreeSet<String> = BTreeSet::from([user.found.dn.to_lowercase()]);
    let mut level = vec![user.found.dn.clone()];
    let mut groups = primary(session, user).await?;
    for group in &groups {
        met.insert(group.dn.to_lowercase());
        level.push(group.dn.clone());
    }
    let deepest = match session.attributes.members {
        Members::ByDn { .. } => DEEPEST,
        // The server follows the chain, or there is none.
        Members::ByName { .. } | Members::Chain { .. } => 1,
    };
    for _ in 0..deepest {
        let mut above = Vec::new();
        for some in level.chunks(AT_ONCE) {
            let filter =
                filter::groups_of(session.attributes, some, &user.found.name, user.number.as_deref());
            above.extend(session.entries(&filter, true, usize::MAX).await?);
        }
        let new = above.into_iter().map(|g| g.found).filter(|g| met.insert(g.dn.to_lowercase()));
        let new: Vec<Found> = new.collect();
        if new.is_empty() {
            break;
        }
        level = new.iter().map(|g| g.dn.clone()).collect();
        groups.extend(new);
    }
    Ok(groups)
}

/// The group that a user names itself, where there is such a one.
async fn primary(session: &mut Session, user: &User) -> Result<Vec<Found>, DirectoryError> {
    let (Members::Chain { sid, .. }, Some(number)) = (session.attributes.members, &user.number) else {
        return Ok(Vec::new());
    };
    let filter = filter::group_by_sid(session.attributes, sid, number);
    Ok(session.entries(&filter, true, 1).await?.into_iter().map(|one| one.found).collect())
}
