//! One part of an exam as its page shows it.
//!
//! Input: the exam as it stands, and what was sent and not kept. Output: the page. Invariant: nothing of a file that says
//! what is right reaches the page.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use axum::response::Response;

use super::booklet_form::{Sent, delay_value};
use super::booklets::{long, part_name};
use super::conversation::live;
use super::handoff::lines;
use super::{directory, page, site, voice_offer};
use crate::exam::{Answer, Answers, Step, questions_of};
use crate::persona::{Channel, Urgency};
use crate::rubric::booklet::{Booklet, Delay, PartKind, Question, Queue};
use crate::server::Comptoir;
use crate::server::booklets::{Exam, persona_of};
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::pages::{
    BookletStep, BriefView, ChoiceField, NoteView, PersonRow, QuestionField, QueueView, SceneView, ServiceChoice,
    SittingBar, Task, UrgencyChoice, paths, portrait,
};
use crate::server::who::Who;

/// A part's page in the making.
pub(super) struct Shown<'a> {
    pub(super) comptoir: &'a Comptoir,
    pub(super) who: &'a Who,
    pub(super) exam: &'a Exam,
    pub(super) booklet: &'a Booklet,
    pub(super) step: u16,
}

impl Shown<'_> {
    /// The page; what was sent and not kept stands in it as typed.
    pub(super) async fn page(
        &self,
        sent: Option<&Sent>,
        problems: Vec<(String, String)>,
        stale: bool,
        status: StatusCode,
    ) -> Result<Response, Failure> {
        let sitting = &self.exam.sitting;
        let (situation, _, part) = sitting.draw().step(self.step).ok_or(Code::UnknownBooklet)?;
        let mut answers = sitting.answers(self.step).clone();
        let mut refused = BTreeMap::new();
        if let Some(sent) = sent {
            answers.extend(sent.answers.clone());
            refused.clone_from(&sent.refused);
        }
        let mut problems = problems;
        problems.extend(refused.iter().map(|(id, (_, fault))| {
            let own = self.booklet.question(id).is_some();
            (if own { format!("q-{id}") } else { id.clone() }, fault.clone())
        }));
        let questions = questions_of(self.booklet, part);
        let questions = questions.into_iter().map(|question| self.question(question, &answers, &refused)).collect();
        let content = self.comptoir.library.content();
        let seen = sitting.seen(self.step);
        let view = BookletStep {
            site: site(&content, self.who.viewer()),
            sitting: bar(self.comptoir, self.exam, self.step),
            step: self.step,
            name: part_name(part.kind).to_owned(),
            task: self.task(situation, part, &answers, &refused).await?,
            questions,
            seen,
            problems,
            stale,
            kept: None,
            last: self.step + 1 == sitting.len(),
        };
        let mut response = page(&view);
        *response.status_mut() = status;
        Ok(response)
    }

    fn question(
        &self,
        question: &Question,
        answers: &Answers,
        refused: &BTreeMap<String, (String, String)>,
    ) -> QuestionField {
        let answer = answers.get(&question.id);
        let ticked = |id: &String| matches!(answer, Some(Answer::Ticked(ids)) if ids.contains(id));
        let choice = |choice: &crate::rubric::booklet::Choice| ChoiceField {
            ticked: ticked(&choice.id),
            id: choice.id.clone(),
            text: choice.text.clone(),
        };
        let refused = refused.get(&question.id);
        let words = refused.map(|(words, _)| words.as_str()).or_else(|| answer.and_then(Answer::words));
        QuestionField {
            id: question.id.clone(),
            text: question.text.clone(),
            help: question.help.clone(),
            material: question.material.clone(),
            choices: question.choice.iter().map(choice).collect(),
            words: words.unwrap_or_default().to_owned(),
            problem: refused.map(|(_, fault)| fault.clone()),
            versions: self.exam.sitting.versions(self.step, &question.id),
        }
    }

    async fn task(
        &self,
        situation: usize,
        part: &Step,
        answers: &Answers,
        refused: &BTreeMap<String, (String, String)>,
    ) -> Result<Task, Failure> {
        let setting = part.setting.as_deref();
        Ok(match part.kind {
            PartKind::Scene => {
                let scene = setting.and_then(|id| self.booklet.scene(id)).ok_or(Code::SituationBroken)?;
                Task::Scene(SceneView {
                    id: scene.id.clone(),
                    title: scene.title.clone(),
                    text: scene.text.clone(),
                    description: scene.description.clone(),
                })
            }
            PartKind::Queue => {
                let queue = setting.and_then(|id| self.booklet.queue(id)).ok_or(Code::SituationBroken)?;
                Task::Queue(queue_view(queue, answers))
            }
            PartKind::Questions => Task::Questions,
            PartKind::Conversation => Task::Conversation(self.brief(situation).await?),
            PartKind::Note => Task::Note(self.note(situation, answers, refused).await?),
        })
    }

    async fn brief(&self, situation: usize) -> Result<BriefView, Failure> {
        let persona = persona_of(self.comptoir, self.exam, situation).await?;
        let Some(persona) = persona else {
            return Ok(BriefView {
                title: String::new(),
                by_phone: false,
                scene: String::new(),
                record: Vec::new(),
                portrait: None,
                handset: None,
                resume: None,
                broken: true,
                voice: false,
            });
        };
        let file = persona.file();
        let by_phone = file.channel == Channel::Phone;
        let conversation = self.exam.sitting.conversation_of(situation);
        // A conversation that an event names and that was never opened is opened by meeting again.
        let conversation = match conversation {
            Some(id) => self.comptoir.store.conversation(id).await?.map(|_| id),
            None => None,
        };
        Ok(BriefView {
            title: file.title.clone(),
            by_phone,
            scene: file.scene.clone(),
            record: file.screen.lines.clone(),
            portrait: (!by_phone).then(|| portrait(&file.id)),
            handset: file.caller.handset.clone().filter(|_| by_phone),
            resume: conversation.map(|id| paths::conversation(&id.to_string())),
            broken: false,
            voice: voice_offer(self.comptoir).available(),
        })
    }

    async fn note(
        &self,
        situation: usize,
        answers: &Answers,
        refused: &BTreeMap<String, (String, String)>,
    ) -> Result<NoteView, Failure> {
        let words = |name: &str| {
            let typed = refused.get(name).map(|(words, _)| words.as_str());
            typed.or_else(|| answers.get(name).and_then(Answer::words)).unwrap_or_default().to_owned()
        };
        let (service, urgency) = (words("service"), words("urgency"));
        let content = self.comptoir.library.content();
        let choice = |entry: crate::server::pages::Entry| ServiceChoice {
            chosen: entry.id == service,
            id: entry.id,
            name: entry.name,
            deals_with: entry.deals_with,
        };
        let mut urgencies = UrgencyChoice::all(None::<Urgency>);
        for choice in &mut urgencies {
            choice.chosen = choice.value == urgency;
        }
        let persona = persona_of(self.comptoir, self.exam, situation).await?;
        let name = persona.map(|persona| persona.file().caller.name.clone());
        let name = name.unwrap_or_else(|| "la personne".to_owned());
        let mut said = Vec::new();
        if let Some(id) = self.exam.sitting.conversation_of(situation)
            && let Some(conversation) = self.comptoir.store.conversation(id).await?
            && let Ok((_, live)) = live(self.comptoir, &conversation).await
        {
            said = lines(&live, &name);
        }
        Ok(NoteView {
            caller: name,
            services: directory(content.organisation()).entries.into_iter().map(choice).collect(),
            urgencies,
            summary: words("summary"),
            lines: said,
        })
    }
}

fn queue_view(queue: &Queue, answers: &Answers) -> QueueView {
    let shown: Vec<String> = queue.person.iter().map(|person| person.id.clone()).collect();
    let order = match answers.get(Answer::ORDER) {
        Some(Answer::Order(order)) => order,
        _ => &shown,
    };
    let given = |id: &str| match answers.get(Answer::DELAYS) {
        Some(Answer::Delays(delays)) => delays.get(id).copied(),
        _ => None,
    };
    let row = |id: &String| {
        let person = queue.person.iter().find(|person| person.id == *id)?;
        let delay = |delay: Delay| (delay_value(delay), delay_name(delay), given(id) == Some(delay));
        Some(PersonRow {
            id: id.clone(),
            who: person.who.clone(),
            asks: person.asks.clone(),
            delays: [Delay::Now, Delay::Minutes, Delay::Today, Delay::Later].map(delay).to_vec(),
        })
    };
    QueueView { title: queue.title.clone(), text: queue.text.clone(), people: order.iter().filter_map(row).collect() }
}

/// How soon somebody is answered, in words.
const fn delay_name(delay: Delay) -> &'static str {
    match delay {
        Delay::Now => "Tout de suite",
        Delay::Minutes => "Dans les minutes qui suivent",
        Delay::Today => "Dans la journée",
        Delay::Later => "Sur rendez-vous, ou rappel dans les jours qui viennent",
    }
}

/// Where one is in an exam, and how much time is left.
pub(super) fn bar(comptoir: &Comptoir, exam: &Exam, step: u16) -> SittingBar {
    let sitting = &exam.sitting;
    let place = sitting.draw().step(step);
    let place = place.map(|(_, drawn, part)| format!("{} · {}", drawn.title, part_name(part.kind)));
    SittingBar {
        booklet: exam.stored.id.to_string(),
        part: step + 1,
        of: sitting.len(),
        place: place.unwrap_or_default(),
        left_ms: sitting.left_ms(step, comptoir.now()),
        limit: long(sitting.limit_ms(step)),
        extended: sitting.extra_percent() > 0,
    }
}
