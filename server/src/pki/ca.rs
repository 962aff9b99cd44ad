//! A certificate authority in memory and the one way to get a certificate of it. Every date is the caller's,
//! so that tests can ask for expired ones as easily as the server asks for good ones. Keys are ECDSA P-256:
//! what libvirt's GnuTLS, browsers and rustls all take, and cheap to make.

use super::PkiError;
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    IsCa, Issuer, KeyPair, KeyUsagePurpose, PublicKeyData, SanType,
};
use std::net::IpAddr;
use time::OffsetDateTime;

/// What a certificate is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// HTTPS.
    Server,
    /// Drover towards libvirtd.
    Client,
    /// libvirtd, towards Drover and towards other hosts.
    Host,
}

#[derive(Debug, Clone)]
pub struct IssueRequest {
    /// The common name, and an alternative name if it is a DNS name or an address.
    pub name: String,
    /// Further alternative names: IP addresses and DNS names.
    pub addresses: Vec<String>,
    pub not_before: OffsetDateTime,
    pub not_after: OffsetDateTime,
    pub purpose: Purpose,
}

#[derive(Clone)]
pub struct Issued {
    pub cert_pem: String,
    pub key_pem: String,
    pub not_after: OffsetDateTime,
}

pub struct Ca {
    pub(super) not_before: OffsetDateTime,
    pub(super) not_after: OffsetDateTime,
    cert_pem: String,
    key_id: Vec<u8>,
    issuer: Issuer<'static, KeyPair>,
}

impl Ca {
    pub fn create(not_before: OffsetDateTime, not_after: OffsetDateTime) -> Result<Ca, PkiError> {
        let failed = |cause| PkiError::Issue { name: "the authority".into(), cause };
        let key = KeyPair::generate().map_err(failed)?;
        let mut params = CertificateParams::default();
        params.not_before = not_before;
        params.not_after = not_after;
        // Two installations' authorities must be told apart in a browser's list.
        params.distinguished_name = subject(&format!("Drover CA {}", fingerprint(key.der_bytes())));
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let cert: Certificate = params.self_signed(&key).map_err(failed)?;
        let key_id = params.key_identifier(&key);
        Ok(Ca { not_before, not_after, cert_pem: cert.pem(), key_id, issuer: Issuer::new(params, key) })
    }

    /// From the two PEM texts; a key that does not belong to the certificate is refused.
    pub fn parse(cert_pem: &str, key_pem: &str) -> Result<Ca, String> {
        let held = super::Held::parse(cert_pem.as_bytes())?;
        let key = key_of(&held, key_pem)?;
        let issuer = Issuer::from_ca_cert_pem(cert_pem, key).map_err(|e| e.to_string())?;
        let (not_before, not_after) = (held.not_before, held.not_after);
        Ok(Ca { not_before, not_after, cert_pem: cert_pem.to_owned(), key_id: held.key_id, issuer })
    }

    pub fn issue(&self, request: &IssueRequest) -> Result<Issued, PkiError> {
        let failed = |cause| PkiError::Issue { name: request.name.clone(), cause };
        let key = KeyPair::generate().map_err(failed)?;
        let cert = params(request)?.signed_by(&key, &self.issuer).map_err(failed)?;
        Ok(Issued { cert_pem: cert.pem(), key_pem: key.serialize_pem(), not_after: request.not_after })
    }

    /// The authority's certificate; public.
    pub fn pem(&self) -> &str {
        &self.cert_pem
    }

    pub(super) fn key_pem(&self) -> String {
        self.issuer.key().serialize_pem()
    }

    pub(super) fn key_id(&self) -> &[u8] {
        &self.key_id
    }
}

/// The key, if it is this certificate's.
pub(super) fn key_of(held: &super::Held, key_pem: &str) -> Result<KeyPair, String> {
    let key = KeyPair::from_pem(key_pem).map_err(|e| e.to_string())?;
    match held.public_key == key.subject_public_key_info() {
        true => Ok(key),
        false => Err("the key does not belong to the certificate".into()),
    }
}

fn params(request: &IssueRequest) -> Result<CertificateParams, PkiError> {
    let mut params = CertificateParams::default();
    params.not_before = request.not_before;
    params.not_after = request.not_after;
    params.distinguished_name = subject(&request.name);
    params.is_ca = IsCa::ExplicitNoCa;
    params.use_authority_key_identifier_extension = true;
    for name in std::iter::once(&request.name).chain(&request.addresses) {
        let san = alternative_name(name)?;
        if !params.subject_alt_names.contains(&san) {
            params.subject_alt_names.push(san);
        }
    }
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    if request.purpose != Purpose::Server {
        // Older libvirt insists on it, though an elliptic key never encrypts one.
        params.key_usages.push(KeyUsagePurpose::KeyEncipherment);
    }
    params.extended_key_usages = match request.purpose {
        Purpose::Server => vec![ExtendedKeyUsagePurpose::ServerAuth],
        Purpose::Client => vec![ExtendedKeyUsagePurpose::ClientAuth],
        Purpose::Host => vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth],
    };
    Ok(params)
}

fn subject(name: &str) -> DistinguishedName {
    let mut subject = DistinguishedName::new();
    subject.push(DnType::OrganizationName, "Drover");
    subject.push(DnType::CommonName, name);
    subject
}

fn alternative_name(name: &str) -> Result<SanType, PkiError> {
    let bad = || PkiError::BadName(name.to_owned());
    if let Ok(ip) = name.parse::<IpAddr>() {
        return Ok(SanType::IpAddress(ip));
    }
    if !is_name(name) {
        return Err(bad());
    }
    Ok(SanType::DnsName(name.try_into().map_err(|_| bad())?))
}

/// A DNS name as certificates carry it: letters, digits, hyphens and dots; a star may be the first label.
pub(super) fn is_name(name: &str) -> bool {
    let label = |l: &str| {
        !l.is_empty()
            && l.len() <= 63
            && !l.starts_with('-')
            && !l.ends_with('-')
            && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    name.len() <= 253 && name.strip_prefix("*.").unwrap_or(name).split('.').all(label)
}

fn fingerprint(public_key: &[u8]) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, public_key);
    digest.as_ref()[..4].iter().map(|b| format!("{b:02x}")).collect()
}
