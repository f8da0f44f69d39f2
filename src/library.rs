//! The content files of a folder over those of the program, read again when they change.
//!
//! Input: a folder with `personas/`, `rubrics/` and `rubrics/livrets/`. Output: the [`Content`] in force. Invariant: a file that
//! breaks leaves its last good version in force (the one read before, else the program's) and is told about.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::SystemTime;
use std::{fs, io};

use crate::chain::Chain;
use crate::content::{Content, ContentError, File, Files, shipped, shipped_exchanges};
use crate::fault::Fault;
use crate::scoring::{Prepared, prepared};

/// The largest file read, in bytes: twenty times the largest persona.
const LARGEST: u64 = 2 * 1024 * 1024;

/// The folder of the booklets, in that of the rubrics.
const BOOKLETS: &str = "livrets";

/// The content in force, exchanged as a whole.
#[derive(Debug)]
pub struct Library {
    folder: PathBuf,
    shipped: Files,
    content: RwLock<Arc<Content>>,
    /// What the files looked like when `content` was read; held while reading again, so that two do not at once.
    stamp: Mutex<Stamp>,
}

/// Last change and size of each file.
type Stamp = BTreeMap<PathBuf, (Option<SystemTime>, u64)>;

impl Library {
    /// Reads the folder's files over those of the program.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Library, ContentError> {
        let (folder, shipped) = (folder.into(), shipped());
        let stamp = stamp(&folder);
        let (files, unreadable) = read(&folder, &content_paths(&folder));
        let content = Content::read(&[&files.into_iter().collect(), &shipped], unreadable)?;
        Ok(Library { folder, shipped, content: RwLock::new(Arc::new(content)), stamp: Mutex::new(stamp) })
    }

    /// What is in force now.
    pub fn content(&self) -> Arc<Content> {
        Arc::clone(&self.content.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The prepared exchanges of `rubrics/calibration/*.json` over those of the program, by name. One that cannot be read
    /// is left out and logged.
    ///
    /// Blocks: it reads them each time, for whoever practises marking.
    pub fn prepared(&self) -> Vec<Prepared> {
        let mut texts: BTreeMap<String, String> = shipped_exchanges().into_iter().collect();
        let entries = fs::read_dir(self.folder.join("rubrics").join("calibration")).into_iter().flatten().flatten();
        for path in entries.map(|entry| entry.path()) {
            let is_json = path.extension().is_some_and(|extension| extension == "json");
            let Some(name) = path.file_stem().filter(|_| is_json).and_then(|name| name.to_str()) else { continue };
            match read_text(&path, name) {
                Ok(text) => drop(texts.insert(name.to_owned(), text)),
                Err(fault) => tracing::warn!(file = name, fault = fault.rule, "a prepared exchange cannot be read"),
            }
        }
        let read = |(name, text): (String, String)| match prepared(&name, &text) {
            Ok(prepared) => Some(prepared),
            Err(error) => {
                tracing::warn!(file = name, error = %Chain(&error), "a prepared exchange is left out");
                None
            }
        };
        texts.into_iter().filter_map(read).collect()
    }

    /// Reads again if a file was changed, added or removed; tells whether it did.
    ///
    /// Blocks: some tens of microseconds where nothing changed, some tens of milliseconds where something did.
    pub fn refresh(&self) -> bool {
        let mut last = self.stamp.lock().unwrap_or_else(PoisonError::into_inner);
        let now = stamp(&self.folder);
        if now == *last {
            return false;
        }
        let (files, unreadable) = read(&self.folder, &content_paths(&self.folder));
        let before = self.content();
        let layers = [&files.into_iter().collect(), before.good_files(), &self.shipped];
        let Ok(content) = Content::read(&layers, unreadable) else { return false };
        *self.content.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(content);
        *last = now;
        true
    }
}

/// The `personas` and `rubrics` of a folder, where they are.
pub fn content_paths(folder: &Path) -> Vec<PathBuf> {
    ["personas", "rubrics"].iter().map(|name| folder.join(name)).filter(|path| path.is_dir()).collect()
}

/// Reads files, and the `*.toml` files of folders (of their `personas` and `rubrics`, where they have them). What
/// cannot be read is a fault. Names are shown relative to `base`.
pub fn read(base: &Path, paths: &[PathBuf]) -> (Vec<File>, Vec<Fault>) {
    let (mut files, mut faults) = (Vec::new(), Vec::new());
    for path in paths.iter().flat_map(|path| toml_files(path)) {
        let shown = path.strip_prefix(base).unwrap_or(&path).display().to_string();
        match read_text(&path, &shown) {
            Ok(text) => files.push(File::new(shown, text)),
            Err(fault) => faults.push(*fault),
        }
    }
    (files, faults)
}

fn toml_files(path: &Path) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![path.to_owned()];
    }
    let inner = content_paths(path);
    if !inner.is_empty() {
        return inner.iter().flat_map(|path| toml_files(path)).collect();
    }
    let mut files = toml_files_in(path);
    // The booklets stand below the rubrics.
    files.extend(toml_files_in(&path.join(BOOKLETS)));
    files
}

fn toml_files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|extension| extension == "toml")).collect();
    files.sort();
    files
}

fn read_text(path: &Path, shown: &str) -> Result<String, Box<Fault>> {
    let unreadable = |error: io::Error| {
        let rule = match error.kind() {
            io::ErrorKind::NotFound => "fichier introuvable".to_owned(),
            io::ErrorKind::PermissionDenied => "fichier interdit de lecture".to_owned(),
            _ => format!("fichier illisible : {error}"),
        };
        Box::new(Fault::of_file(shown, rule, "vérifiez le chemin et les droits du fichier"))
    };
    if fs::metadata(path).map_err(unreadable)?.len() > LARGEST {
        return Err(Box::new(Fault::of_file(shown, "fichier de plus de 2 Mio", "vérifiez que c'est bien une fiche")));
    }
    String::from_utf8(fs::read(path).map_err(unreadable)?).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = good.split(|byte| *byte == b'\n').count();
        let fault = Fault::of_file(shown, "le texte n'est pas en UTF-8", "enregistrez le fichier en UTF-8");
        Box::new(Fault { line, ..fault })
    })
}

fn stamp(folder: &Path) -> Stamp {
    let files = content_paths(folder).into_iter().flat_map(|path| toml_files(&path));
    files
        .filter_map(|path| {
            let metadata = fs::metadata(&path).ok()?;
            Some((path, (metadata.modified().ok(), metadata.len())))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_breaks_while_in_use_leaves_its_last_good_version() {
        let folder = tempfile::tempdir().unwrap();
        let personas = folder.path().join("personas");
        fs::create_dir(&personas).unwrap();
        let directory = personas.join("bailleur.toml");
        let text = include_str!("../personas/bailleur.toml").replace("Rive Claire Habitat", "Val Doré");
        fs::write(&directory, &text).unwrap();

        let library = Library::open(folder.path()).unwrap();
        assert_eq!(library.content().organisation().landlord().nom, "Val Doré");
        assert!(!library.refresh(), "nothing changed");

        fs::write(&directory, text.replace("nom = \"Val Doré\"", "nom = ")).unwrap();
        assert!(library.refresh());
        let content = library.content();
        assert_eq!(content.organisation().landlord().nom, "Val Doré");
        assert_eq!(content.faults()[0].file, "personas/bailleur.toml");

        fs::remove_file(&directory).unwrap();
        assert!(library.refresh());
        assert_eq!(library.content().faults(), []);
    }

    #[test]
    fn shipped_exchanges_are_sound_and_a_folder_adds_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join("rubrics/calibration");
        fs::create_dir_all(&own).unwrap();
        let text = r#"{"exchange": {"persona": "fuite-colere", "channel": "phone",
            "turns": [{"speaker": "trainee", "text": "Bonjour, je vous écoute."}]}, "marks": {"1.2.a": {"level": 1}}}"#;
        fs::write(own.join("notre.json"), text).unwrap();
        fs::write(own.join("casse.json"), "{").unwrap();
        let library = Library::open(folder.path()).unwrap();
        let found = library.prepared();
        assert_eq!(found.len(), shipped_exchanges().len() + 1, "each shipped file, and the sound one of the folder");
        assert!(found.len() > 6 && found.iter().any(|one| one.name == "notre"));
        let content = library.content();
        let rubric = content.rubric("bloc1").unwrap();
        for one in found {
            assert!(content.persona(&one.transcript.persona).is_some(), "{}", one.name);
            assert!(one.marks.keys().all(|id| rubric.indicator(id).is_some()), "{}", one.name);
        }
    }

    #[test]
    fn what_cannot_be_read_is_a_fault_at_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let latin = folder.path().join("x.toml");
        fs::write(&latin, b"a = 1\nb = \"\xe9t\xe9\"\n").unwrap();
        let (files, faults) = read(folder.path(), &[latin, folder.path().join("absent.toml")]);
        assert_eq!(files, []);
        assert_eq!((faults[0].file.as_str(), faults[0].line), ("x.toml", 2));
        assert_eq!(faults[1].rule, "fichier introuvable");
    }
}
