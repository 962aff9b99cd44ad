//! Whose certificates are believed: those of the authority that the directory was set up with, or, where none was
//! given, those that the machine trusts.

use std::sync::Arc;

use ldap3::LdapConnSettings;
use model::directory::Security;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::DirectoryError;
use crate::connection::Profile;

pub fn settings(profile: &Profile) -> Result<LdapConnSettings, DirectoryError> {
    let settings = LdapConnSettings::new().set_starttls(profile.config.security == Security::StartTls);
    if profile.config.security == Security::Plain || profile.config.ca.trim().is_empty() {
        return Ok(settings);
    }
    Ok(settings.set_config(Arc::new(believing(&profile.config.ca)?)))
}

fn believing(ca: &str) -> Result<ClientConfig, DirectoryError> {
    let unreadable = |e: &dyn std::fmt::Display| DirectoryError::Ca(e.to_string());
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(ca.as_bytes()) {
        roots.add(certificate.map_err(|e| unreadable(&e))?).map_err(|e| unreadable(&e))?;
    }
    if roots.is_empty() {
        return Err(DirectoryError::Ca("PEM".to_owned()));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| unreadable(&e))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}
