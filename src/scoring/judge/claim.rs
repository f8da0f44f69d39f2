//! What a model says of one indicator, and whether its words prove it.

use super::aside::{Quotable, Said};
use super::quote;
use crate::scoring::{Evidence, Level};

/// What an answer says of one indicator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Indicator id.
    pub id: String,
    /// The level it gives.
    pub level: Level,
    /// Why, in French, cleaned.
    pub reason: String,
    /// A sentence that would have been better, cleaned.
    pub better: Option<String>,
    /// The turn's own words, or why there are none.
    pub proof: Result<Vec<Evidence>, Doubt>,
}

/// Why the words of a claim prove nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The turn it names is not one where the trainee speaks.
    NotTheTrainee,
    /// What was said there was said to the machine.
    Aside,
    /// Nothing is quoted for a level that needs it.
    NoQuote,
    /// The words do not stand in that turn.
    NotSaid {
        /// The trainee's turns in which they do.
        elsewhere: Vec<usize>,
    },
}

/// Looks the quoted words up in the turn that a claim names.
pub(super) fn prove(
    quotable: &Quotable<'_>,
    level: Level,
    turn: Option<usize>,
    quote: &str,
) -> Result<Vec<Evidence>, Doubt> {
    if !quote.chars().any(char::is_alphanumeric) {
        // What was not done has no words: the turn where it was expected, if one of the trainee's is named.
        let expected = |turn| Evidence { turn, quote: String::new() };
        return match level {
            Level::Missed => Ok(turn.filter(|at| quotable.turn(*at).is_some()).map(expected).into_iter().collect()),
            Level::Partial | Level::Observed => Err(Doubt::NoQuote),
        };
    }
    let at = turn.ok_or(Doubt::NotTheTrainee)?;
    let said = quotable.turn(at).ok_or(Doubt::NotTheTrainee)?;
    if let Some(parts) = find(said, quote) {
        return Ok(parts.into_iter().map(|part| Evidence { turn: at, quote: part.to_owned() }).collect());
    }
    if quote::find(said.text, &[], quote).is_some() {
        return Err(Doubt::Aside);
    }
    let elsewhere = quotable.turns().filter(|(_, said)| find(said, quote).is_some()).map(|(at, _)| at).collect();
    Err(Doubt::NotSaid { elsewhere })
}

fn find<'t>(said: &Said<'t>, quote: &str) -> Option<Vec<&'t str>> {
    quote::find(said.text, &said.asides, quote)
}

/// Whether evidence given before still holds: its words stand in a turn that may be quoted, and not aside.
pub(super) fn still_holds(quotable: &Quotable<'_>, evidence: &Evidence) -> bool {
    let Some(said) = quotable.turn(evidence.turn) else { return false };
    let outside = |(at, words): (usize, &str)| {
        let bytes = at..at + words.len();
        said.asides.iter().all(|aside| aside.end <= bytes.start || bytes.end <= aside.start)
    };
    evidence.quote.is_empty() || said.text.match_indices(&evidence.quote).any(outside)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use Level::{Missed, Observed, Partial};

    use super::*;
    use crate::character::Move;
    use crate::persona::Channel;
    use crate::transcript::{Transcript, Turn};
    use crate::utterance::Speaker;

    fn transcript(turns: Vec<Turn>) -> Transcript {
        Transcript {
            persona: "essai".to_owned(),
            channel: Channel::Phone,
            turns,
            ended: None,
            handoff: None,
            whispers: Vec::new(),
        }
    }

    fn exchange() -> Transcript {
        transcript(vec![
            Turn::said(Speaker::Persona, "Ça coule dans la salle de bains."),
            Turn::said(Speaker::Trainee, "Bonjour, où est la fuite ?"),
            Turn::moved(Move::Hold),
            Turn::said(Speaker::Trainee, "Je vous rappelle avant midi."),
        ])
    }

    #[test]
    fn words_prove_only_from_the_trainee_s_turn_that_is_named() {
        fn check(level: Level, turn: Option<usize>, quote: &str, expect: Result<&[(usize, &str)], Doubt>) {
            let exchange = exchange();
            let proof = prove(&Quotable::of(&exchange), level, turn, quote);
            let expect = expect.map(|all| {
                all.iter().map(|(turn, quote)| Evidence { turn: *turn, quote: (*quote).to_owned() }).collect::<Vec<_>>()
            });
            assert_eq!(proof, expect, "{turn:?} « {quote} »");
        }
        check(Observed, Some(1), "où est la fuite ?", Ok(&[(1, "où est la fuite ?")]));
        check(Observed, Some(3), "où est la fuite ?", Err(Doubt::NotSaid { elsewhere: vec![1] }));
        check(Observed, Some(3), "je viens tout de suite", Err(Doubt::NotSaid { elsewhere: vec![] }));
        check(Observed, Some(0), "Ça coule dans la salle de bains", Err(Doubt::NotTheTrainee));
        check(Observed, Some(1), "Ça coule dans la salle de bains", Err(Doubt::NotSaid { elsewhere: vec![] }));
        check(Observed, Some(2), "met en attente", Err(Doubt::NotTheTrainee));
        check(Observed, Some(99), "Bonjour", Err(Doubt::NotTheTrainee));
        check(Observed, None, "Bonjour", Err(Doubt::NotTheTrainee));
        check(Partial, Some(1), "", Err(Doubt::NoQuote));
        check(Partial, Some(1), "« … »", Err(Doubt::NoQuote));
        check(Missed, Some(3), "", Ok(&[(3, "")]));
        check(Missed, Some(2), "", Ok(&[]));
        check(Missed, None, "", Ok(&[]));
        check(Missed, Some(3), "avant midi", Ok(&[(3, "avant midi")]));
        check(Missed, Some(3), "avant demain", Err(Doubt::NotSaid { elsewhere: vec![] }));
    }

    fn said() -> impl Strategy<Value = Vec<Turn>> {
        let turn = (any::<bool>(), "[a-e]{4,6}( [a-e]{4,6}){0,3}")
            .prop_map(|(mine, text)| Turn::said(if mine { Speaker::Trainee } else { Speaker::Persona }, text));
        proptest::collection::vec(turn, 1..8)
    }

    proptest! {
        #[test]
        fn evidence_is_always_the_trainee_s_words_of_the_turn_named(turns in said(), at in 0usize..8, of in 0usize..8) {
            let transcript = transcript(turns);
            let quote = transcript.turns[of % transcript.turns.len()].text.clone();
            match prove(&Quotable::of(&transcript), Level::Observed, Some(at), &quote) {
                Ok(evidence) => {
                    prop_assert!(!evidence.is_empty());
                    for evidence in evidence {
                        let turn = &transcript.turns[evidence.turn];
                        prop_assert!(evidence.turn == at && turn.is_trainee() && turn.text.contains(&evidence.quote));
                    }
                }
                Err(Doubt::NotSaid { elsewhere }) => {
                    let turn = &transcript.turns[at];
                    let said = format!(" {} ", turn.text).contains(&format!(" {quote} "));
                    prop_assert!(turn.is_trainee() && !said);
                    prop_assert!(elsewhere.iter().all(|at| transcript.turns[*at].is_trainee()));
                }
                Err(doubt) => {
                    prop_assert_eq!(doubt, Doubt::NotTheTrainee);
                    prop_assert!(transcript.turns.get(at).is_none_or(|turn| !turn.is_trainee()));
                }
            }
        }
    }
}
