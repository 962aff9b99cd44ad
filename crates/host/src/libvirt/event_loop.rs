//! libvirt's event loop: registered before the first connection is made and run on one thread of its own
//! for as long as the process lives. Without it neither events nor keepalives work.

use std::sync::OnceLock;
use std::time::Duration;

use virt::error::Error;
use virt::event;

/// Makes sure that the loop runs. To be called before any connection is opened.
pub fn ensure() -> Result<(), Error> {
    static STARTED: OnceLock<Result<(), Error>> = OnceLock::new();
    STARTED.get_or_init(start).clone()
}

fn start() -> Result<(), Error> {
    // Errors come back as values; libvirt would print them as well.
    virt::error::clear_error_callback();
    event::event_register_default_impl()?;
    let spawned = std::thread::Builder::new().name("libvirt-events".into()).spawn(|| {
        loop {
            if let Err(error) = event::event_run_default_impl() {
                tracing::error!(%error, "libvirt's event loop stumbled");
                std::thread::sleep(Duration::from_millis(100));
            }
        }
    });
    if let Err(error) = spawned {
        tracing::error!(%error, "libvirt's event loop has no thread");
        return Err(Error::last_error());
    }
    Ok(())
}
