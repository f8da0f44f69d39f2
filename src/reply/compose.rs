//! What is meant, piece by piece: the reaction that matters most, answers, then at most one thing of its own.
//!
//! Input: the persona, its state, the turn's [`Effect`]. Output: the pieces put into words and who ends the
//! conversation, if it ends. Invariant: intent is decided by code from what was heard; nothing is told that
//! [`may_tell`] does not allow.

use std::time::Duration;

use fastrand::Rng;

use super::intent::Intent;
use super::piece::{Piece, Stock, TENSE};
use super::rank;
use super::wording::Worded;
use crate::act::Act;
use crate::character::{Bearing, Cause, Effect, EndedBy, Move, State, react};
use crate::hearing::Heard;
use crate::persona::{Access, FactEntry, Persona, Stimulus, Topic};

/// At most so many answers in one reply.
pub(super) const ANSWERS: usize = 2;
/// Beyond so many characters, nothing of its own is added.
const LONG: usize = 170;

/// Composes one reply.
pub(super) struct Composer<'a> {
    pub(super) persona: &'a Persona,
    pub(super) state: &'a State,
    pub(super) effect: &'a Effect,
    pub(super) rng: Rng,
    pub(super) worded: Worded,
}

/// Whether a fact may be told now, once it is asked for or approached.
pub(super) fn may_tell(fact: &FactEntry, state: &State, trust: u8) -> bool {
    fact.access != Access::Trust || trust >= fact.trust || state.told().contains(&fact.id)
}

impl Composer<'_> {
    fn tense(&self) -> bool {
        self.effect.tension >= TENSE
    }

    pub(super) fn say(&mut self, piece: Piece) -> bool {
        let tense = self.tense();
        self.worded.add(self.persona, self.state, tense, piece, &mut self.rng)
    }

    fn chance(&mut self, percent: u8) -> bool {
        self.rng.u8(..100) < percent
    }

    fn felt(&self, cause: &Cause) -> bool {
        self.effect.felt.iter().any(|felt| felt.cause == *cause)
    }

    /// The trainee received the person and has not spoken.
    pub(super) fn received(&mut self) -> Option<EndedBy> {
        if self.state.opened() { self.silence() } else { self.open(None) }
    }

    /// The trainee spoke.
    pub(super) fn said(&mut self, heard: &Heard) -> Option<EndedBy> {
        if self.effect.bearing == Bearing::Breaks {
            return Some(self.break_off());
        }
        if !self.state.opened() {
            return self.open(Some(heard));
        }
        if heard.is_aside() {
            self.say(Piece::Set(Stock::NotUnderstood));
            self.say_something();
            return None;
        }
        if takes_leave(heard) {
            self.react(heard, true);
            return Some(self.leave());
        }
        if heard.asks_to_repeat && !self.effect.feels(Stimulus::ComprehensionCheck) {
            self.repeat();
        } else {
            self.answer(heard);
        }
        if self.effect.bearing == Bearing::Warns {
            self.say(Piece::Set(Stock::Warns));
        }
        self.say_something();
        None
    }

    /// The trainee did something; `waited` is how long the person was on hold.
    pub(super) fn moved(&mut self, act: &Move, waited: Duration) -> Option<EndedBy> {
        let stock = match act {
            Move::End => return Some(self.leave()),
            Move::Transfer { service } => {
                let fits = react::fits(self.persona, service);
                self.say(Piece::Set(if fits { Stock::Transferred } else { Stock::TransferredWrong }));
                self.say_something();
                return Some(EndedBy::Trainee);
            }
            _ if self.effect.bearing == Bearing::Breaks => return Some(self.break_off()),
            Move::Hold => Stock::HoldStart,
            Move::Resume if waited > react::LONG_HOLD => Stock::HoldLong,
            Move::Resume => Stock::HoldBack,
            Move::CallColleague => Stock::Colleague,
            Move::CallManager => Stock::Manager,
        };
        self.say(Piece::Set(stock));
        if self.effect.bearing == Bearing::Warns {
            self.say(Piece::Set(Stock::Warns));
        }
        self.say_something();
        None
    }

    /// The trainee says nothing.
    pub(super) fn silence(&mut self) -> Option<EndedBy> {
        if !self.state.opened() {
            return self.open(None);
        }
        if self.effect.bearing == Bearing::Breaks {
            return Some(self.break_off());
        }
        self.say(Piece::Set(Stock::Silence));
        if self.effect.bearing == Bearing::Warns {
            self.say(Piece::Set(Stock::Warns));
        }
        self.say_something();
        None
    }

    /// The first words stand; what was asked for in the same breath is answered after them, if it is plain.
    fn open(&mut self, heard: Option<&Heard>) -> Option<EndedBy> {
        const SHOCKING: &[Stimulus] = &[Stimulus::Aggression, Stimulus::Threat, Stimulus::Discrimination];
        self.say(Piece::Opening);
        let heard = heard?;
        if let Some(shock) = SHOCKING.iter().find(|stimulus| self.effect.feels(**stimulus)) {
            self.say(Piece::React(Cause::Stimulus(*shock)));
            return None;
        }
        for piece in self.answers(heard) {
            let plain = match &piece {
                Piece::Fact(..) => true,
                Piece::Topic(topic) => !matches!(topic, Topic::Reason | Topic::Wish | Topic::Feeling),
                _ => false,
            };
            if plain {
                self.say(piece);
            }
        }
        None
    }

    fn break_off(&mut self) -> EndedBy {
        self.say(Piece::Set(Stock::BreaksOff));
        self.say_something();
        EndedBy::BrokeOff
    }

    /// Content if steps were done, not merely a service named, and the mood is good; tense if the mood is bad, or
    /// nothing came of it.
    fn leave(&mut self) -> EndedBy {
        let effect = self.effect;
        let steps = self.state.steps().len() + effect.steps.len();
        let helped = usize::from(self.state.helped()) + usize::from(effect.helped);
        let was_helped = steps + helped > 0;
        let got_somewhere = steps >= 2 || (steps == 1 && helped >= 2);
        let start = self.persona.file().temper.tension;
        let good = if start > TENSE { 5 } else { 4 };
        let stock = if got_somewhere && effect.tension <= good {
            Stock::EndsContent
        } else if effect.tension >= TENSE || (!was_helped && effect.tension > start) {
            Stock::EndsTense
        } else {
            Stock::EndsNeutral
        };
        self.say(Piece::Set(stock));
        self.say_something();
        EndedBy::Trainee
    }

    /// Reaction, answers, then something of its own.
    fn answer(&mut self, heard: &Heard) {
        let answers = self.answers(heard);
        let answering = !answers.is_empty();
        let hurt = self.react(heard, answering);
        if self.felt(&Cause::AskedAgain) {
            self.say(Piece::Set(Stock::Repeats));
        }
        let mut withheld = false;
        for piece in answers {
            if hurt && !matches!(piece, Piece::Fact(..) | Piece::Topic(_) | Piece::Withheld(_)) {
                continue;
            }
            withheld |= matches!(piece, Piece::Withheld(_));
            self.say(piece);
        }
        if !hurt && self.felt(&Cause::Ignored) {
            self.say(Piece::Set(Stock::Ignored));
            return;
        }
        if hurt || withheld || self.effect.bearing == Bearing::Warns || self.worded.text.chars().count() > LONG {
            return;
        }
        let invited = heard.did(Act::Prompt) || (heard.did(Act::OpenQuestion) && heard.asked.is_empty());
        if !self.volunteer(heard, invited, answering) {
            self.press(heard, invited, answering);
        }
    }

    /// Voices the reaction that matters most; tells whether it was to something that hurt.
    fn react(&mut self, heard: &Heard, answering: bool) -> bool {
        for felt in rank::ranked(self.persona, self.effect, heard) {
            let hurts = rank::hurts(self.persona, &felt.cause);
            let fits = if hurts {
                rank::voiced_when_hurt(&felt, answering)
            } else {
                let since = self.state.since(&Piece::React(felt.cause.clone()).family(self.persona));
                rank::voiced_when_kind(&felt, answering, since) && (!answering || self.chance(70))
            };
            if fits && self.say(Piece::React(felt.cause.clone())) {
                if felt.is(Stimulus::ReformulationWrong) {
                    self.set_right(heard);
                }
                return hurts;
            }
        }
        false
    }

    /// Tells something by itself: a confidence when approached with trust, or the next thing it came to say.
    fn volunteer(&mut self, heard: &Heard, invited: bool, answering: bool) -> bool {
        const APPROACHES: &[Stimulus] =
            &[Stimulus::Empathy, Stimulus::AngerNamed, Stimulus::Belief, Stimulus::Discretion, Stimulus::Prompt];
        let facts = &self.persona.file().fact;
        let untold = |fact: &&FactEntry| !self.state.told().contains(&fact.id) && !self.tells_now(&fact.id);
        // Nobody confides in someone just met.
        let approached = self.state.turns() >= 2
            && (APPROACHES.iter().any(|stimulus| self.effect.feels(*stimulus))
                || heard.topics.iter().any(|asked| asked.topic == Topic::Feeling));
        let confided = approached
            .then(|| {
                facts
                    .iter()
                    .filter(untold)
                    .find(|fact| fact.access == Access::Trust && may_tell(fact, self.state, self.effect.trust))
            })
            .flatten();
        let next = facts.iter().filter(untold).find(|fact| fact.access == Access::Volunteered);
        let Some(fact) = confided.or(next) else { return false };
        let (id, confided) = (fact.id.clone(), confided.is_some());
        let since = self.state.since("volunteer").unwrap_or(self.state.turns() + 1);
        let due = since > 2 || (since == 2 && self.chance(50));
        let room = !answering || self.worded.pieces.len() < ANSWERS;
        let tell = (confided && room) || invited || (due && room);
        if !tell || !self.say(Piece::Fact(id.clone(), Intent::Volunteer)) {
            return false;
        }
        self.worded.lines.push(format!("volunteer#{id}"));
        true
    }

    fn tells_now(&self, id: &str) -> bool {
        self.worded.pieces.iter().any(|piece| matches!(piece, Piece::Fact(told, _) if told == id))
    }

    /// Comes back to what it wants, when nothing was offered; real people also just listen.
    fn press(&mut self, heard: &Heard, invited: bool, answering: bool) {
        let already = self.worded.intents.contains(&Intent::Press) || self.worded.pieces.len() >= ANSWERS;
        if self.effect.helped || heard.did(Act::Explanation) || heard.did(Act::Hold) || already {
            return;
        }
        let since = self.state.since(Stock::Presses.family()).unwrap_or(u32::MAX);
        let done = self.state.steps().len() + usize::from(self.state.helped());
        let percent = match (self.tense(), answering) {
            _ if invited && !answering => 100,
            (true, false) => 80,
            (true, true) => 25,
            (false, false) if done >= 2 => 15,
            (false, false) => 55,
            (false, true) => 10,
        };
        let apart = if self.worded.text.is_empty() { 1 } else { 2 };
        if since > apart && self.chance(percent) {
            self.say(Piece::Set(Stock::Presses));
        }
    }

    /// Nobody answers with nothing: listens, or comes back to its demand.
    fn say_something(&mut self) {
        if !self.worded.text.is_empty() {
            return;
        }
        for stock in [Stock::Listens, Stock::Presses, Stock::Ignored, Stock::NotUnderstood, Stock::DoesNotKnow] {
            if self.say(Piece::Set(stock)) {
                return;
            }
        }
    }
}

/// Goodbyes without a question in them, but for « autre chose ? ».
fn takes_leave(heard: &Heard) -> bool {
    let asks = heard.questions > 0 && !(heard.asked.is_empty() && heard.topics.is_empty());
    heard.did(Act::Farewell) && !asks && !heard.asks_to_repeat
}
