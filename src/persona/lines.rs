//! What a character says beside facts and reactions, and what can be seen of it.
//!
//! Output: the parts `[[small_talk]]`, `[lines]` and `[cues]` of a persona file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fact::Says;
use super::shape::says;

/// A bit of small talk.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SmallTalk {
    /// At least three things a receptionist may say.
    #[schemars(length(min = 3))]
    pub heard: Vec<String>,
    /// At least two answers.
    #[schemars(schema_with = "says::<2>")]
    pub says: Says,
}

/// What the character says when nothing else answers.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lines {
    /// The question was not understood: at least four.
    #[schemars(schema_with = "says::<4>")]
    pub not_understood: Says,
    /// « I don't know that »: a question about the situation it has no answer to; at least four.
    #[schemars(schema_with = "says::<4>")]
    pub does_not_know: Says,
    /// Something without a question was said: short acknowledgements; at least ten calm and ten tense.
    #[schemars(schema_with = "says::<10>")]
    pub listens: Says,
    /// Comes back to what it wants: at least ten calm and ten tense.
    #[schemars(schema_with = "says::<10>")]
    pub presses: Says,
    /// Its own question was left without an answer: at least four.
    #[schemars(schema_with = "says::<4>")]
    pub ignored: Says,
    /// Nothing was said: at least four.
    #[schemars(schema_with = "says::<4>")]
    pub silence: Says,
    /// Asked to say it again: at least three openings (« Je vous disais que… »), the answer follows.
    #[schemars(schema_with = "says::<3>")]
    pub repeats: Says,
    /// Put on hold: at least three.
    #[schemars(schema_with = "says::<3>")]
    pub hold_start: Says,
    /// Back from a short hold: at least three.
    #[schemars(schema_with = "says::<3>")]
    pub hold_back: Says,
    /// Back from a long hold (over a minute): at least three.
    #[schemars(schema_with = "says::<3>")]
    pub hold_long: Says,
    /// Transferred to a service that fits: at least three.
    #[schemars(schema_with = "says::<3>")]
    pub transferred: Says,
    /// Transferred to a service that does not: at least three.
    #[schemars(schema_with = "says::<3>")]
    pub transferred_wrong: Says,
    /// A colleague is called in: at least three.
    #[schemars(schema_with = "says::<3>")]
    pub colleague: Says,
    /// The manager is called in: at least three.
    #[schemars(schema_with = "says::<3>")]
    pub manager: Says,
    /// Close to the breaking point: at least three.
    #[schemars(schema_with = "says::<3>")]
    pub warns: Says,
    /// Breaks off: at least three.
    #[schemars(length(min = 3))]
    pub breaks_off: Vec<String>,
    /// Ends content (help received, calm): at least three.
    #[schemars(length(min = 3))]
    pub ends_content: Vec<String>,
    /// Ends without more: at least three.
    #[schemars(length(min = 3))]
    pub ends_neutral: Vec<String>,
    /// Ends unsatisfied: at least three.
    #[schemars(length(min = 3))]
    pub ends_tense: Vec<String>,
}

impl Lines {
    /// Every line, whatever it answers.
    pub fn all(&self) -> impl Iterator<Item = &String> {
        let says = [
            &self.not_understood,
            &self.does_not_know,
            &self.listens,
            &self.presses,
            &self.ignored,
            &self.silence,
            &self.repeats,
            &self.hold_start,
            &self.hold_back,
            &self.hold_long,
            &self.transferred,
            &self.transferred_wrong,
            &self.colleague,
            &self.manager,
            &self.warns,
        ];
        let ends = [&self.breaks_off, &self.ends_content, &self.ends_neutral, &self.ends_tense];
        says.into_iter().flat_map(Says::all).chain(ends.into_iter().flatten())
    }
}

/// Visible cues at the desk.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cues {
    /// Tension of 5 or less: at least five.
    #[schemars(length(min = 5))]
    pub calm: Vec<String>,
    /// Tension of 6 or more: at least five.
    #[schemars(length(min = 5))]
    pub tense: Vec<String>,
    /// When tension rises: at least four.
    #[schemars(length(min = 4))]
    pub rising: Vec<String>,
    /// When tension falls: at least four.
    #[schemars(length(min = 4))]
    pub falling: Vec<String>,
}
