//! The report of an exam, and what a trainer adds to it.

use std::sync::Arc;

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::booklets::{long, part_name, state_of};
use super::scorecard::reviewed;
use super::{page, site};
use crate::exam::{Happening, Mark, Origin, Played, Report, Standing, State as Settled, questions_of, report};
use crate::id::ConversationId;
use crate::rubric::booklet::Booklet;
use crate::scoring::{Level, Scorecard};
use crate::server::Comptoir;
use crate::server::booklets::{Exam, Sign, change, file_of, persona_of, settle};
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::pages::{
    BookletReport, CompetenceView, CriterionView, IndicatorView, InterruptionView, MarkView, SituationView,
    StandingView, french, paths,
};
use crate::server::readings::Read;
use crate::server::who::{Reading, Who};
use crate::store::Withheld;

/// The longest word on a mark, in characters.
const LONGEST_WORD: usize = 500;

/// The extra times that may be granted, in per cent.
const EXTRAS: [u16; 4] = [0, 33, 50, 100];

/// A trainer's mark.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::server) struct Judgement {
    indicator: String,
    question: String,
    level: String,
    word: String,
}

/// Extra time.
#[derive(Debug, Deserialize)]
pub(in crate::server) struct Extra {
    percent: u16,
}

pub(in crate::server) async fn show(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (stored, reading) = who.readable_booklet(&comptoir, &id).await?;
    let exam = settle(&comptoir, stored.id, Sign::None).await?;
    let over = exam.sitting.ended_at().is_some();
    if reading == Reading::Own && !over {
        return Ok(Redirect::to(&paths::booklet(&id)).into_response());
    }
    if reading == Reading::Trainer {
        comptoir.note_reading(&who, Read::Booklet(exam.stored.id)).await?;
    }
    let booklet = file_of(&comptoir, &exam.stored).await?;
    let content = comptoir.library.content();
    let rubric = content.rubric(&booklet.file().rubric).or_else(|| content.rubrics().next());
    let rubric = rubric.ok_or(Code::SituationBroken)?;
    let withheld = match reading {
        Reading::Own => Withheld::default(),
        Reading::Trainer => comptoir.store.withheld_from(who.trainer()?.id).await?,
    };
    let (blind, cards) = scorecards(&comptoir, &exam, &withheld).await?;
    let played: Vec<Played<'_>> = cards
        .iter()
        .map(|(situation, conversation, noted, scorecard)| Played {
            situation: *situation,
            conversation: *conversation,
            scorecard,
            noted: *noted,
        })
        .collect();
    let told = report(&booklet, &exam.sitting, &played, rubric, comptoir.now());
    let mut teller = Teller { exam: &exam, booklet: &booklet, names: Vec::new(), trainers: Vec::new(), anchors: 0 };
    teller.know(&comptoir).await?;
    let person = comptoir.store.account(exam.stored.visitor).await?.map(|account| account.name);
    let shown = teller.page(&told, site(&content, who.viewer()), person, reading == Reading::Trainer, id);
    Ok(page(&BookletReport { blind, ..shown }))
}

/// Situation, conversation, whether a note was handed off, marks.
type Card = (usize, ConversationId, bool, Scorecard);

/// How many scorecards are kept from the reader, and the others, of the conversations that have ended.
async fn scorecards(comptoir: &Comptoir, exam: &Exam, withheld: &Withheld) -> Result<(u32, Vec<Card>), Failure> {
    let (mut blind, mut cards) = (0, Vec::new());
    for situation in 0..exam.sitting.draw().situations.len() {
        let Some(id) = exam.sitting.conversation_of(situation) else { continue };
        let Some(conversation) = comptoir.store.conversation(id).await? else { continue };
        if conversation.ended_at.is_none() {
            continue;
        }
        if withheld.hides(id) {
            blind += 1;
            continue;
        }
        // A conversation that cannot be read any more leaves its marks open.
        if let Ok((_, review)) = reviewed(comptoir, &conversation).await {
            cards.push((situation, id, review.live.handoff().is_some(), review.report.scorecard));
        }
    }
    Ok((blind, cards))
}

/// A trainer's mark on what was answered.
pub(in crate::server) async fn judge(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
    form: Result<Form<Judgement>, FormRejection>,
) -> Result<Response, Failure> {
    let (stored, trainer) = who.trained_booklet(&comptoir, &id).await?;
    let Form(form) = form.map_err(|_| Code::BadForm)?;
    if stored.ended_at.is_none() {
        return Err(Code::BookletUnderWay.into());
    }
    let booklet = file_of(&comptoir, &stored).await?;
    let level = match form.level.as_str() {
        "2" => Some(Level::Observed),
        "1" => Some(Level::Partial),
        "0" => Some(Level::Missed),
        "none" => None,
        _ => return Err(Code::BadForm.into()),
    };
    let word: String = form.word.trim().chars().filter(|c| !c.is_control()).collect();
    let question = Some(form.question).filter(|question| !question.is_empty());
    if word.chars().count() > LONGEST_WORD || !can_be_judged(&booklet, &form.indicator, question.as_deref()) {
        return Err(Code::BadForm.into());
    }
    let by = trainer.id;
    change(&comptoir, stored.id, Sign::None, |_| {
        let (indicator, question, word) = (form.indicator.clone(), question.clone(), word.clone());
        Ok(Some(Happening::Judged { indicator, question, level, word, by }))
    })
    .await?;
    comptoir.audit(&who, "booklet.judged", Some(id.clone()), Some(form.indicator.clone())).await?;
    Ok(Redirect::to(&format!("{}#i-{}", paths::booklet_report(&id), form.indicator)).into_response())
}

/// Whether the booklet has that indicator, and the question, or the queue, marks it.
fn can_be_judged(booklet: &Booklet, indicator: &str, question: Option<&str>) -> bool {
    let known = booklet.indicator(indicator).is_some();
    known
        && question.is_none_or(|id| {
            let asked = booklet.question(id).is_some_and(|question| question.marks.iter().any(|m| m == indicator));
            let queue = booklet.queue(id).is_some_and(|q| q.order_marks == indicator || q.delay_marks == indicator);
            asked || queue
        })
}

/// A trainer grants extra time.
pub(in crate::server) async fn grant(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path(id): Path<String>,
    form: Result<Form<Extra>, FormRejection>,
) -> Result<Response, Failure> {
    let (stored, trainer) = who.trained_booklet(&comptoir, &id).await?;
    let Form(Extra { percent }) = form.map_err(|_| Code::BadForm)?;
    if !EXTRAS.contains(&percent) {
        return Err(Code::BadForm.into());
    }
    let by = trainer.id;
    change(&comptoir, stored.id, Sign::None, |exam| {
        let new = exam.sitting.extra_percent() != percent;
        Ok(new.then_some(Happening::Granted { percent, by }))
    })
    .await?;
    comptoir.audit(&who, "booklet.time", Some(id.clone()), Some(percent.to_string())).await?;
    Ok(Redirect::to(&paths::booklet_report(&id)).into_response())
}

/// From the report to the page.
struct Teller<'a> {
    exam: &'a Exam,
    booklet: &'a Booklet,
    /// Titles of the situations drawn.
    names: Vec<String>,
    /// Trainers by id.
    trainers: Vec<(crate::id::VisitorId, String)>,
    anchors: u32,
}

impl Teller<'_> {
    /// Looks up names.
    async fn know(&mut self, comptoir: &Comptoir) -> Result<(), Failure> {
        for (at, drawn) in self.exam.sitting.draw().situations.iter().enumerate() {
            let persona = persona_of(comptoir, self.exam, at).await?;
            self.names.push(persona.map_or_else(|| drawn.persona.clone(), |persona| persona.file().title.clone()));
        }
        for id in self.exam.sitting.judges() {
            let account = comptoir.store.account(id).await?;
            self.trainers.push((id, account.map_or_else(|| "Un formateur".to_owned(), |account| account.name)));
        }
        Ok(())
    }

    fn page(
        &mut self,
        told: &Report,
        site: crate::server::pages::Site,
        person: Option<String>,
        trainer: bool,
        id: String,
    ) -> BookletReport {
        let (exam, booklet) = (self.exam, self.booklet);
        let sitting = &exam.sitting;
        let total: u64 = told.spent.iter().map(|spent| spent.spent_ms).sum();
        let state = match (sitting.ended_at(), sitting.stopped()) {
            (None, _) => "Livret en cours.",
            (Some(_), true) => "Livret arrêté avant la fin.",
            (Some(_), false) => "Livret passé en entier.",
        };
        let short = |hash: &str| hash.chars().take(8).collect::<String>();
        BookletReport {
            site,
            id,
            title: booklet.file().title.clone(),
            person,
            begun: format!("commencé le {}", french::moment(&french::paris(sitting.begun_at()))),
            state: state.to_owned(),
            over: sitting.ended_at().is_some(),
            part: format!(
                "Critères : fiche {}, {} ({})",
                booklet.file().source.sheet,
                booklet.file().source.part,
                booklet.file().source.certifier
            ),
            standing: standing(told.standing),
            competences: told.competences.iter().map(|competence| self.competence(competence)).collect(),
            situations: self.situations(told),
            interruptions: told.interruptions.iter().map(|one| self.interruption(one)).collect(),
            total: format!("Temps utilisé : {}", long(total)),
            extra_percent: sitting.extra_percent(),
            blind: 0,
            trainer,
            versions: format!(
                "Livret {} (version {}), règles version {}.",
                booklet.id(),
                short(booklet.hash()),
                env!("CARGO_PKG_VERSION")
            ),
        }
    }

    fn competence(&mut self, competence: &crate::exam::Competence) -> CompetenceView {
        CompetenceView {
            id: competence.id.clone(),
            label: competence.label.clone(),
            standing: standing(competence.standing),
            criteria: competence
                .criteria
                .iter()
                .map(|criterion| CriterionView {
                    id: criterion.id.clone(),
                    label: criterion.label.clone(),
                    applies: criterion.applies,
                    indicators: criterion.indicators.iter().map(|indicator| self.indicator(indicator)).collect(),
                })
                .collect(),
        }
    }

    fn indicator(&mut self, indicator: &crate::exam::Indicator) -> IndicatorView {
        IndicatorView {
            id: indicator.id.clone(),
            label: indicator.label.clone(),
            marks: indicator.marks.iter().map(|mark| self.mark(&indicator.id, mark)).collect(),
        }
    }

    fn mark(&mut self, indicator: &str, mark: &Mark) -> MarkView {
        self.anchors += 1;
        let given = mark.given.as_ref();
        let state = match mark.state {
            Settled::Proposed => "proposed",
            Settled::Judged => "judged",
            Settled::Open => "open",
            Settled::NotApplicable => "none",
        };
        let judge = match &mark.origin {
            Origin::Question { id, .. } => Some((indicator.to_owned(), id.clone())),
            Origin::Nowhere => Some((indicator.to_owned(), String::new())),
            Origin::Exchange { .. } | Origin::Note { .. } => None,
        };
        let verdict = mark.verdict.as_ref().map(|verdict| {
            let who = self.trainers.iter().find(|(id, _)| *id == verdict.by).map(|(_, name)| name.clone());
            let when = french::moment(&french::paris(verdict.at));
            (who.unwrap_or_else(|| "Un formateur".to_owned()), when, verdict.word.clone())
        });
        let quotes = mark.evidence.iter().map(|shown| shown.quote.clone()).filter(|quote| !quote.is_empty());
        MarkView {
            anchor: format!("m{}", self.anchors),
            origin: self.origin(&mark.origin),
            address: match &mark.origin {
                Origin::Exchange { conversation, .. } | Origin::Note { conversation, .. } => {
                    Some(paths::scorecard(&conversation.to_string()))
                }
                Origin::Question { .. } | Origin::Nowhere => None,
            },
            level: mark.level,
            state,
            reason: mark.reason.clone(),
            quotes: quotes.collect(),
            found: given.map(|given| given.found.clone()).unwrap_or_default(),
            missed: given.map(|given| given.missed.clone()).unwrap_or_default(),
            wrong: given.map(|given| given.wrong.clone()).unwrap_or_default(),
            asked: mark.asked.clone(),
            answer: mark.answer.clone(),
            signs: mark.signs.iter().map(|sign| (sign.expected.clone(), sign.quote.clone())).collect(),
            verdict,
            judge,
        }
    }

    fn origin(&self, origin: &Origin) -> String {
        match origin {
            Origin::Exchange { situation, .. } => format!("Échange {}", situation + 1),
            Origin::Note { situation, .. } => format!("Note de l'échange {}", situation + 1),
            Origin::Nowhere => "Appréciation d'ensemble".to_owned(),
            Origin::Question { situation, step, id } => {
                let part = self.exam.sitting.draw().step(*step).map(|(_, _, part)| part);
                let part_words = part.map_or("Question", |part| part_name(part.kind));
                let number = part
                    .and_then(|part| questions_of(self.booklet, part).iter().position(|question| question.id == *id));
                let number = number.map_or_else(String::new, |at| format!(", question {}", at + 1));
                format!("Situation {}, {}{number}", situation + 1, part_words.to_lowercase())
            }
        }
    }

    fn situations(&self, told: &Report) -> Vec<SituationView> {
        let sitting = &self.exam.sitting;
        let mut step = 0u16;
        let drawn = sitting.draw().situations.iter().enumerate();
        drawn
            .map(|(at, drawn)| SituationView {
                title: drawn.title.clone(),
                drawn: self.names.get(at).cloned().unwrap_or_default(),
                channel: french::channel(drawn.channel).to_owned(),
                scorecard: sitting
                    .conversation_of(at)
                    .filter(|_| sitting.ended_at().is_some())
                    .map(|id| paths::scorecard(&id.to_string())),
                parts: drawn
                    .steps
                    .iter()
                    .map(|part| {
                        let spent = told.spent.iter().find(|spent| spent.step == step);
                        let (used, given) = spent.map_or((0, 0), |spent| (spent.spent_ms, spent.limit_ms));
                        let state = state_of(sitting, step).1;
                        step += 1;
                        (part_name(part.kind).to_owned(), long(used), long(given), state)
                    })
                    .collect(),
            })
            .collect()
    }

    fn interruption(&self, one: &crate::exam::Interruption) -> InterruptionView {
        let part = self.exam.sitting.draw().step(one.step);
        let during = part.map(|(_, drawn, part)| format!("{} · {}", drawn.title, part_name(part.kind)));
        InterruptionView {
            when: french::moment(&french::paris(one.from)),
            during: during.unwrap_or_default(),
            lasted: long(one.lasted_ms),
            given_back: long(one.given_back_ms),
        }
    }
}

fn standing(standing: Standing) -> StandingView {
    StandingView {
        observed: standing.observed,
        partial: standing.partial,
        missed: standing.missed,
        open: standing.open,
    }
}
