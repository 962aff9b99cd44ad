//! What is made as a copy, and what is put into a CD drive: the dialogs of images, templates and discs.

use model::disk::ImageDisk;
use model::template::{ImageTemplate, MakeTemplate};
use model::vm_options::MediaRef;
use model::{FieldErrors, QuotaId, StorageDomainId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::forms::FormData;
use crate::forms::parse::{Reader, on};

/// Change CD of a running VM.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CdForm {
    /// A `MediaRef`; empty ejects.
    pub cd: String,
}

impl FormData for CdForm {
    type Request = Option<MediaRef>;

    fn request(&self) -> Result<Option<MediaRef>, FieldErrors> {
        let mut r = Reader::default();
        let cd = (!self.cd.is_empty()).then(|| image(&mut r, "cd", &self.cd));
        r.end(cd)
    }
}

/// A file of a domain that was chosen; a stand-in for one that cannot be read.
fn image(r: &mut Reader, name: &str, text: &str) -> MediaRef {
    text.parse().unwrap_or_else(|()| {
        r.refuse(name, if text.is_empty() { "field-required" } else { "field-unknown-choice" });
        MediaRef { storage_domain: StorageDomainId(Uuid::nil()), name: String::new() }
    })
}

/// Make Template of a VM.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MakeTemplateForm {
    pub name: String,
    pub description: String,
    pub comment: String,
    /// Empty is where the VM's disk is.
    pub storage_domain: String,
    pub quota: String,
    pub all_users: String,
}

impl FormData for MakeTemplateForm {
    type Request = MakeTemplate;

    fn request(&self) -> Result<MakeTemplate, FieldErrors> {
        let mut r = Reader::default();
        let new = MakeTemplate {
            name: self.name.trim().to_owned(),
            description: self.description.clone(),
            comment: self.comment.clone(),
            storage_domain: r
                .choice_or_none::<Uuid>("storage_domain", &self.storage_domain)
                .map(StorageDomainId),
            quota: r.choice_or_none::<Uuid>("quota", &self.quota).map(QuotaId),
            all_users: on(&self.all_users),
        };
        r.and(new.errors());
        r.end(new)
    }
}

/// A disk out of an image.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImageDiskForm {
    pub image: String,
    pub alias: String,
    pub description: String,
    pub quota: String,
}

impl FormData for ImageDiskForm {
    type Request = ImageDisk;

    fn request(&self) -> Result<ImageDisk, FieldErrors> {
        let mut r = Reader::default();
        let new = ImageDisk {
            image: image(&mut r, "image", &self.image),
            alias: self.alias.trim().to_owned(),
            description: self.description.clone(),
            quota: r.choice_or_none::<Uuid>("quota", &self.quota).map(QuotaId),
        };
        r.and(new.errors());
        r.end(new)
    }
}

/// A template out of an image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImageTemplateForm {
    pub image: String,
    pub name: String,
    pub description: String,
    pub comment: String,
    /// MiB.
    pub memory: String,
    pub vcpus: String,
    pub quota: String,
    pub all_users: String,
}

impl Default for ImageTemplateForm {
    fn default() -> Self {
        let empty = String::new;
        ImageTemplateForm {
            image: empty(),
            name: empty(),
            description: empty(),
            comment: empty(),
            memory: "1024".to_owned(),
            vcpus: "1".to_owned(),
            quota: empty(),
            all_users: empty(),
        }
    }
}

impl FormData for ImageTemplateForm {
    type Request = ImageTemplate;

    fn request(&self) -> Result<ImageTemplate, FieldErrors> {
        let mut r = Reader::default();
        let new = ImageTemplate {
            image: image(&mut r, "image", &self.image),
            name: self.name.trim().to_owned(),
            description: self.description.clone(),
            comment: self.comment.clone(),
            memory: r.mib("memory", &self.memory),
            vcpus: r.number("vcpus", &self.vcpus),
            quota: r.choice_or_none::<Uuid>("quota", &self.quota).map(QuotaId),
            all_users: on(&self.all_users),
        };
        r.and(new.errors());
        r.end(new)
    }
}
