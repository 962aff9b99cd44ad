//! Asks a PostgreSQL over its socket whether it takes clients, with the first message of its protocol and
//! nothing more. It exists beside sqlx because a start polls it every few milliseconds, long before there is
//! a pool.

use std::{path::Path, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixStream,
};

/// Long enough for a loaded machine, short enough for a health check.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It takes clients.
    Ready,
    /// It runs, but takes none now: starting, recovering, stopping or full.
    Refusing,
    /// Nothing listens.
    Absent,
}

pub async fn probe(socket: &Path) -> State {
    match tokio::time::timeout(PATIENCE, ask(socket)).await {
        Ok(Ok(b'R')) => State::Ready,
        Ok(Ok(_)) | Err(_) => State::Refusing,
        Ok(Err(_)) => State::Absent,
    }
}

async fn ask(socket: &Path) -> std::io::Result<u8> {
    let mut stream = UnixStream::connect(socket).await?;
    stream.write_all(&startup_message(super::NAME, "postgres")).await?;
    let answer = stream.read_u8().await?;
    // `Terminate`, so that the server's log does not mention a lost client.
    let _ = stream.write_all(&[b'X', 0, 0, 0, 4]).await;
    Ok(answer)
}

/// Length, protocol 3.0, then pairs of zero-terminated names and values, then a zero.
fn startup_message(user: &str, database: &str) -> Vec<u8> {
    let mut body = 196_608_u32.to_be_bytes().to_vec();
    for word in ["user", user, "database", database, "application_name", "drover probe"] {
        body.extend_from_slice(word.as_bytes());
        body.push(0);
    }
    body.push(0);
    let mut message = (body.len() as u32 + 4).to_be_bytes().to_vec();
    message.extend(body);
    message
}
