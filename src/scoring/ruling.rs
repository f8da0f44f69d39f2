//! A trainer's word on a scorecard, and the scorecard that counts from then on.
//!
//! Input: the automatic [`Scorecard`] and a trainer's [`Rulings`]. Output: the [`Scorecard`] that counts. Invariant: every
//! mark that counts in it was decided by a person; the automatic mark stands beside each, as it was; accepting
//! everything leaves every score as it was.

use serde::{Deserialize, Serialize};

use super::scorecard::{Evidence, Level, Mark, Scorecard};
use crate::rubric::Rubric;

/// What a trainer decides on an indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Level 2.
    Observed,
    /// Level 1.
    Partial,
    /// Level 0.
    Missed,
    /// It does not apply here, and counts for nothing.
    NotApplicable,
}

impl Decision {
    /// Every decision, the best first.
    pub const ALL: [Decision; 4] = [Decision::Observed, Decision::Partial, Decision::Missed, Decision::NotApplicable];

    /// The level it gives.
    pub const fn level(self) -> Option<Level> {
        match self {
            Decision::Observed => Some(Level::Observed),
            Decision::Partial => Some(Level::Partial),
            Decision::Missed => Some(Level::Missed),
            Decision::NotApplicable => None,
        }
    }

    /// The decision that gives a level.
    pub const fn of(level: Option<Level>) -> Decision {
        match level {
            Some(Level::Observed) => Decision::Observed,
            Some(Level::Partial) => Decision::Partial,
            Some(Level::Missed) => Decision::Missed,
            None => Decision::NotApplicable,
        }
    }

    /// A stable name, for forms and styles.
    pub const fn code(self) -> &'static str {
        match self {
            Decision::Observed => "observed",
            Decision::Partial => "partial",
            Decision::Missed => "missed",
            Decision::NotApplicable => "none",
        }
    }

    /// The decision of that name.
    pub fn named(code: &str) -> Option<Decision> {
        Decision::ALL.into_iter().find(|decision| decision.code() == code)
    }
}

/// A trainer's word on one indicator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// Indicator id.
    pub id: String,
    /// What was decided.
    pub decision: Decision,
    /// Why; empty where the automatic mark was accepted as it was.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Words of the trainee that the trainer gives as proof, verbatim.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
}

/// What a trainer says of one turn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// Position in the transcript's list of turns, from 0.
    pub turn: usize,
    /// The words.
    pub text: String,
}

/// All that a trainer decides and says on one conversation. Made from a [`Draft`](super::Draft) only, which checks it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rulings {
    /// One per indicator that was decided.
    pub rulings: Vec<Ruling>,
    /// By turn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<Comment>,
    /// A word on the whole exchange; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub general: String,
}

impl Rulings {
    /// The word on an indicator.
    pub fn of(&self, id: &str) -> Option<&Ruling> {
        self.rulings.iter().find(|ruling| ruling.id == id)
    }

    /// How many levels it changes.
    pub fn changed(&self, automatic: &Scorecard) -> usize {
        let differs = |mark: &&Mark| self.of(&mark.id).is_some_and(|ruling| ruling.decision.level() != mark.level);
        automatic.marks.iter().filter(differs).count()
    }
}

/// The scorecard that counts. `publication` numbers the times that a trainer's word on this conversation was published.
pub fn rule(automatic: &Scorecard, rulings: &Rulings, rubric: &Rubric, publication: u32) -> Scorecard {
    let marks = automatic.marks.iter().map(|mark| ruled(mark, rulings.of(&mark.id))).collect();
    let engine = format!("{} + trainer, publication {publication}", automatic.engine);
    Scorecard { engine, marks, ..automatic.clone() }.summed_up(rubric)
}

fn ruled(automatic: &Mark, ruling: Option<&Ruling>) -> Mark {
    let beside = || Some(Box::new(automatic.clone()));
    let Some(ruling) = ruling else {
        return match automatic.level {
            // Nobody was asked about what did not apply.
            None => automatic.clone(),
            Some(_) => Mark {
                id: automatic.id.clone(),
                level: None,
                evidence: Vec::new(),
                reason: "Aucun formateur ne s'est prononcé : cet indicateur ne compte pas.".to_owned(),
                second: None,
                automatic: beside(),
            },
        };
    };
    let level = ruling.decision.level();
    let evidence = match () {
        () if !ruling.evidence.is_empty() => ruling.evidence.clone(),
        () if level == automatic.level => automatic.evidence.clone(),
        // The words that showed another level do not show this one: the trainer's reason stands.
        () => Vec::new(),
    };
    let reason = if ruling.reason.is_empty() { automatic.reason.clone() } else { ruling.reason.clone() };
    Mark { id: automatic.id.clone(), level, evidence, reason, second: None, automatic: beside() }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::content::{Content, shipped};
    use crate::rubric::Rubric;
    use crate::scoring::By;

    pub(in crate::scoring) fn rubric() -> std::sync::Arc<Rubric> {
        let content = Content::read(&[&shipped()], Vec::new()).unwrap();
        std::sync::Arc::clone(content.rubric("bloc1").unwrap())
    }

    pub(in crate::scoring) fn automatic(rubric: &Rubric, levels: &[Option<Level>]) -> Scorecard {
        let mark = |(at, indicator): (usize, &crate::rubric::Indicator)| Mark {
            id: indicator.id.clone(),
            level: levels[at % levels.len()],
            evidence: vec![Evidence { turn: 0, quote: "je vous écoute".to_owned() }],
            reason: "Vous écoutez.".to_owned(),
            second: None,
            automatic: None,
        };
        Scorecard {
            persona: "fuite-colere".to_owned(),
            persona_hash: "p".to_owned(),
            rubric: rubric.id().to_owned(),
            rubric_hash: rubric.hash().to_owned(),
            engine: "rules 0.1.0".to_owned(),
            marks: rubric.indicators().iter().enumerate().map(mark).collect(),
            axes: Vec::new(),
            competences: Vec::new(),
            criteria: Vec::new(),
            model: None,
        }
        .summed_up(rubric)
    }

    fn accepted(card: &Scorecard) -> Rulings {
        let ruling = |mark: &Mark| Ruling {
            id: mark.id.clone(),
            decision: Decision::of(mark.level),
            reason: String::new(),
            evidence: Vec::new(),
        };
        Rulings { rulings: card.marks.iter().map(ruling).collect(), ..Rulings::default() }
    }

    fn level() -> impl Strategy<Value = Option<Level>> {
        prop_oneof![Just(None), Just(Some(Level::Missed)), Just(Some(Level::Partial)), Just(Some(Level::Observed))]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn accepting_everything_leaves_every_score_and_every_word_as_it_was(levels in prop::collection::vec(level(), 31)) {
            let rubric = rubric();
            let card = automatic(&rubric, &levels);
            let ruled = rule(&card, &accepted(&card), &rubric, 1);
            prop_assert_eq!((&ruled.axes, &ruled.competences, &ruled.criteria), (&card.axes, &card.competences, &card.criteria));
            for (mark, before) in ruled.marks.iter().zip(&card.marks) {
                prop_assert_eq!((mark.level, &mark.evidence, &mark.reason), (before.level, &before.evidence, &before.reason));
                prop_assert_eq!(mark.automatic.as_deref(), Some(before));
                prop_assert_eq!(mark.by(), By::Trainer);
            }
        }

        #[test]
        fn every_mark_that_counts_was_decided_by_a_person(
            levels in prop::collection::vec(level(), 31),
            decided in prop::collection::vec(prop::option::of(level()), 31),
        ) {
            let rubric = rubric();
            let card = automatic(&rubric, &levels);
            let rulings = card.marks.iter().zip(&decided).filter_map(|(mark, decided)| Some(Ruling {
                id: mark.id.clone(),
                decision: Decision::of((*decided)?),
                reason: "Vu.".to_owned(),
                evidence: Vec::new(),
            }));
            let rulings = Rulings { rulings: rulings.collect(), ..Rulings::default() };
            let ruled = rule(&card, &rulings, &rubric, 1);
            for mark in ruled.marks.iter().filter(|mark| mark.level.is_some()) {
                let ruling = rulings.of(&mark.id);
                prop_assert_eq!(ruling.map(|ruling| ruling.decision.level()), Some(mark.level), "{}", mark.id);
            }
            prop_assert_eq!(ruled.clone().summed_up(&rubric), ruled, "the scores follow from the marks that count");
        }
    }

    #[test]
    fn a_changed_level_drops_the_words_that_showed_the_other_and_keeps_the_automatic_mark_beside() {
        let rubric = rubric();
        let card = automatic(&rubric, &[Some(Level::Observed)]);
        let mut rulings = accepted(&card);
        rulings.rulings[0].decision = Decision::Missed;
        "La question est venue du locataire.".clone_into(&mut rulings.rulings[0].reason);
        rulings.rulings[1].decision = Decision::NotApplicable;
        rulings.rulings[2].decision = Decision::Partial;
        rulings.rulings[2].evidence = vec![Evidence { turn: 4, quote: "dites-moi".to_owned() }];
        let ruled = rule(&card, &rulings, &rubric, 2);
        assert_eq!((ruled.marks[0].level, ruled.marks[0].evidence.len()), (Some(Level::Missed), 0));
        assert_eq!(ruled.marks[0].reason, "La question est venue du locataire.");
        assert_eq!(ruled.marks[0].automatic.as_ref().unwrap().level, Some(Level::Observed));
        assert_eq!(ruled.marks[1].level, None);
        assert_eq!(ruled.marks[2].evidence, rulings.rulings[2].evidence);
        assert_eq!(rulings.changed(&card), 3);
        assert_eq!(ruled.engine, "rules 0.1.0 + trainer, publication 2");
        let missed = rubric.indicator(&ruled.marks[0].id).unwrap().axis.clone();
        let score = |card: &Scorecard| card.axes.iter().find(|axis| axis.id == missed).unwrap().score;
        assert!(score(&ruled) < score(&card));
    }

    #[test]
    fn decisions_have_names_that_read_back() {
        for decision in Decision::ALL {
            assert_eq!(Decision::named(decision.code()), Some(decision));
            assert_eq!(Decision::of(decision.level()), decision);
        }
        assert_eq!(Decision::named("2"), None);
    }
}
