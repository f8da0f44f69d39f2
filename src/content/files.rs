//! Content files before they are understood: which kind, under which name, with which text.

use std::collections::BTreeMap;

use crate::fault::Fault;
use crate::persona::Known;
use crate::rubric::booklet::{self, Grids};
use crate::{organisation, persona, rubric};

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The landlord and its services, `personas/bailleur.toml`.
    Directory,
    /// `rubrics/<id>.toml`.
    Rubric,
    /// `rubrics/livrets/<id>.toml`.
    Booklet,
    /// `personas/<id>.toml`.
    Persona,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// What it holds.
    pub kind: Kind,
    /// Its name as shown in faults.
    pub name: String,
    /// Its text.
    pub text: String,
}

impl File {
    /// Tells the kind by the name: `bailleur.toml`, or the folder `rubrics`, `livrets` or `personas`; elsewhere by the text.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> File {
        let (name, text) = (name.into(), text.into());
        let mut parts = name.rsplit(['/', '\\']);
        let starts = |header: &str| text.lines().any(|line| line.starts_with(header));
        let kind = match (parts.next(), parts.next()) {
            (Some("bailleur.toml"), _) => Kind::Directory,
            (_, Some("rubrics")) => Kind::Rubric,
            (_, Some("livrets")) => Kind::Booklet,
            (_, Some("personas")) => Kind::Persona,
            _ if starts("[bailleur]") => Kind::Directory,
            _ if starts("[[situation]]") => Kind::Booklet,
            _ if starts("[[indicator") => Kind::Rubric,
            _ => Kind::Persona,
        };
        File { kind, name, text }
    }

    /// The name's last part without `.toml`: the id of a sound file.
    pub fn stem(&self) -> &str {
        self.name.rsplit(['/', '\\']).next().unwrap_or(&self.name).trim_end_matches(".toml")
    }

    /// Every fault of this file; `known` and `grids` are what it may refer to.
    pub fn faults(&self, known: &Known, grids: &Grids) -> Vec<Fault> {
        let (name, text) = (self.name.as_str(), self.text.as_str());
        let found = match self.kind {
            Kind::Directory => organisation::load(name, text).err(),
            Kind::Rubric => rubric::load(name, text).err(),
            Kind::Booklet => booklet::load(name, text, grids).err(),
            Kind::Persona => persona::load(name, text, known).err(),
        };
        found.unwrap_or_default()
    }
}

/// Files by kind and id: one of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files(BTreeMap<(Kind, String), File>);

impl Files {
    /// Adds a file; it takes the place of one of the same kind and id.
    pub fn insert(&mut self, file: File) {
        self.0.insert((file.kind, file.stem().to_owned()), file);
    }

    /// The files of one kind, by id.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &File> {
        self.iter().filter(move |file| file.kind == kind)
    }

    /// All files: the directory, the rubrics, the booklets, the personas, each by id.
    pub fn iter(&self) -> impl Iterator<Item = &File> {
        self.0.values()
    }

    /// A file by kind and id.
    pub fn get(&self, kind: Kind, id: &str) -> Option<&File> {
        self.0.get(&(kind, id.to_owned()))
    }
}

impl FromIterator<File> for Files {
    fn from_iter<I: IntoIterator<Item = File>>(files: I) -> Files {
        let mut all = Files::default();
        files.into_iter().for_each(|file| all.insert(file));
        all
    }
}
