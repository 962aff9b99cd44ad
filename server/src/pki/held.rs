//! What a certificate on disk says: whom it is for, from when to when, and who signed it. Read to decide on
//! renewal and to show to people; trust is never decided here.

use super::PkiError;
use std::{net::IpAddr, path::Path};
use time::OffsetDateTime;
use x509_parser::{
    extensions::{GeneralName, ParsedExtension},
    pem::parse_x509_pem,
};

#[derive(Debug, Clone)]
pub struct Held {
    pub subject: String,
    /// DNS names and IP addresses.
    pub names: Vec<String>,
    pub not_before: OffsetDateTime,
    pub not_after: OffsetDateTime,
    pub(super) key_id: Vec<u8>,
    pub(super) issuer_key: Vec<u8>,
    pub(super) public_key: Vec<u8>,
}

impl Held {
    pub fn read(path: &Path) -> Result<Held, PkiError> {
        let text = super::files::read(path)?;
        Held::parse(text.as_bytes()).map_err(|cause| PkiError::Unusable {
            what: "certificate",
            path: path.to_owned(),
            cause,
        })
    }

    pub fn parse(pem: &[u8]) -> Result<Held, String> {
        let (_, pem) = parse_x509_pem(pem).map_err(|e| e.to_string())?;
        let cert = pem.parse_x509().map_err(|e| e.to_string())?;
        let mut held = Held {
            subject: cert.subject().to_string(),
            names: Vec::new(),
            not_before: cert.validity().not_before.to_datetime(),
            not_after: cert.validity().not_after.to_datetime(),
            key_id: Vec::new(),
            issuer_key: Vec::new(),
            public_key: cert.public_key().raw.to_vec(),
        };
        for extension in cert.extensions() {
            held.take(extension.parsed_extension());
        }
        Ok(held)
    }

    fn take(&mut self, extension: &ParsedExtension<'_>) {
        match extension {
            ParsedExtension::SubjectAlternativeName(san) => {
                self.names = san.general_names.iter().filter_map(name_of).collect();
            }
            ParsedExtension::SubjectKeyIdentifier(id) => self.key_id = id.0.to_vec(),
            ParsedExtension::AuthorityKeyIdentifier(id) => {
                self.issuer_key = id.key_identifier.as_ref().map(|k| k.0.to_vec()).unwrap_or_default();
            }
            _ => {}
        }
    }

    /// Whether it carries exactly these names.
    pub fn names_match(&self, names: &[String]) -> bool {
        let sorted = |list: &[String]| {
            let mut list = list.to_vec();
            list.sort();
            list
        };
        sorted(&self.names) == sorted(names)
    }
}

fn name_of(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => match bytes.len() {
            4 => Some(IpAddr::from(<[u8; 4]>::try_from(*bytes).ok()?).to_string()),
            _ => Some(IpAddr::from(<[u8; 16]>::try_from(*bytes).ok()?).to_string()),
        },
        _ => None,
    }
}
