//! The models that the service asks.

use std::sync::Arc;

use tokio::sync::mpsc::UnboundedReceiver;

use crate::model::{Budget, Model, Use};

/// The models that the service asks, and where they tell what they are used for.
#[derive(Debug, Default)]
pub struct Models {
    /// The one that words replies.
    pub play: Option<Model>,
    /// The one that judges.
    pub judge: Option<Model>,
    /// What prices are given in: « € ».
    pub currency: String,
    /// What they are used for, to be written down; taken once.
    pub uses: Option<UnboundedReceiver<Use>>,
}

impl Models {
    /// The budget that they share.
    pub fn budget(&self) -> Option<&Arc<Budget>> {
        self.play.as_ref().or(self.judge.as_ref()).map(Model::budget)
    }

    /// Them, with what each is for, as figures name it.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, &Model)> {
        let play = self.play.iter().map(|model| ("play", model));
        play.chain(self.judge.iter().map(|model| ("judge", model)))
    }
}
