//! What somebody, or all of a group, may rehearse: the situations of the files, and those that trainers wrote for their
//! groups.
//!
//! Input: the content in force and who asks. Output: a [`Repertoire`]. Invariant: a written situation is offered in its
//! latest version that can be read; rules of loading that changed since it was published take nothing away. Where a file
//! and a written situation have the same id, the file counts.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use super::Comptoir;
use crate::content::Content;
use crate::id::{GroupId, VisitorId};
use crate::persona::{self, Persona};
use crate::store::{Offered, Store, StoreError};

/// How many versions are kept read: a few times what the groups of one organisation are offered.
const KEPT: usize = 512;

/// Written situations, read once per version.
#[derive(Debug, Default)]
pub(super) struct Situations {
    /// By digest; `None` for a version that cannot be read any more. Never held across an await.
    read: Mutex<HashMap<String, Option<Arc<Persona>>>>,
}

/// What somebody may rehearse.
#[derive(Clone, Debug)]
pub(super) struct Repertoire {
    content: Arc<Content>,
    written: BTreeMap<String, Arc<Persona>>,
}

impl Repertoire {
    /// Everything, by id.
    pub(super) fn personas(&self) -> impl Iterator<Item = &Arc<Persona>> {
        self.content.personas().chain(self.written.values())
    }

    /// One by id.
    pub(super) fn persona(&self, id: &str) -> Option<&Arc<Persona>> {
        self.content.persona(id).or_else(|| self.written.get(id))
    }

    /// Whether a trainer wrote it: its text is kept by the store since it was published.
    pub(super) fn is_written(&self, id: &str) -> bool {
        self.written.contains_key(id)
    }

    /// The files' content.
    pub(super) fn content(&self) -> &Arc<Content> {
        &self.content
    }
}

/// The titles of all situations, also of those that one is not offered (any more).
#[derive(Clone, Debug)]
pub(super) struct Titles {
    content: Arc<Content>,
    written: HashMap<String, String>,
}

impl Titles {
    /// The files' content.
    pub(super) fn content(&self) -> &Content {
        &self.content
    }

    /// The title of a situation. One that is gone altogether is called by its id.
    pub(super) fn of(&self, id: &str) -> String {
        let file = self.content.persona(id).map(|persona| persona.file().title.clone());
        file.or_else(|| self.written.get(id).cloned()).unwrap_or_else(|| id.to_owned())
    }
}

impl Situations {
    async fn latest(&self, store: &Store, offered: &Offered) -> Result<Option<Arc<Persona>>, StoreError> {
        if let Some(persona) = self.version(store, &offered.id, &offered.digest).await? {
            return Ok(Some(persona));
        }
        for earlier in store.versions_of(&offered.id).await?.iter().filter(|one| one.number < offered.number) {
            if let Some(persona) = self.version(store, &offered.id, &earlier.digest).await? {
                return Ok(Some(persona));
            }
        }
        Ok(None)
    }

    async fn version(&self, store: &Store, id: &str, digest: &str) -> Result<Option<Arc<Persona>>, StoreError> {
        if let Some(known) = self.read.lock().unwrap_or_else(PoisonError::into_inner).get(digest) {
            return Ok(known.clone());
        }
        let text = store.version(digest).await?;
        let persona = text.and_then(|text| match persona::restore(&text) {
            Ok(persona) => Some(Arc::new(persona)),
            Err(error) => {
                tracing::error!(persona = id, digest, error = error.message(), "a published situation cannot be read");
                None
            }
        });
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if read.len() >= KEPT {
            read.clear();
        }
        read.insert(digest.to_owned(), persona.clone());
        Ok(persona)
    }
}

impl Comptoir {
    /// What somebody may rehearse.
    pub(super) async fn repertoire(
        &self,
        content: Arc<Content>,
        person: Option<VisitorId>,
    ) -> Result<Repertoire, StoreError> {
        let offered = match person {
            Some(person) => self.store.situations_offered(person).await?,
            None => Vec::new(),
        };
        self.offering(content, offered).await
    }

    /// What everyone in a group may rehearse: what it can be set.
    pub(super) async fn repertoire_of(&self, content: Arc<Content>, group: GroupId) -> Result<Repertoire, StoreError> {
        let offered = self.store.situations_offered_to(group).await?;
        self.offering(content, offered).await
    }

    async fn offering(&self, content: Arc<Content>, offered: Vec<Offered>) -> Result<Repertoire, StoreError> {
        let mut written = BTreeMap::new();
        for offered in offered {
            if content.persona(&offered.id).is_some() {
                continue;
            }
            if let Some(persona) = self.situations.latest(&self.store, &offered).await? {
                written.insert(offered.id, persona);
            }
        }
        Ok(Repertoire { content, written })
    }

    /// The titles of all situations.
    pub(super) async fn titles(&self) -> Result<Titles, StoreError> {
        let written = self.store.situation_titles().await?.into_iter().map(|(id, title, _)| (id, title)).collect();
        Ok(Titles { content: self.library.content(), written })
    }
}
