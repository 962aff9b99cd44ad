//! Parts of the browser's program that a first visit does not need. They are cut off the WASM when it is built and
//! come when a page asks for them; from then on they are called like everything else. The server, and a browser's
//! half that was built in one piece, have them from the beginning: there `later` is a call and nothing more.
//!
//! A page is brought to life only after the parts of its address are there (`needed`), so hydration never waits in
//! the middle; and a link fetches its parts when it is pointed at (`links`), so a dialog still opens at once.

mod account;
mod dialogs;
mod entities;
pub mod links;
mod palette;
mod proposals;
mod vm_portal;

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::SplitLoaderError;
use model::{Fault, Refusal};

pub use account::{Own, own};
pub use dialogs::{Dialog, dialog};
pub use entities::{Entity, entity};
pub use palette::palette;
pub use proposals::proposals;
pub use vm_portal::{Place, place};

use crate::parts::fault::fault_view;

/// A part that comes by itself. Few: what two of them share is a file of its own again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chunk {
    /// What somebody meets before the first page.
    Account,
    /// The lists other than the first page's, and the pages of objects.
    Entities,
    /// What opens over a page, with a form.
    Dialogs,
    /// What proposes while a search is typed.
    Proposals,
    /// The command palette; no address needs it.
    Palette,
    /// The other portal.
    VmPortal,
}

/// What a chunk's function gives. Only a chunk that could not be fetched is an error.
type Given = Result<AnyView, SplitLoaderError>;

impl Chunk {
    pub const ALL: [Chunk; 6] =
        [Chunk::Account, Chunk::Entities, Chunk::Dialogs, Chunk::Proposals, Chunk::Palette, Chunk::VmPortal];

    /// Its name in the site's manifest.
    pub fn name(self) -> &'static str {
        match self {
            Chunk::Account => "account",
            Chunk::Entities => "entities",
            Chunk::Dialogs => "dialogs",
            Chunk::Proposals => "proposals",
            Chunk::Palette => "palette",
            Chunk::VmPortal => "vm_portal",
        }
    }

    /// Sees to it that it is there; says whether it is.
    async fn fetch(self) -> bool {
        match self {
            Chunk::Account => account::fetch().await.is_ok(),
            Chunk::Entities => entities::fetch().await.is_ok(),
            Chunk::Dialogs => dialogs::fetch().await.is_ok(),
            Chunk::Proposals => proposals::fetch().await.is_ok(),
            Chunk::Palette => palette::fetch().await.is_ok(),
            Chunk::VmPortal => vm_portal::fetch().await.is_ok(),
        }
    }
}

/// The chunks without which the page at an address cannot be made. Rather too many than too few: a page whose parts
/// are not there is not what the server rendered.
pub fn needed(path: &str, search: &str) -> &'static [Chunk] {
    let query = search.trim_start_matches('?').as_bytes();
    let below = form_urlencoded::parse(query).any(|(name, _)| name == "chosen");
    let words: Vec<&str> = path.split('/').filter(|word| !word.is_empty()).collect();
    match *words.as_slice() {
        ["vms"] if !below => &[],
        ["vms", "new" | "bulk" | "columns"] if !below => &[Chunk::Dialogs],
        ["portal", "vms", word] if word == "new" || word.parse::<uuid::Uuid>().is_ok() => &[Chunk::VmPortal],
        ["portal"] | ["portal", _] => &[Chunk::VmPortal],
        ["portal", ..] => &[Chunk::VmPortal, Chunk::Dialogs],
        ["password"] | ["sign-in", ..] => &[Chunk::Account],
        [_] | ["help", _] => &[Chunk::Entities],
        // An object's own page; every other word is a dialog's.
        [_, word] if word.parse::<uuid::Uuid>().is_ok() => &[Chunk::Entities],
        _ => &[Chunk::Entities, Chunk::Dialogs],
    }
}

/// Fetches what the page at this address is made of; says whether all of it came.
pub async fn fetch_for(path: &str, search: &str) -> bool {
    let chunks: Vec<_> = needed(path, search).iter().map(|chunk| begun(*chunk)).collect();
    for chunk in chunks {
        let there = match chunk {
            Ok(there) => there,
            Err(coming) => coming.await,
        };
        if !there {
            return false;
        }
    }
    true
}

/// The same for the address that the browser shows. Browser only.
pub async fn fetch_here() -> bool {
    let here = window().location();
    fetch_for(&here.pathname().unwrap_or_default(), &here.search().unwrap_or_default()).await
}

/// Fetches the command palette, which is about to be wanted; says whether it came. What could not be fetched is asked for
/// again then.
pub async fn fetch_palette() -> bool {
    Chunk::Palette.fetch().await
}

type Coming = Pin<Box<dyn Future<Output = bool>>>;

/// Whether the chunk is there, or will be.
fn begun(chunk: Chunk) -> Result<bool, Coming> {
    let mut coming: Coming = Box::pin(chunk.fetch());
    match now(coming.as_mut()) {
        Poll::Ready(there) => Ok(there),
        Poll::Pending => Err(coming),
    }
}

/// What a future has at once.
fn now<T>(future: Pin<&mut (dyn Future<Output = T> + '_)>) -> Poll<T> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// `make`, once the chunk that it calls is there. At once, where it is.
fn later(chunk: Chunk, make: Box<dyn Fn() -> Given + Send + Sync>) -> AnyView {
    let view = move |there: bool| if there { make().unwrap_or_else(|_| missing()) } else { missing() };
    let coming = match begun(chunk) {
        Ok(there) => return view(there),
        Err(coming) => coming,
    };
    let there = RwSignal::new(None);
    spawn_local(async move {
        // Whoever asked may have gone elsewhere by now.
        let _ = there.try_set(Some(coming.await));
    });
    (move || there.get().map(&view)).into_any()
}

/// What a chunk's function gives, which is there.
fn called(giving: impl Future<Output = Given>) -> Given {
    match now(std::pin::pin!(giving)) {
        Poll::Ready(given) => given,
        Poll::Pending => Ok(missing()),
    }
}

/// The network failed, or the server runs a newer build, which the banner then says too. Loading the page anew mends both.
fn missing() -> AnyView {
    fault_view(Fault::Unavailable(Refusal::new("fault-part-missing")).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_knows_its_chunks() {
        use Chunk::{Account, Dialogs, Entities, VmPortal};
        for (path, search, chunks) in [
            ("/vms", "", &[] as &[Chunk]),
            ("/vms", "?sort=name&page=2", &[]),
            ("/vms", "?page=2&chosen=1", &[Entities]),
            ("/vms/new", "?next=%2Fvms%3Fchosen%3D1", &[Dialogs]),
            ("/vms/new", "chosen=1", &[Entities, Dialogs]),
            ("/hosts", "", &[Entities]),
            ("/vms/bulk", "?deed=run&objects=selected", &[Dialogs]),
            ("/hosts/new", "", &[Entities, Dialogs]),
            ("/hosts/bulk", "", &[Entities, Dialogs]),
            ("/tags/assign", "", &[Entities, Dialogs]),
            ("/help", "", &[Entities]),
            ("/help/networks", "", &[Entities]),
            ("/sign-in", "?next=%2Fhosts", &[Account]),
            ("/password/", "", &[Account]),
            ("/sign-in/code", "", &[Account]),
            ("/sign-in/oidc/callback", "?code=a&state=b", &[Account]),
            ("/vms/00000000-0000-0000-0000-000000000001", "", &[Entities]),
            ("/tags/assign", "", &[Entities, Dialogs]),
            ("/hosts/1/edit", "", &[Entities, Dialogs]),
            ("/portal", "?name=web", &[VmPortal]),
            ("/portal/vms/new", "", &[VmPortal]),
            ("/portal/vms/00000000-0000-0000-0000-000000000001", "?edit=overview", &[VmPortal]),
            ("/portal/vms/00000000-0000-0000-0000-000000000001/edit", "", &[VmPortal, Dialogs]),
            ("/portal/resources", "", &[VmPortal]),
            ("/nothing/to/see/here", "", &[Entities, Dialogs]),
        ] {
            assert_eq!(needed(path, search), chunks, "{path}{search}");
        }
    }
}
