//! Answers: which pieces answer what was asked, and what is said again.
//!
//! Input: what was heard. Output: [`Piece`]s. Invariant: a fact is answered, withheld until there is trust, or said
//! again in other words; it is never told otherwise than asked for.

use super::compose::{ANSWERS, Composer, may_tell};
use super::intent::Intent;
use super::piece::{Piece, Stock};
use crate::act::Act;
use crate::character::{Cause, react};
use crate::hearing::Heard;
use crate::persona::{Answer, Stimulus, Topic};

/// Acts without which a topic is only mentioned.
const ASKING: &[Act] = &[Act::IdentityQuestion, Act::OpenQuestion, Act::ClosedQuestion, Act::Prompt, Act::Involvement];

impl Composer<'_> {
    /// What was asked for, best first.
    pub(super) fn answers(&self, heard: &Heard) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut quotes: Vec<&str> = Vec::new();
        for asked in &heard.asked {
            // One question that resembles two facts is still one question.
            let same_words = quotes.iter().any(|quote| quote.contains(&*asked.quote) || asked.quote.contains(quote));
            if heard.questions < 2 && same_words && !quotes.is_empty() {
                continue;
            }
            quotes.push(&asked.quote);
            if react::only_named(self.state, heard, &self.effect.felt, &asked.id) {
                continue;
            }
            pieces.extend(self.fact(&asked.id).filter(|piece| !pieces.contains(piece)));
        }
        let found_fact = !pieces.is_empty();
        let mut about_them = Vec::new();
        let asks = heard.questions > 0 || ASKING.iter().any(|act| heard.did(*act));
        for asked in heard.topics.iter().filter(|_| asks) {
            let vague = matches!(asked.topic, Topic::Reason | Topic::Wish | Topic::Feeling);
            if !(vague && found_fact) {
                about_them.extend(self.topic(asked.topic).filter(|piece| !pieces.contains(piece)));
            }
        }
        if heard.did(Act::IdentityQuestion) {
            about_them.append(&mut pieces);
            pieces = about_them;
        } else {
            pieces.append(&mut about_them);
        }
        pieces.truncate(ANSWERS);
        if pieces.is_empty() {
            pieces.extend(self.other_answer(heard));
        }
        pieces
    }

    fn fact(&self, id: &str) -> Option<Piece> {
        let fact = self.persona.fact(id)?;
        Some(if may_tell(fact, self.state, self.effect.trust) {
            Piece::Fact(fact.id.clone(), Intent::Answer)
        } else {
            Piece::Withheld(fact.id.clone())
        })
    }

    fn topic(&self, topic: Topic) -> Option<Piece> {
        match self.persona.file().identity.get(&topic)? {
            Answer::Says(_) => Some(Piece::Topic(topic)),
            Answer::Fact { fact } => self.fact(fact),
        }
    }

    /// An answer to a question that asks for no fact and no topic.
    fn other_answer(&self, heard: &Heard) -> Option<Piece> {
        let agree = |stimulus| Some(Piece::React(Cause::Stimulus(stimulus)));
        if self.effect.feels(Stimulus::ReformulationWrong) || self.effect.feels(Stimulus::ReformulationRight) {
            return None;
        }
        if self.effect.feels(Stimulus::ComprehensionCheck) {
            return agree(Stimulus::ComprehensionCheck);
        }
        if self.effect.feels(Stimulus::Involvement) {
            return agree(Stimulus::Involvement);
        }
        if self.effect.feels(Stimulus::AnythingElse) {
            // « Autre chose ? » before anything was done is no question to say « no, that is all » to.
            let nothing_done = self.state.helped() == 0 && !self.effect.helped;
            return if nothing_done { Some(Piece::Set(Stock::Presses)) } else { agree(Stimulus::AnythingElse) };
        }
        let only_asks = !react::acts(heard, &self.effect.felt);
        if let Some(talk) = heard.small_talk.filter(|at| only_asks && *at < self.persona.file().small_talk.len()) {
            return Some(Piece::SmallTalk(talk));
        }
        if heard.unknown_question && only_asks {
            return Some(Piece::Set(Stock::DoesNotKnow));
        }
        let asks = heard.questions > 0
            && !heard.did(Act::Validation)
            && !heard.did(Act::FormalCheck)
            && !heard.did(Act::Prompt)
            && !heard.did(Act::OpenQuestion);
        (asks && self.effect.felt.is_empty()).then_some(Piece::Set(Stock::NotUnderstood))
    }

    /// Says the last answers again.
    pub(super) fn repeat(&mut self) {
        self.say(Piece::Set(Stock::Repeats));
        let mut again: Vec<Piece> =
            self.state.last_told().iter().take(ANSWERS).map(|id| Piece::Fact(id.clone(), Intent::Repeat)).collect();
        let last: Vec<&str> = self.state.last_families().collect();
        let said = |topic: &&Topic| last.contains(&Piece::Topic(**topic).family(self.persona).as_str());
        again.extend(Topic::ALL.iter().filter(said).map(|topic| Piece::Topic(*topic)));
        if again.is_empty() {
            again.extend(self.topic(Topic::Reason));
        }
        for piece in again.into_iter().take(ANSWERS) {
            self.say(piece);
        }
    }

    /// After a wrong reformulation: says again what it had told and what was said back wrongly.
    pub(super) fn set_right(&mut self, heard: &Heard) {
        let wrong = heard.restated.iter().find(|fact| !fact.right && self.state.told().contains(&fact.id));
        if let Some(fact) = wrong {
            self.say(Piece::Fact(fact.id.clone(), Intent::Repeat));
        }
    }
}
