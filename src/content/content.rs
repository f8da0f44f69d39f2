//! The directory, the rubrics, the booklets and the personas in force.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{File, Files, Kind};
use crate::fault::Fault;
use crate::organisation::{self, Organisation};
use crate::persona::{self, Known, Persona};
use crate::rubric::booklet::{self, Booklet, Grids};
use crate::rubric::{self, Rubric};

/// Everything that people write, checked.
#[derive(Clone, Debug)]
pub struct Content {
    organisation: Arc<Organisation>,
    rubrics: BTreeMap<String, Arc<Rubric>>,
    booklets: BTreeMap<String, Arc<Booklet>>,
    personas: BTreeMap<String, Arc<Persona>>,
    faults: Vec<Fault>,
    good: Files,
}

/// No content to work with.
#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    /// No layer holds a sound directory; its faults.
    #[error("read the directory of services (personas/bailleur.toml)")]
    NoDirectory(Vec<Fault>),
}

impl Content {
    /// Reads the layers, the first having precedence file by file. `unreadable` are the faults of files of the
    /// first layer that could not even be read.
    pub fn read(layers: &[&Files], unreadable: Vec<Fault>) -> Result<Content, ContentError> {
        let mut reading = Reading { layers, faults: unreadable, good: Files::default() };
        let directory = reading.all(Kind::Directory, |file| organisation::load(&file.name, &file.text));
        let Some(organisation) = directory.into_values().next() else {
            return Err(ContentError::NoDirectory(reading.faults));
        };
        let rubrics = reading.all(Kind::Rubric, |file| rubric::load(&file.name, &file.text));
        let grids = grids(&rubrics);
        let booklets = reading.all(Kind::Booklet, |file| booklet::load(&file.name, &file.text, &grids));
        let known = known(&organisation, &rubrics);
        let personas = reading.all(Kind::Persona, |file| persona::load(&file.name, &file.text, &known));
        Ok(Content { organisation, rubrics, booklets, personas, faults: reading.faults, good: reading.good })
    }

    /// The landlord and its directory.
    pub fn organisation(&self) -> &Arc<Organisation> {
        &self.organisation
    }

    /// The personas that can be played, by id.
    pub fn personas(&self) -> impl Iterator<Item = &Arc<Persona>> {
        self.personas.values()
    }

    /// A persona by id.
    pub fn persona(&self, id: &str) -> Option<&Arc<Persona>> {
        self.personas.get(id)
    }

    /// The rubrics, by id.
    pub fn rubrics(&self) -> impl Iterator<Item = &Arc<Rubric>> {
        self.rubrics.values()
    }

    /// A rubric by id.
    pub fn rubric(&self, id: &str) -> Option<&Arc<Rubric>> {
        self.rubrics.get(id)
    }

    /// The exam booklets that can be sat, by id.
    pub fn booklets(&self) -> impl Iterator<Item = &Arc<Booklet>> {
        self.booklets.values()
    }

    /// A booklet by id.
    pub fn booklet(&self, id: &str) -> Option<&Arc<Booklet>> {
        self.booklets.get(id)
    }

    /// The faults of the files that should be in force and are not.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// The files in force, each without a fault.
    pub fn good_files(&self) -> &Files {
        &self.good
    }

    /// What a persona may refer to.
    pub fn known(&self) -> Known {
        known(&self.organisation, &self.rubrics)
    }

    /// What a booklet may refer to.
    pub fn grids(&self) -> Grids {
        grids(&self.rubrics)
    }
}

fn grids(rubrics: &BTreeMap<String, Arc<Rubric>>) -> Grids {
    let ids = |rubric: &Rubric| rubric.indicators().iter().map(|indicator| indicator.id.clone()).collect();
    rubrics.iter().map(|(id, rubric)| (id.clone(), ids(rubric))).collect()
}

fn known(organisation: &Organisation, rubrics: &BTreeMap<String, Arc<Rubric>>) -> Known {
    Known {
        services: organisation.service_ids(),
        indicators: rubrics.values().flat_map(|rubric| rubric.indicator_ids()).collect(),
    }
}

struct Reading<'l> {
    layers: &'l [&'l Files],
    faults: Vec<Fault>,
    good: Files,
}

impl Reading<'_> {
    /// The first sound file of each id, read.
    fn all<T>(&mut self, kind: Kind, load: impl Fn(&File) -> Result<T, Vec<Fault>>) -> BTreeMap<String, Arc<T>> {
        let ids: BTreeSet<&str> = self.layers.iter().flat_map(|layer| layer.of(kind)).map(File::stem).collect();
        ids.into_iter().filter_map(|id| Some((id.to_owned(), Arc::new(self.one(kind, id, &load)?)))).collect()
    }

    fn one<T>(&mut self, kind: Kind, id: &str, load: impl Fn(&File) -> Result<T, Vec<Fault>>) -> Option<T> {
        for (depth, file) in self.layers.iter().filter_map(|layer| layer.get(kind, id)).enumerate() {
            match load(file) {
                Ok(value) => {
                    self.good.insert(file.clone());
                    return Some(value);
                }
                // Only the file that should be in force is worth telling about.
                Err(faults) if depth == 0 => self.faults.extend(faults),
                Err(_) => {}
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::shipped;

    const DIRECTORY: &str = "[bailleur]\nnom = \"A\"\nnature = \"B\"\nagence = \"C\"\nhoraires = \"D\"\nposte = \"E\"\n\
                             [[service]]\nid = \"technique\"\nnom = \"T\"\npour = \"P\"\nmots = [\"t\"]\n";

    fn files(list: &[(&str, &str)]) -> Files {
        list.iter().map(|(name, text)| File::new(*name, *text)).collect()
    }

    #[test]
    fn what_is_shipped_has_no_fault() {
        let content = Content::read(&[&shipped()], Vec::new()).unwrap();
        assert_eq!(content.faults(), []);
        assert!(content.organisation().service("technique").is_some());
    }

    #[test]
    fn a_file_takes_precedence_over_the_one_below() {
        let mine = files(&[("personas/bailleur.toml", DIRECTORY)]);
        let content = Content::read(&[&mine, &shipped()], Vec::new()).unwrap();
        assert_eq!(content.organisation().landlord().nom, "A");
    }

    #[test]
    fn a_broken_file_leaves_the_good_one_below_it_and_its_faults_are_kept() {
        let mine = files(&[("personas/bailleur.toml", "[bailleur"), ("personas/neuf.toml", "id = 3")]);
        let below = files(&[("personas/bailleur.toml", DIRECTORY)]);
        let content = Content::read(&[&mine, &below], Vec::new()).unwrap();
        assert_eq!(content.organisation().landlord().nom, "A");
        assert_eq!(content.personas().count(), 0);
        assert_eq!(content.good_files(), &below);
        let broken: BTreeSet<&str> = content.faults().iter().map(|fault| fault.file.as_str()).collect();
        assert_eq!(broken.into_iter().collect::<Vec<_>>(), ["personas/bailleur.toml", "personas/neuf.toml"]);
    }

    #[test]
    fn without_any_sound_directory_there_is_no_content() {
        let mine = files(&[("personas/bailleur.toml", "[bailleur")]);
        assert!(
            matches!(Content::read(&[&mine], Vec::new()), Err(ContentError::NoDirectory(faults)) if faults.len() == 1)
        );
    }
}
