//! Keeps the database up for as long as the server lives: when the process dies, it is started again, with a
//! growing pause should it die at once. The rest of the server meanwhile sees refused connections, which its
//! pool already knows how to outlast.

use super::{PostgresError, account::Account, place::Place, process::Process};
use std::{
    path::PathBuf,
    time::{Duration, Instant},
};
use tokio::{sync::oneshot, task::JoinHandle};

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LAST_PAUSE: Duration = Duration::from_secs(10);
/// One that lived this long had not failed at starting.
const SETTLED: Duration = Duration::from_secs(30);

pub struct Supervisor {
    socket: PathBuf,
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), PostgresError>>,
}

impl Supervisor {
    pub async fn start(place: Place, account: Account) -> Result<Supervisor, PostgresError> {
        let process = Process::up(&place, &account).await?;
        let socket = process.socket.clone();
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(watch(process, place, account, stopped));
        Ok(Supervisor { socket, stop, task })
    }

    pub fn socket(&self) -> PathBuf {
        self.socket.clone()
    }

    pub async fn stop(self) -> Result<(), PostgresError> {
        let _ = self.stop.send(());
        match self.task.await {
            Ok(result) => result,
            Err(e) => {
                Err(PostgresError::Command { what: "stopping PostgreSQL".into(), output: e.to_string() })
            }
        }
    }
}

async fn watch(
    mut process: Process,
    place: Place,
    account: Account,
    mut stopped: oneshot::Receiver<()>,
) -> Result<(), PostgresError> {
    let mut pause = FIRST_PAUSE;
    let mut born = Instant::now();
    loop {
        tokio::select! {
            _ = &mut stopped => return process.stop().await,
            () = process.ended() => {}
        }
        if born.elapsed() > SETTLED {
            pause = FIRST_PAUSE;
        }
        tracing::error!(log = %place.log.display(), "PostgreSQL ended by itself; starting it again");
        process = loop {
            tokio::select! {
                _ = &mut stopped => return Ok(()),
                () = tokio::time::sleep(pause) => {}
            }
            pause = (pause * 2).min(LAST_PAUSE);
            born = Instant::now();
            match Process::up(&place, &account).await {
                Ok(process) => break process,
                Err(error) => tracing::error!(%error, "PostgreSQL did not start"),
            }
        };
        tracing::info!("PostgreSQL is up again");
    }
}
