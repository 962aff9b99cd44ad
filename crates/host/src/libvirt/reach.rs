//! The look before the leap: whether somebody listens at an endpoint and speaks, within seconds and with a
//! clear error, because libvirt's own attempt to connect has no time limit and few words.

use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::time::Duration;

use model::host::Transport;

use super::uri::port;
use super::{Options, tls};
use crate::driver::Endpoint;
use crate::{HostError, HostResult};

/// For each of: an address to answer, and then to say something.
pub const LIMIT: Duration = Duration::from_secs(4);

/// The addresses of a remote endpoint; none for a local one.
fn addresses(endpoint: &Endpoint) -> HostResult<Vec<SocketAddr>> {
    if endpoint.transport == Transport::Local {
        return Ok(Vec::new());
    }
    let found = (endpoint.address.as_str(), port(endpoint)).to_socket_addrs();
    let found: Vec<_> = found.map(Iterator::collect).unwrap_or_default();
    match found.is_empty() {
        true => Err(HostError::Unreachable(format!("the name {} is not known", endpoint.address))),
        false => Ok(found),
    }
}

/// Whether it is worth while to let libvirt try. The answer is what is wrong with the host's certificate, if
/// libvirt should then refuse it; it has the last word, because it knows older certificates better. Blocks.
pub fn knock(endpoint: &Endpoint, options: &Options) -> HostResult<Option<HostError>> {
    let Some(stream) = connected(&addresses(endpoint)?)? else { return Ok(None) };
    if endpoint.transport == Transport::Tls {
        return tls::hello(stream, &endpoint.address, &options.pki_path);
    }
    Ok(None)
}

/// A connection to the first address that takes one; none without addresses.
fn connected(addresses: &[SocketAddr]) -> HostResult<Option<TcpStream>> {
    let mut failure = None;
    for address in addresses {
        match TcpStream::connect_timeout(address, LIMIT) {
            Ok(stream) => return Ok(Some(stream)),
            Err(error) => failure = Some(unreachable(*address, &error)),
        }
    }
    failure.map_or(Ok(None), Err)
}

fn unreachable(address: SocketAddr, error: &std::io::Error) -> HostError {
    use std::io::ErrorKind::*;
    HostError::Unreachable(match error.kind() {
        ConnectionRefused => format!("nothing listens at {address}; is libvirt's socket for it enabled?"),
        TimedOut | WouldBlock => format!("{address} does not answer"),
        HostUnreachable | NetworkUnreachable => format!("there is no route to {address}"),
        _ => format!("{address} cannot be reached: {error}"),
    })
}

/// Where the host's VNC servers listen: on the address by which the host is reached, and on no other.
pub fn listen_address(endpoint: &Endpoint) -> String {
    match addresses(endpoint) {
        Ok(found) if found.is_empty() => "127.0.0.1".into(),
        Ok(found) => found[0].ip().to_string(),
        Err(_) => endpoint.address.clone(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use model::HostId;
    use model::host::Acceleration;

    fn knocked(address: &str, port: u16) -> HostResult<Option<HostError>> {
        let endpoint = Endpoint {
            host: HostId(uuid::Uuid::nil()),
            address: address.into(),
            port: Some(port),
            transport: Transport::Tcp,
            acceleration: Acceleration::Auto,
        };
        knock(&endpoint, &Options { pki_path: "/nowhere".into(), allow_tcp: true })
    }

    #[test]
    fn a_closed_door_is_named() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        assert!(knocked("127.0.0.1", port).unwrap().is_none());
        drop(listener);
        let refused = knocked("127.0.0.1", port).unwrap_err();
        assert!(refused.to_string().contains("nothing listens"), "{refused}");
        let unknown = knocked("no.such.name.invalid", port).unwrap_err();
        assert!(unknown.to_string().contains("is not known"), "{unknown}");
    }
}
