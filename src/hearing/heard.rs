//! What one trainee utterance did.
//!
//! Invariant: every quote is a verbatim piece of the utterance it was heard in.

use serde::{Deserialize, Serialize};

use crate::act::Act;
use crate::persona::Topic;

/// Words of the utterance, verbatim, that show something.
pub type Quote = String;

/// An act and the words that show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// What was done.
    pub act: Act,
    /// The words.
    pub quote: Quote,
}

/// Something of the persona file (fact, rule, step, trap, trigger, service) recognised in the utterance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recognised {
    /// Its id in the persona file or the directory.
    pub id: String,
    /// The words.
    pub quote: Quote,
}

/// A fact the trainee says back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restated {
    /// Id of the fact.
    pub id: String,
    /// Whether what is said agrees with the fact.
    pub right: bool,
    /// The words.
    pub quote: Quote,
}

/// A question on identity and the like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicAsked {
    /// What is asked.
    pub topic: Topic,
    /// The words.
    pub quote: Quote,
}

/// What one trainee utterance did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// Acts, in the order of the words.
    pub acts: Vec<Shown>,
    /// Facts asked for, best match first.
    pub asked: Vec<Recognised>,
    /// Identity topics asked for, best match first.
    pub topics: Vec<TopicAsked>,
    /// Services of the directory named.
    pub services: Vec<Recognised>,
    /// Facts said back.
    pub restated: Vec<Restated>,
    /// Rules stated rightly (`expects.rules`).
    pub rules: Vec<Recognised>,
    /// Rules stated wrongly.
    pub wrong_rules: Vec<Recognised>,
    /// Next steps done or announced (`expects.next_step`).
    pub steps: Vec<Recognised>,
    /// Traps fallen into.
    pub traps: Vec<Recognised>,
    /// Traps met and avoided.
    pub avoided: Vec<Recognised>,
    /// Triggers of this persona set off.
    pub triggers: Vec<Recognised>,
    /// The real need, if shown as understood.
    pub need: Option<Quote>,
    /// The right urgency, if stated or acted on.
    pub urgency: Option<Quote>,
    /// Which small talk of the persona it is (index in `small_talk`).
    pub small_talk: Option<usize>,
    /// A question about the situation that matches nothing the character knows.
    pub unknown_question: bool,
    /// Asks to say the last answer again.
    pub asks_to_repeat: bool,
    /// How many questions the turn holds.
    pub questions: u8,
    /// How many words.
    pub words: u16,
    /// What was said to the machine or to a grader; nothing else here comes from it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asides: Vec<Quote>,
}

impl Heard {
    /// Whether nothing was said to the person.
    pub fn is_aside(&self) -> bool {
        self.words == 0 && !self.asides.is_empty()
    }

    /// Whether the act was heard.
    pub fn did(&self, act: Act) -> bool {
        self.acts.iter().any(|shown| shown.act == act)
    }

    /// The words that show the act, if it was heard.
    pub fn quote_of(&self, act: Act) -> Option<&str> {
        self.acts.iter().find(|shown| shown.act == act).map(|shown| shown.quote.as_str())
    }
}
