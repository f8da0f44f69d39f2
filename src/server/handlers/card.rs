//! From a review to the parts of its page: marks with their words, turns, curve, advice.
//!
//! Input: a review with its stage. Output: what `pages` shows. Invariant: who reads decides whose marks and which words
//! stand there: the trainee those that count, a trainer who reviews the automatic ones.

use std::collections::BTreeMap;

use super::{rereading, spoken};
use crate::conversation::Stage;
use crate::persona::{Channel, FactEntry};
use crate::review::Review;
use crate::rubric::Indicator;
use crate::scoring::{Level, Mark, Scorecard};
use crate::server::pages::{
    self, Advice, AxisMarks, AxisScore, Curve, EvidenceLink, Fact, HandoffView, IndicatorMark, Moment, Provenance,
    Quoted, Sound, Step, french,
};
use crate::transcript::{Happening, Move, Turn};

/// How much of a hash is shown: enough to tell versions apart.
const HASH_CHARS: usize = 8;

/// From the review to the parts of the page.
pub(super) struct Card<'r> {
    review: &'r Review,
    stage: &'r Stage,
    /// Which version of a written situation it was.
    version: Option<String>,
    /// The marks shown: those that count, or the automatic ones.
    marks: &'r Scorecard,
    /// Recordings by the number of their turn's event.
    sounds: BTreeMap<u32, Sound>,
    /// The trainee's name, where somebody else reads.
    trainee: Option<&'r str>,
}

impl<'r> Card<'r> {
    /// As the trainee reads it.
    pub(super) fn of(review: &'r Review, stage: &'r Stage) -> Card<'r> {
        let marks = &review.report.scorecard;
        Card { review, stage, marks, version: None, sounds: BTreeMap::new(), trainee: None }
    }

    /// The same with the version of a written situation, and with recordings to listen to.
    pub(super) fn with(self, version: Option<String>, sounds: BTreeMap<u32, Sound>) -> Card<'r> {
        Card { version, sounds, ..self }
    }

    /// As a trainer reviews it: the automatic marks.
    pub(super) fn for_trainer(review: &'r Review, stage: &'r Stage, trainee: &'r str) -> Card<'r> {
        Card { marks: &review.automatic, trainee: Some(trainee), ..Card::of(review, stage) }
    }
}

impl Card<'_> {
    pub(super) fn marks(&self) -> impl Iterator<Item = (&Indicator, &Mark)> {
        let marks: BTreeMap<&str, &Mark> = self.marks.marks.iter().map(|mark| (mark.id.as_str(), mark)).collect();
        let indicators = self.review.rubric.indicators().iter();
        indicators.filter_map(move |indicator| Some((indicator, *marks.get(indicator.id.as_str())?)))
    }

    pub(super) fn axes(&self) -> Vec<AxisScore> {
        let scores = &self.review.report.scorecard.axes;
        let count = |axis: &str, level| {
            self.marks().filter(|(indicator, mark)| indicator.axis == axis && mark.level == Some(level)).count() as u64
        };
        let score = |axis: &crate::rubric::Axis| AxisScore {
            id: axis.id.clone(),
            name: axis.name.clone(),
            about: axis.about.clone(),
            score: scores.iter().find(|score| score.id == axis.id).and_then(|score| score.score),
            observed: count(&axis.id, Level::Observed),
            partial: count(&axis.id, Level::Partial),
            missed: count(&axis.id, Level::Missed),
        };
        self.review.rubric.file().axis.iter().map(score).collect()
    }

    pub(super) fn moments(&self) -> Vec<Moment> {
        let moment = |moment: &crate::scoring::Moment| Moment {
            turn: moment.turn,
            at: self.review.live.turns().get(moment.turn).map(at).unwrap_or_default(),
            helped: moment.helped,
            quote: moment.quote.clone(),
            effect: moment.effect.clone(),
            lesson: moment.lesson.clone(),
            example: moment.example.clone(),
        };
        self.review.report.moments.iter().map(moment).collect()
    }

    /// One step per turn of the trainee that was answered: what several answers moved is put together.
    pub(super) fn curve(&self) -> Option<Curve> {
        let (start, points) = self.review.report.curve.split_first()?;
        let mut steps: Vec<Step> = Vec::new();
        for point in points {
            let Some(turn) = point.turn else { continue };
            let why = point.moods.iter().map(|mood| mood.why.clone()).filter(|why| !why.is_empty());
            match steps.last_mut().filter(|step| step.turn == turn) {
                Some(step) => {
                    step.tension = point.tension;
                    step.why.extend(why);
                }
                None => steps.push(Step { turn, tension: point.tension, why: why.collect() }),
            }
        }
        let breaking_point = self.stage.persona.file().temper.breaking_point;
        (!steps.is_empty()).then_some(Curve { start: start.tension, breaking_point, steps })
    }

    pub(super) fn found(&self) -> Vec<Fact> {
        let fact = |(id, turn): &(String, usize)| self.stage.persona.fact(id).map(|entry| fact(entry, Some(*turn)));
        self.review.report.found.iter().filter_map(fact).collect()
    }

    pub(super) fn missed(&self) -> Vec<Fact> {
        let entry = |id: &String| self.stage.persona.fact(id).map(|entry| fact(entry, None));
        self.review.report.missed.iter().filter_map(entry).collect()
    }

    pub(super) fn advice(&self) -> Vec<Advice> {
        let advice = |advice: &crate::scoring::Advice| Advice {
            indicator: advice.indicator.clone(),
            text: advice.text.clone(),
            example: advice.example.clone(),
        };
        self.review.report.advice.iter().map(advice).collect()
    }

    pub(super) fn turns(&self) -> Vec<pages::Turn> {
        let name = &self.stage.persona.file().caller.name;
        let mine = self.trainee.unwrap_or("Vous");
        let is_turn = |happening: &Happening| {
            matches!(happening, Happening::Spoke { .. } | Happening::Moved { .. } | Happening::Replied { .. })
        };
        let seqs = self.review.events.iter().filter(|event| is_turn(&event.happening)).map(|event| event.seq);
        let turns = self.review.live.turns().iter().enumerate().zip(seqs);
        turns
            .map(|((index, turn), seq)| pages::Turn {
                index,
                speaker: turn.speaker,
                name: if turn.is_trainee() { mine.to_owned() } else { name.clone() },
                at: at(turn),
                text: turn.text.clone(),
                cue: turn.cue.clone(),
                action: turn.moved.as_ref().map(|act| self.action(act)),
                quotes: self.quotes(index),
                asides: self.asides(index),
                recognised: turn.recognised.clone(),
                cut: turn.interrupted,
                unsaid: spoken::unsaid(turn),
                comment: self.comment(index),
                sound: self.sounds.get(&seq).cloned(),
                from: turn.is_trainee().then_some(seq),
            })
            .collect()
    }

    pub(super) fn whispers(&self) -> Vec<pages::Whispered> {
        let whispered = |whisper: &crate::transcript::Whisper| pages::Whispered {
            after: whisper.after,
            at: french::timer(whisper.at_ms.unwrap_or(0) / 1000),
            by: whisper.by.clone(),
            text: whisper.text.clone(),
        };
        self.review.live.whispers().iter().map(whispered).collect()
    }

    /// What a trainer published on a turn; a review shows its own fields instead.
    fn comment(&self, turn: usize) -> Option<String> {
        let publication = self.review.publication.as_ref().filter(|_| self.trainee.is_none())?;
        let comment = publication.rulings.comments.iter().find(|comment| comment.turn == turn)?;
        Some(comment.text.clone())
    }

    fn asides(&self, turn: usize) -> Vec<String> {
        let asides = self.review.report.asides.iter().filter(|(at, _)| *at == turn);
        asides.map(|(_, words)| words.clone()).collect()
    }

    fn quotes(&self, turn: usize) -> Vec<Quoted> {
        let quoted = self.marks().flat_map(|(indicator, mark)| {
            let here = mark.evidence.iter().filter(|evidence| evidence.turn == turn && !evidence.quote.is_empty());
            here.map(|evidence| Quoted {
                words: evidence.quote.clone(),
                axis: indicator.axis.clone(),
                indicator: indicator.id.clone(),
            })
        });
        quoted.collect()
    }

    fn action(&self, act: &Move) -> String {
        let phone = self.stage.persona.file().channel == Channel::Phone;
        if self.trainee.is_some() {
            return self.action_of_another(act, phone);
        }
        match act {
            Move::Hold if phone => "Vous mettez en attente.".to_owned(),
            Move::Hold => "Vous faites patienter.".to_owned(),
            Move::Resume if phone => "Vous reprenez l'appel.".to_owned(),
            Move::Resume => "Vous revenez vers la personne.".to_owned(),
            Move::Transfer { service } => {
                let name = self.stage.organisation.service(service).map_or(service.as_str(), |service| &service.nom);
                if phone {
                    format!("Vous transférez l'appel : {name}.")
                } else {
                    format!("Vous adressez à : {name}.")
                }
            }
            Move::CallColleague => "Vous appelez un collègue.".to_owned(),
            Move::CallManager => "Vous appelez la responsable.".to_owned(),
            Move::End if phone => "Vous raccrochez.".to_owned(),
            Move::End => "Vous prenez congé.".to_owned(),
        }
    }

    fn action_of_another(&self, act: &Move, phone: bool) -> String {
        let told = match act {
            Move::Hold => "Met en attente.",
            Move::Resume => "Reprend l'échange.",
            Move::Transfer { service } => {
                let name = self.stage.organisation.service(service).map_or(service.as_str(), |service| &service.nom);
                return format!("{} : {name}.", if phone { "Transfère l'appel" } else { "Adresse à" });
            }
            Move::CallColleague => "Appelle un collègue.",
            Move::CallManager => "Appelle la responsable.",
            Move::End if phone => "Raccroche.",
            Move::End => "Prend congé.",
        };
        told.to_owned()
    }

    pub(super) fn grid(&self) -> Vec<AxisMarks> {
        let marks = |axis: &str| {
            let of_axis = self.marks().filter(|(indicator, _)| indicator.axis == axis);
            of_axis.map(|(indicator, mark)| self.mark(indicator, mark)).collect()
        };
        let axis = |axis: &crate::rubric::Axis| AxisMarks {
            id: axis.id.clone(),
            name: axis.name.clone(),
            marks: marks(&axis.id),
        };
        self.review.rubric.file().axis.iter().map(axis).collect()
    }

    fn mark(&self, indicator: &Indicator, mark: &Mark) -> IndicatorMark {
        let criterion = self.review.rubric.criterion_of(indicator);
        let advice = match mark.level {
            Some(Level::Partial) => Some(indicator.advice_partial.clone()),
            Some(Level::Missed) => Some(indicator.advice_missed.clone()),
            Some(Level::Observed) | None => None,
        };
        let written = self.stage.persona.file().examples.get(&indicator.id).map(String::as_str);
        let better = mark.better().or(mark.automatic.as_deref().and_then(Mark::better));
        let example = better.or(written).filter(|_| advice.is_some());
        IndicatorMark {
            id: indicator.id.clone(),
            label: indicator.label.clone(),
            criterion: criterion
                .map(|criterion| format!("{} · CR {}", criterion.competence, criterion.id))
                .unwrap_or_default(),
            level: mark.level,
            reason: mark.reason.clone(),
            evidence: evidence(&mark.evidence),
            advice,
            example: example.map(str::to_owned),
            to_validate: mark.level.is_some() && mark.automatic.is_none(),
            by_trainer: mark.automatic.is_some(),
            proposed: mark.changed_from().map(|mark| (french::level(mark.level), mark.reason.clone())),
            sides: rereading::sides(mark),
            doubt: rereading::doubt(mark),
        }
    }

    pub(super) fn handoff(&self) -> Option<HandoffView> {
        let note = self.review.live.handoff()?;
        let service = self.stage.organisation.service(&note.service);
        Some(HandoffView {
            service: service.map_or_else(|| note.service.clone(), |service| service.nom.clone()),
            urgency: french::urgency(note.urgency).to_owned(),
            summary: note.summary.clone(),
        })
    }

    pub(super) fn provenance(&self) -> Provenance {
        let short = |hash: &str| hash.chars().take(HASH_CHARS).collect();
        let card = &self.review.report.scorecard;
        let rules = &self.review.rules.engine;
        let version = rules.strip_prefix("rules ").unwrap_or(rules);
        Provenance {
            rubric: self.review.rubric.file().title.clone(),
            rubric_hash: short(&card.rubric_hash),
            persona_hash: short(&card.persona_hash),
            persona_version: self.version.clone(),
            engine: format!("règles, version {version}"),
            model: card.model.as_deref().map(rereading::provenance),
        }
    }
}

/// Words that show a mark, with where they stand.
pub(super) fn evidence(shown: &[crate::scoring::Evidence]) -> Vec<EvidenceLink> {
    shown.iter().map(|shown| EvidenceLink { turn: Some(shown.turn), quote: shown.quote.clone() }).collect()
}

fn fact(entry: &FactEntry, turn: Option<usize>) -> Fact {
    Fact { label: entry.label.clone(), text: entry.text.clone(), turn }
}

/// When a turn began, as the page shows it.
pub(super) fn at(turn: &Turn) -> String {
    french::timer(turn.start_ms.unwrap_or(0) / 1000)
}
