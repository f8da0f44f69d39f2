//! A persona in play: mood, what it has told, what it still hides, what it has said.
//!
//! Input: the persona's temper, then one [`Change`] per reply. Output: [`State`]. Invariant: a pure fold; the
//! same changes in the same order give the same state, and nothing else moves it.

use std::collections::{BTreeMap, BTreeSet};

use super::change::Change;
use super::moves::EndedBy;
use crate::persona::Persona;

/// No line comes back within this many replies.
pub const APART: u32 = 8;

/// What stands in [`Change::steps`] once the real need was understood.
pub const NEED: &str = "need";

/// How often and when last a family of lines was used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Used {
    times: u32,
    turn: u32,
}

/// A character's state after some turns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    tension: u8,
    trust: u8,
    turns: u32,
    told: BTreeSet<String>,
    last_told: Vec<String>,
    withheld: BTreeSet<String>,
    steps: BTreeSet<String>,
    /// Movements of mood per cause: soothing wears out.
    causes: BTreeMap<String, u8>,
    /// Families of lines (`reaction.empathy`, `lines.presses`…).
    families: BTreeMap<String, Used>,
    /// When words were last said, by hash: the same words may stand in two families.
    said: BTreeMap<String, u32>,
    unanswered: u8,
    helped: u8,
    opened: bool,
    on_hold: bool,
    ended: Option<EndedBy>,
}

impl State {
    /// Before the first words.
    pub fn start(persona: &Persona) -> State {
        let temper = &persona.file().temper;
        State {
            tension: temper.tension.min(10),
            trust: temper.trust.min(10),
            turns: 0,
            told: BTreeSet::new(),
            last_told: Vec::new(),
            withheld: BTreeSet::new(),
            steps: BTreeSet::new(),
            causes: BTreeMap::new(),
            families: BTreeMap::new(),
            said: BTreeMap::new(),
            unanswered: 0,
            helped: 0,
            opened: false,
            on_hold: false,
            ended: None,
        }
    }

    /// After one more reply.
    pub fn after(mut self, change: &Change) -> State {
        self.tension = change.tension.min(10);
        self.trust = change.trust.min(10);
        self.turns = self.turns.saturating_add(1);
        self.told.extend(change.told.iter().cloned());
        self.last_told.clone_from(&change.told);
        self.withheld.extend(change.withheld.iter().cloned());
        self.withheld.retain(|id| !self.told.contains(id));
        self.steps.extend(change.steps.iter().cloned());
        for mood in &change.moods {
            let times = self.causes.entry(mood.cause.clone()).or_default();
            *times = times.saturating_add(1);
        }
        for line in &change.lines {
            let (family, hash) = line.split_once('#').unwrap_or((line, ""));
            let used = self.families.entry(family.to_owned()).or_default();
            *used = Used { times: used.times.saturating_add(1), turn: self.turns };
            self.said.insert(hash.to_owned(), self.turns);
        }
        self.unanswered = if change.left_unanswered { self.unanswered.saturating_add(1) } else { 0 };
        self.helped = self.helped.saturating_add(u8::from(change.helped));
        self.opened |= change.opened;
        self.on_hold = change.on_hold;
        self.ended = self.ended.or(change.ended);
        self
    }

    /// After the last reply was cut short: what it did not come to say was not said by it, and is told only if an
    /// earlier reply had said it.
    pub fn cut_short(mut self, untold: &[String]) -> State {
        for id in untold {
            let said = self.families.entry(format!("fact.{id}")).or_default();
            said.times = said.times.saturating_sub(1);
            if said.times == 0 {
                self.told.remove(id);
            }
        }
        self.last_told.retain(|id| !untold.contains(id));
        self
    }

    /// Tension, 0 to 10.
    pub fn tension(&self) -> u8 {
        self.tension
    }

    /// Trust, 0 to 10.
    pub fn trust(&self) -> u8 {
        self.trust
    }

    /// How many times the character replied.
    pub fn turns(&self) -> u32 {
        self.turns
    }

    /// Ids of the facts told.
    pub fn told(&self) -> &BTreeSet<String> {
        &self.told
    }

    /// Ids of the facts told in the last reply.
    pub fn last_told(&self) -> &[String] {
        &self.last_told
    }

    /// Ids of the facts asked for, withheld, and not told since.
    pub fn withheld(&self) -> &BTreeSet<String> {
        &self.withheld
    }

    /// Ids of the next steps done by the trainee; [`NEED`] once the need was understood.
    pub fn steps(&self) -> &BTreeSet<String> {
        &self.steps
    }

    /// How many times a cause has moved the mood.
    pub fn moved_by(&self, cause: &str) -> u8 {
        self.causes.get(cause).copied().unwrap_or(0)
    }

    /// How many lines of a family were said.
    pub fn said_from(&self, family: &str) -> u32 {
        self.families.get(family).map_or(0, |used| used.times)
    }

    /// How many replies ago a family of lines was last used: 1 for the last reply, `None` for never.
    pub fn since(&self, family: &str) -> Option<u32> {
        self.families.get(family).map(|used| self.turns + 1 - used.turn)
    }

    /// The families of lines used in the last reply.
    pub fn last_families(&self) -> impl Iterator<Item = &str> {
        self.families.iter().filter(|(_, used)| used.turn == self.turns).map(|(family, _)| family.as_str())
    }

    /// How many replies ago these words (by hash) were said, `None` for never.
    pub fn words_since(&self, hash: &str) -> Option<u32> {
        self.said.get(hash).map(|turn| self.turns + 1 - turn)
    }

    /// How many turns in a row left the character's demand without any answer.
    pub fn unanswered(&self) -> u8 {
        self.unanswered
    }

    /// In how many turns the trainee offered something.
    pub fn helped(&self) -> u8 {
        self.helped
    }

    /// Whether the opening was said.
    pub fn opened(&self) -> bool {
        self.opened
    }

    /// Whether the person is waiting on hold.
    pub fn on_hold(&self) -> bool {
        self.on_hold
    }

    /// Who ended the conversation, once it is over.
    pub fn ended(&self) -> Option<EndedBy> {
        self.ended
    }
}
