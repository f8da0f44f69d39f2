//! The model that words replies, and how long a person in front of it would wait.

use std::time::Duration;

use crate::model::Model;

/// The model that words replies. Cheap to clone.
#[derive(Clone)]
pub struct Player {
    /// It.
    pub model: Model,
    /// From the trainee's turn to the first words, hearing included; then the character's own lines come.
    pub patience: Duration,
    /// How long it may take to hear what the rules did not; `None`: rules alone hear.
    pub hear: Option<Duration>,
}
