//! The VM's side: connects to the VNC server and answers its authentication (RFB 3.8, RFC 6143 §7.1). Ends
//! where the client would say what it wants; that is left to the browser.

use super::des;
use model::text::t;
use std::{io, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const CONNECT_PATIENCE: Duration = Duration::from_secs(5);
const HANDSHAKE_PATIENCE: Duration = Duration::from_secs(5);

const NONE: u8 = 1;
const VNC_PASSWORD: u8 = 2;

/// Where a VM shows its screen, and the password that opens it.
#[derive(Clone)]
pub struct Display {
    /// Address or name of the host.
    pub host: String,
    pub port: u16,
    pub password: String,
}

/// Never prints the password.
impl std::fmt::Debug for Display {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Display({})", self.address())
    }
}

impl Display {
    pub fn address(&self) -> String {
        match self.host.contains(':') {
            true => format!("[{}]:{}", self.host, self.port),
            false => format!("{}:{}", self.host, self.port),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum HostError {
    #[error("connecting: {0}")]
    Unreachable(io::Error),
    #[error("no connection within {} s", CONNECT_PATIENCE.as_secs())]
    Silent,
    #[error("the handshake did not end within {} s", HANDSHAKE_PATIENCE.as_secs())]
    Slow,
    #[error("it is no VNC server: {0}")]
    NotVnc(String),
    #[error("it offers no password authentication, but the types {0:?}")]
    NoPassword(Vec<u8>),
    #[error("it takes anybody, without a password")]
    Open,
    #[error("it refused the password: {0}")]
    WrongPassword(String),
    #[error("it refused the connection: {0}")]
    Refused(String),
    #[error("the connection broke: {0}")]
    Broken(#[from] io::Error),
}

impl HostError {
    /// For the person at the console, who can do something about the VM but not about its host.
    pub fn for_person(&self) -> String {
        t(match self {
            HostError::Unreachable(_) | HostError::Silent => "console-host-unreachable",
            HostError::Slow | HostError::Broken(_) => "console-host-silent",
            HostError::WrongPassword(_) => "console-host-password",
            HostError::Open => "console-host-open",
            HostError::NotVnc(_) | HostError::NoPassword(_) | HostError::Refused(_) => "console-host-refused",
        })
    }
}

/// A connection that stands right before the client's `ClientInit`.
pub async fn open(display: &Display) -> Result<TcpStream, HostError> {
    let connecting = TcpStream::connect((display.host.as_str(), display.port));
    let connected = tokio::time::timeout(CONNECT_PATIENCE, connecting).await;
    let mut stream = connected.map_err(|_| HostError::Silent)?.map_err(HostError::Unreachable)?;
    stream.set_nodelay(true)?;
    let shaken = tokio::time::timeout(HANDSHAKE_PATIENCE, handshake(&mut stream, &display.password)).await;
    shaken.map_err(|_| HostError::Slow)??;
    Ok(stream)
}

async fn handshake(stream: &mut TcpStream, password: &str) -> Result<(), HostError> {
    let mut version = [0; 12];
    stream.read_exact(&mut version).await?;
    if !version.starts_with(b"RFB 003.") {
        return Err(HostError::NotVnc(String::from_utf8_lossy(&version).into_owned()));
    }
    if version < *b"RFB 003.008\n" {
        return Err(HostError::NotVnc("it speaks an RFB before 3.8".into()));
    }
    stream.write_all(super::browser::VERSION).await?;
    choose(stream).await?;
    let mut challenge = [0; 16];
    stream.read_exact(&mut challenge).await?;
    stream.write_all(&des::response(password, challenge)).await?;
    match stream.read_u32().await? {
        0 => Ok(()),
        _ => Err(HostError::WrongPassword(reason(stream).await)),
    }
}

async fn choose(stream: &mut TcpStream) -> Result<(), HostError> {
    let count = stream.read_u8().await?;
    if count == 0 {
        return Err(HostError::Refused(reason(stream).await));
    }
    let mut types = vec![0; count.into()];
    stream.read_exact(&mut types).await?;
    if types.contains(&VNC_PASSWORD) {
        return Ok(stream.write_u8(VNC_PASSWORD).await?);
    }
    // Architecture: a VM's screen is never open to whoever reaches its port. One that is was not started by us.
    Err(if types.contains(&NONE) { HostError::Open } else { HostError::NoPassword(types) })
}

/// A text with its length before it; what is missing or absurdly long is left out.
async fn reason(stream: &mut TcpStream) -> String {
    let Ok(length @ 1..=1024) = stream.read_u32().await else { return "no reason given".into() };
    let mut text = vec![0; length as usize];
    match stream.read_exact(&mut text).await {
        Ok(_) => String::from_utf8_lossy(&text).into_owned(),
        Err(_) => "no reason given".into(),
    }
}
