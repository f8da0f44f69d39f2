//! Getting a model: downloaded over HTTPS, taken up again where the line was cut, verified before it is used.
//!
//! Input: a [`Source`] and a folder. Output: the model in the folder. Invariant: a file under a model's name is whole:
//! its length, its checksum where one is known or declared, and its inside were looked at.

mod part;
mod request;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::header::ETAG;
use reqwest::{StatusCode, Url};

use super::catalogue::Model;
use super::model_file::{self, ModelFault};
use super::{Sha256, Sha256Error};
use crate::outgoing;
use part::{Origin, Part};
use request::{ask, host, range};

/// What is to be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Where it is.
    pub url: Url,
    /// Its name in the models folder.
    pub file: String,
    /// Its length, where known.
    pub bytes: Option<u64>,
    /// Its checksum, where known.
    pub sha256: Option<Sha256>,
}

impl TryFrom<&Model> for Source {
    type Error = Sha256Error;

    fn try_from(model: &Model) -> Result<Source, Sha256Error> {
        let sha256 = model.sha256.map(str::parse).transpose()?;
        let url = model.url.parse().map_err(|_| Sha256Error)?;
        Ok(Source { url, file: model.file.to_owned(), bytes: Some(model.bytes), sha256 })
    }
}

/// How patient a download is.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// How long the line may be silent.
    pub silence: Duration,
    /// How often one tries again without a byte more.
    pub tries: u32,
    /// Wait before the first new try; it doubles.
    pub wait: Duration,
}

impl Patience {
    /// A usual line at home.
    pub const USUAL: Patience = Patience { silence: Duration::from_secs(30), tries: 5, wait: Duration::from_secs(1) };
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Reads what an earlier try left.
    Rereading {
        /// Bytes read.
        at: u64,
        /// Of so many.
        of: u64,
    },
    /// Downloads.
    Downloading {
        /// Bytes there.
        at: u64,
        /// Of so many, if known.
        of: Option<u64>,
    },
    /// The line was cut: tries again after a while.
    CutOff {
        /// After so long.
        again_in: Duration,
    },
    /// The whole file is there; it is being looked at.
    Verifying,
}

/// Who vouches for a checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attested {
    /// Comptoir, or whoever gave it on the command line.
    Known,
    /// The server that gave the file.
    Server,
    /// Nobody.
    Nobody,
}

/// A model in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// Where it is.
    pub path: PathBuf,
    /// Its checksum.
    pub sha256: Sha256,
    /// Who vouches for it.
    pub attested: Attested,
    /// It was there already.
    pub already: bool,
}

/// Why a model could not be had.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// A file or folder cannot be read or written.
    #[error("write {0}")]
    Disk(PathBuf, #[source] io::Error),
    /// Another process is downloading it.
    #[error("download the model: another download of it is under way")]
    Busy,
    /// Not enough room.
    #[error("download the model: {needed} bytes are needed, {free} are free")]
    NoRoom {
        /// Bytes still to come.
        needed: u64,
        /// Bytes free.
        free: u64,
    },
    /// Calls over HTTPS are not possible here.
    #[error("set up calls over HTTPS: {0}")]
    NotReady(String),
    /// The server cannot be reached.
    #[error("reach {host}: {why}")]
    Unreachable {
        /// Which.
        host: String,
        /// What the system said.
        why: String,
    },
    /// The line was cut again and again; what came is kept.
    #[error("download the model: the line was cut at {at} bytes")]
    CutOff {
        /// Bytes kept.
        at: u64,
    },
    /// The server has no such file, or does not give it.
    #[error("download the model: {host} answered with status {status}")]
    Status {
        /// Which server.
        host: String,
        /// HTTP status.
        status: u16,
    },
    /// It would come unprotected, and nothing could tell whether it is what it should be.
    #[error("download the model over plain HTTP without a checksum")]
    Unprotected,
    /// The server has another file than the one known.
    #[error("find the known model: it has {expected} bytes, the server's {found}")]
    Size {
        /// As known.
        expected: u64,
        /// As found.
        found: u64,
    },
    /// Another checksum than the expected one; what came was removed.
    #[error("verify the model: its SHA-256 is {found}, not {expected}")]
    Checksum {
        /// What it should be.
        expected: Sha256,
        /// What it is.
        found: Sha256,
    },
    /// It is no model; what came was removed.
    #[error("use the file that came")]
    NotAModel(#[from] ModelFault),
}

/// Downloads a model into a folder, or finds it there. What came is kept when the future is dropped.
pub async fn install(
    source: &Source,
    folder: &Path,
    patience: Patience,
    mut told: impl FnMut(Step),
) -> Result<Installed, InstallError> {
    fs::create_dir_all(folder).map_err(|error| InstallError::Disk(folder.to_owned(), error))?;
    let path = folder.join(&source.file);
    if let Some(installed) = there(source, &path, &mut told) {
        return Ok(installed);
    }
    let mut part =
        Part::open(&folder.join(format!("{}.part", source.file)), |at, of| told(Step::Rereading { at, of }))?;
    let declared = match fetch(source, &mut part, patience, &mut told).await {
        Ok(declared) => declared,
        Err(error) => {
            if part.length() == 0 {
                part.discard();
            }
            return Err(error);
        }
    };
    told(Step::Verifying);
    let (found, known) = (part.checksum(), source.sha256.or(declared));
    if let Some(expected) = known.filter(|expected| *expected != found) {
        part.discard();
        return Err(InstallError::Checksum { expected, found });
    }
    if let Err(fault) = model_file::inspect(part.path()) {
        part.discard();
        return Err(fault.into());
    }
    part.finish(&path)?;
    Ok(Installed { path, sha256: found, attested: attested(source, declared), already: false })
}

fn attested(source: &Source, declared: Option<Sha256>) -> Attested {
    match (source.sha256, declared) {
        (Some(_), _) => Attested::Known,
        (None, Some(_)) => Attested::Server,
        (None, None) => Attested::Nobody,
    }
}

/// The model, if it stands there whole. What is broken is replaced.
fn there(source: &Source, path: &Path, told: &mut impl FnMut(Step)) -> Option<Installed> {
    let length = fs::metadata(path).ok()?.len();
    if source.bytes.is_some_and(|bytes| bytes != length) {
        return None;
    }
    told(Step::Verifying);
    model_file::inspect(path).ok()?;
    let sha256 = Sha256::of_file(path).ok()?;
    let good = source.sha256.is_none_or(|expected| expected == sha256);
    good.then(|| Installed { path: path.to_owned(), sha256, attested: attested(source, None), already: true })
}

/// What one request brought about.
enum Go {
    Done,
    /// The line was cut, or the server asked for patience.
    Again(InstallError),
}

/// Fetches what is missing. The checksum that the server declared, if it did.
async fn fetch(
    source: &Source,
    part: &mut Part,
    patience: Patience,
    told: &mut impl FnMut(Step),
) -> Result<Option<Sha256>, InstallError> {
    if source.url.scheme() != "https" && !outgoing::is_here(&source.url) && source.sha256.is_none() {
        return Err(InstallError::Unprotected);
    }
    if source.sha256.is_some() && source.bytes == Some(part.length()) {
        return Ok(None);
    }
    let (mut failed, mut wait) = (0, patience.wait);
    let mut declared = None;
    loop {
        let before = part.length();
        match once(source, part, patience, &mut declared, told).await? {
            Go::Done => return Ok(declared),
            Go::Again(error) => {
                if part.length() > before {
                    (failed, wait) = (0, patience.wait);
                }
                failed += 1;
                if failed >= patience.tries {
                    let at = part.length();
                    return Err(if at > 0 { InstallError::CutOff { at } } else { error });
                }
                told(Step::CutOff { again_in: wait });
                tokio::time::sleep(wait).await;
                wait = (wait * 2).min(patience.wait * 16);
            }
        }
    }
}

async fn once(
    source: &Source,
    part: &mut Part,
    patience: Patience,
    declared: &mut Option<Sha256>,
    told: &mut impl FnMut(Step),
) -> Result<Go, InstallError> {
    let kept = part.origin().filter(|origin| origin.url == source.url.as_str());
    // Without a word on where the pieces came from, only a checksum that is known beforehand can vouch for them.
    if part.length() > 0 && kept.as_ref().and_then(|origin| origin.etag.as_ref()).is_none() && source.sha256.is_none() {
        part.restart()?;
    }
    let etag = kept.as_ref().and_then(|origin| origin.etag.clone()).filter(|etag| etag.starts_with('"'));
    let asked = ask(&source.url, part.length(), etag.as_deref(), patience).await?;
    let (mut response, linked) = match asked {
        Ok(answer) => answer,
        Err(error) => return Ok(Go::Again(error)),
    };
    let was_declared = kept.and_then(|origin| origin.declared).and_then(|text| text.parse().ok());
    *declared = linked.sha256;
    let status = response.status();
    let changed = was_declared.is_some() && linked.sha256.is_some() && was_declared != linked.sha256;
    let total = match status {
        StatusCode::OK => {
            part.restart()?;
            response.content_length()
        }
        StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE => {
            let (from, total) = range(&response);
            let complete = status == StatusCode::RANGE_NOT_SATISFIABLE && total == Some(part.length());
            if changed || (!complete && from != Some(part.length())) {
                // Another file by now, or another piece than was asked for: from the beginning.
                part.restart()?;
                part.note_origin(&Origin::default())?;
                return Ok(Go::Again(InstallError::CutOff { at: 0 }));
            }
            if complete {
                return Ok(Go::Done);
            }
            total
        }
        status if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() => {
            return Ok(Go::Again(InstallError::Status { host: host(response.url()), status: status.as_u16() }));
        }
        status => return Err(InstallError::Status { host: host(response.url()), status: status.as_u16() }),
    };
    let total = total.or(linked.bytes);
    if let (Some(expected), Some(found)) = (source.bytes, total)
        && expected != found
    {
        return Err(InstallError::Size { expected, found });
    }
    let etag = response.headers().get(ETAG).and_then(|etag| etag.to_str().ok()).map(str::to_owned);
    let declared = linked.sha256.map(|sum| sum.to_string());
    part.note_origin(&Origin { url: source.url.to_string(), etag, declared })?;
    room(part, total)?;
    loop {
        told(Step::Downloading { at: part.length(), of: total });
        match response.chunk().await {
            Ok(Some(piece)) => part.add(&piece)?,
            Ok(None) if total.is_none_or(|total| total == part.length()) => return Ok(Go::Done),
            Ok(None) | Err(_) => return Ok(Go::Again(InstallError::CutOff { at: part.length() })),
        }
    }
}

/// Refuses to begin what will not fit. Where the system does not say how much is free, the disk itself will.
fn room(part: &Part, total: Option<u64>) -> Result<(), InstallError> {
    let needed = total.unwrap_or(0).saturating_sub(part.length());
    match free(part.path()) {
        Some(free) if free < needed => Err(InstallError::NoRoom { needed, free }),
        _ => Ok(()),
    }
}

#[cfg(unix)]
fn free(path: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(path).ok()?;
    disk.f_bavail.checked_mul(disk.f_frsize)
}

#[cfg(not(unix))]
fn free(_: &Path) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests;
