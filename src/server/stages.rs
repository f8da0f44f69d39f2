//! What conversations are played with, by version of the persona.
//!
//! Input: a persona's id and hash. Output: a [`Stage`]. Invariant: a conversation goes on with the version
//! it was opened with, even after the file has changed or gone.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::content::Content;
use crate::conversation::Stage;
use crate::library::Library;
use crate::persona::{self, Persona};
use crate::store::{Store, StoreError};

/// How many are kept ready: a few times the number of situations.
const KEPT: usize = 64;

/// Stages made ready once.
#[derive(Debug)]
pub(super) struct Stages {
    library: Arc<Library>,
    store: Store,
    /// By the persona's hash. Never held across an await.
    ready: Mutex<HashMap<String, Stage>>,
}

impl Stages {
    pub(super) fn new(library: Arc<Library>, store: Store) -> Stages {
        Stages { library, store, ready: Mutex::default() }
    }

    /// The stage of a persona in the version with this hash; `None` if that version cannot be read any more.
    pub(super) async fn of_version(&self, id: &str, hash: &str) -> Result<Option<Stage>, StoreError> {
        let content = self.library.content();
        if let Some(persona) = content.persona(id).filter(|persona| persona.hash() == hash) {
            return Ok(Some(self.ready(&content, persona)));
        }
        if let Some(stage) = self.find(hash) {
            return Ok(Some(stage));
        }
        let Some(text) = self.store.version(hash).await? else { return Ok(None) };
        Ok(match persona::restore(&text) {
            Ok(persona) => Some(self.ready(&content, &Arc::new(persona))),
            Err(error) => {
                tracing::error!(
                    persona = id,
                    hash,
                    error = error.message(),
                    "a stored persona cannot be read any more"
                );
                None
            }
        })
    }

    fn find(&self, hash: &str) -> Option<Stage> {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner).get(hash).cloned()
    }

    fn ready(&self, content: &Content, persona: &Arc<Persona>) -> Stage {
        let organisation = content.organisation();
        if let Some(stage) = self.find(persona.hash())
            && Arc::ptr_eq(&stage.organisation, organisation)
        {
            return stage;
        }
        let stage = Stage::new(Arc::clone(persona), Arc::clone(organisation));
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        if ready.len() >= KEPT {
            ready.clear();
        }
        ready.insert(persona.hash().to_owned(), stage.clone());
        stage
    }
}
