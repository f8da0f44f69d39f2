//! Which models stand in the models folder, and which of them is used.
//!
//! Input: a folder, and what was asked for. Output: a file. Invariant: without a wish it is the best known one, in the
//! catalogue's order, that is whole; files nobody knows come after those.

use std::path::{Path, PathBuf};

use super::catalogue::{MODELS, Model, named};
use super::model_file::{self, ModelFault};

/// A model in the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its file.
    pub path: PathBuf,
    /// What is known of it, if it is one of ours.
    pub model: Option<&'static Model>,
}

/// Why there is no model to use.
#[derive(Debug, thiserror::Error)]
pub enum NoModel {
    /// The folder holds none.
    #[error("find a speech model in {0}")]
    Nothing(PathBuf),
    /// A name nobody knows, which is no file either.
    #[error("find a speech model called {0}")]
    Unknown(String),
    /// A known model that is not installed.
    #[error("find the speech model {0}: it is not installed")]
    NotInstalled(&'static str),
    /// No such file.
    #[error("find the speech model {0}")]
    NoFile(PathBuf),
    /// The file is no sound model.
    #[error("use the speech model {path}")]
    Broken {
        /// Its file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        fault: ModelFault,
    },
}

/// The models of a folder, best first. A folder that is not there holds none.
pub fn installed(folder: &Path) -> Vec<Found> {
    let known = MODELS.iter().map(|model| Found { path: folder.join(model.file), model: Some(model) });
    let mut found: Vec<Found> = known.filter(|found| found.path.is_file()).collect();
    let others = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let is_other = |path: &PathBuf| {
        let is_bin = path.extension().is_some_and(|extension| extension == "bin");
        is_bin && path.is_file() && MODELS.iter().all(|model| path.file_name() != Some(model.file.as_ref()))
    };
    let mut others: Vec<PathBuf> = others.filter(is_other).collect();
    others.sort();
    found.extend(others.into_iter().map(|path| Found { path, model: None }));
    found
}

/// The model to use: by its name, as a file (in the folder, or anywhere), or the best one installed.
pub fn choose(folder: &Path, wanted: Option<&str>) -> Result<Found, NoModel> {
    let Some(wanted) = wanted else { return best(folder) };
    let found = match named(wanted) {
        Some(model) => {
            let path = folder.join(model.file);
            path.is_file().then_some(Found { path, model: Some(model) }).ok_or(NoModel::NotInstalled(model.name))?
        }
        None => file(folder, wanted)?,
    };
    whole(found)
}

fn file(folder: &Path, wanted: &str) -> Result<Found, NoModel> {
    let path = PathBuf::from(wanted);
    let inside = folder.join(wanted);
    if let Some(path) = [path.clone(), inside].into_iter().find(|path| path.is_file()) {
        let model = MODELS.iter().find(|model| path.file_name() == Some(model.file.as_ref()));
        return Ok(Found { path, model });
    }
    let is_path = path.components().count() > 1 || path.extension().is_some_and(|extension| extension == "bin");
    Err(if is_path { NoModel::NoFile(path) } else { NoModel::Unknown(wanted.to_owned()) })
}

/// The first that is whole; if none is, what is wrong with the first.
fn best(folder: &Path) -> Result<Found, NoModel> {
    let mut fault = None;
    for found in installed(folder) {
        match whole(found) {
            Ok(found) => return Ok(found),
            Err(error) => fault = fault.or(Some(error)),
        }
    }
    Err(fault.unwrap_or_else(|| NoModel::Nothing(folder.to_owned())))
}

fn whole(found: Found) -> Result<Found, NoModel> {
    match model_file::inspect(&found.path) {
        Ok(_) => Ok(found),
        Err(fault) => Err(NoModel::Broken { path: found.path, fault }),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const SMALL: &[u8] = include_bytes!("../../tests/data/voice/whisper-test-fr.bin");

    fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in files {
            fs::write(folder.path().join(name), content).unwrap();
        }
        folder
    }

    fn chosen(folder: &Path, wanted: Option<&str>) -> String {
        match choose(folder, wanted) {
            Ok(found) => found.path.file_name().unwrap().to_str().unwrap().to_owned(),
            Err(error) => format!("{error:?}").split(['(', ' ']).next().unwrap().to_owned(),
        }
    }

    #[test]
    fn without_a_wish_the_best_whole_one_is_used() {
        let cut = &SMALL[..2_000_000];
        let all =
            folder(&[("ggml-tiny.bin", SMALL), ("ggml-small.bin", SMALL), ("own.bin", SMALL), ("notes.txt", b"x")]);
        assert_eq!(chosen(all.path(), None), "ggml-small.bin");
        assert_eq!(installed(all.path()).len(), 3);
        let best_cut = folder(&[("ggml-small.bin", cut), ("own.bin", SMALL)]);
        assert_eq!(chosen(best_cut.path(), None), "own.bin");
        assert_eq!(chosen(folder(&[("ggml-small.bin", cut)]).path(), None), "Broken");
        assert_eq!(chosen(folder(&[]).path(), None), "Nothing");
        assert_eq!(chosen(Path::new("no such folder"), None), "Nothing");
    }

    #[test]
    fn a_wish_is_a_name_a_file_of_the_folder_or_any_file() {
        let folder = folder(&[("ggml-tiny.bin", SMALL), ("own.bin", SMALL), ("cut.bin", &SMALL[..100])]);
        let check = |wanted: &str, expect: &str| assert_eq!(chosen(folder.path(), Some(wanted)), expect, "{wanted}");
        check("tiny", "ggml-tiny.bin");
        check("own.bin", "own.bin");
        check(folder.path().join("own.bin").to_str().unwrap(), "own.bin");
        check("small", "NotInstalled");
        check("large-v9", "Unknown");
        check("other.bin", "NoFile");
        check("cut.bin", "Broken");
    }
}
