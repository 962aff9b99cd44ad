//! From an endpoint to libvirt's connection URI. A person typed the address, so it must stay an address.

use std::net::IpAddr;

use model::host::Transport;

use super::Options;
use crate::driver::Endpoint;
use crate::{HostError, HostResult};

pub fn uri(endpoint: &Endpoint, options: &Options) -> HostResult<String> {
    let authority = || format!("{}:{}", bracketed(&endpoint.address), port(endpoint));
    match endpoint.transport {
        Transport::Local => Ok("qemu:///system".into()),
        Transport::Tls => {
            let pki = escaped(&options.pki_path.to_string_lossy());
            Ok(format!("qemu+tls://{}/system?pkipath={pki}", authority()))
        }
        Transport::Tcp if options.allow_tcp => Ok(format!("qemu+tcp://{}/system", authority())),
        Transport::Tcp => Err(HostError::Failed(
            "plain TCP is neither encrypted nor authenticated and is not allowed on this server".into(),
        )),
    }
}

pub fn port(endpoint: &Endpoint) -> u16 {
    endpoint.port.unwrap_or(endpoint.transport.default_port())
}

fn bracketed(address: &str) -> String {
    let ipv6 = matches!(address.parse(), Ok(IpAddr::V6(_)));
    if ipv6 { format!("[{address}]") } else { escaped(address) }
}

/// Percent-encoding of all but the characters that mean themselves anywhere in a URI.
fn escaped(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use model::HostId;
    use model::host::Acceleration;

    fn endpoint(transport: Transport, address: &str, port: Option<u16>) -> Endpoint {
        let host = HostId(uuid::Uuid::nil());
        Endpoint { host, address: address.into(), port, transport, acceleration: Acceleration::Auto }
    }

    fn options(allow_tcp: bool) -> Options {
        Options { pki_path: "/var/lib/my drover/pki".into(), allow_tcp }
    }

    #[test]
    fn each_transport_has_its_uri() {
        for (transport, address, port, expected) in [
            (Transport::Local, "", None, "qemu:///system"),
            (Transport::Tcp, "kvm3", None, "qemu+tcp://kvm3:16509/system"),
            (
                Transport::Tls,
                "2001:db8::1",
                Some(99),
                "qemu+tls://[2001:db8::1]:99/system?pkipath=%2Fvar%2Flib%2Fmy%20drover%2Fpki",
            ),
        ] {
            assert_eq!(uri(&endpoint(transport, address, port), &options(true)).unwrap(), expected);
        }
    }

    #[test]
    fn an_address_cannot_smuggle_parameters() {
        let uri = uri(&endpoint(Transport::Tls, "a/system?no_verify=1&x=", None), &options(false)).unwrap();
        assert!(uri.starts_with("qemu+tls://a%2Fsystem%3Fno_verify%3D1%26x%3D:16514/system?"), "{uri}");
    }

    #[test]
    fn tcp_needs_the_flag() {
        let refused = uri(&endpoint(Transport::Tcp, "kvm3", None), &options(false));
        assert!(matches!(refused, Err(HostError::Failed(text)) if text.contains("not allowed")));
    }
}
