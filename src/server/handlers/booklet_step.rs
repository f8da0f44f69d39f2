//! One part of an exam: entered, shown, kept, finished.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Form, Json};
use serde::Deserialize;
use serde_json::json;

use super::booklet_form::{self, Fields, Sent, delay_value};
use super::booklets::{clock, long, part_name};
use super::conversation::live;
use super::handoff::{hand_off, lines, read};
use super::start::check_origin;
use super::{directory, page, site, voice_offer};
use crate::entropy::seed;
use crate::exam::{Answer, Answers, Happening, Step, questions_of};
use crate::id::ConversationId;
use crate::persona::{Channel, Urgency};
use crate::rubric::booklet::{Booklet, Delay, PartKind, Question, Queue};
use crate::server::Comptoir;
use crate::server::booklets::{self, Exam, Sign, change, file_of, note_of, persona_of, settle};
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::pages::{
    BookletStep, BriefView, ChoiceField, NoteView, PersonRow, QuestionField, QueueView, SceneView, ServiceChoice,
    SittingBar, Task, UrgencyChoice, paths, portrait,
};
use crate::server::who::Who;
use crate::store::NewConversation;
use crate::transcript::Start;

/// The form that meets the person.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::server) struct Meet {
    aloud: Option<String>,
}

/// Enters a part: its time runs.
pub(in crate::server) async fn enter(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path((id, step)): Path<(String, u16)>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    check_origin(&comptoir, &headers)?;
    let stored = who.booklet(&comptoir, &id).await?;
    let exam = change(&comptoir, stored.id, Sign::Page, |exam| {
        let next = exam.sitting.current().is_none() && exam.sitting.next_step() == Some(step);
        Ok(next.then_some(Happening::Entered { step }))
    })
    .await?;
    Ok(whereabouts(&id, &exam))
}

/// Where the part under way is; otherwise where one stands.
fn whereabouts(id: &str, exam: &Exam) -> Response {
    let to = exam.sitting.current().map_or_else(|| paths::booklet(id), |step| paths::booklet_step(id, step));
    Redirect::to(&to).into_response()
}

pub(in crate::server) async fn show(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path((id, step)): Path<(String, u16)>,
) -> Result<Response, Failure> {
    let stored = who.booklet(&comptoir, &id).await?;
    let exam = settle(&comptoir, stored.id, Sign::Page).await?;
    if exam.sitting.current() != Some(step) {
        return Ok(Redirect::to(&paths::booklet(&id)).into_response());
    }
    let booklet = file_of(&comptoir, &exam.stored).await?;
    let shown = Shown { comptoir: &comptoir, who: &who, exam: &exam, booklet: &booklet, step };
    shown.page(None, Vec::new(), false, StatusCode::OK).await
}

/// Keeps what was answered; finishes the part where that is asked.
pub(in crate::server) async fn save(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path((id, step)): Path<(String, u16)>,
    headers: HeaderMap,
    form: Result<Form<Fields>, FormRejection>,
) -> Result<Response, Failure> {
    check_origin(&comptoir, &headers)?;
    let stored = who.booklet(&comptoir, &id).await?;
    let Form(fields) = form.map_err(|_| Code::BadForm)?;
    let exam = settle(&comptoir, stored.id, Sign::Page).await?;
    let quiet = headers.get(ACCEPT).is_some_and(|accept| accept.as_bytes().starts_with(b"application/json"));
    let part = exam.sitting.draw().step(step).map(|(_, _, part)| part.clone());
    let (Some(part), true) = (part, exam.sitting.current() == Some(step)) else {
        // Finished in another tab, or its time is up: what was kept until then counts.
        return if quiet { Err(Code::TimeUp.into()) } else { Ok(Redirect::to(&paths::booklet(&id)).into_response()) };
    };
    let booklet = file_of(&comptoir, &exam.stored).await?;
    let sent = booklet_form::read(&booklet, &part, &fields);
    let shown = |exam| Shown { comptoir: &comptoir, who: &who, exam, booklet: &booklet, step };
    let changed = changed(&exam, step, &sent.answers);
    if !changed.is_empty() && sent.seen < exam.sitting.seen(step) {
        return if quiet {
            Ok((StatusCode::CONFLICT, Json(json!({ "code": "stale" }))).into_response())
        } else {
            shown(&exam).page(Some(&sent), Vec::new(), true, StatusCode::CONFLICT).await
        };
    }
    // Another tab may be heard between looking and keeping: then it is looked at again.
    let exam = change(&comptoir, stored.id, Sign::Page, |exam| {
        if exam.sitting.current() != Some(step) {
            return Err(Code::TimeUp.into());
        }
        let answers = self::changed(exam, step, &sent.answers);
        Ok((!answers.is_empty()).then_some(Happening::Answered { step, answers }))
    })
    .await?;
    if !sent.refused.is_empty() {
        return shown(&exam).page(Some(&sent), Vec::new(), false, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    if quiet {
        let kept = clock(comptoir.now());
        return Ok(Json(json!({ "seen": exam.sitting.seen(step), "kept": kept })).into_response());
    }
    if !sent.finish {
        let moved = fields.iter().find_map(|(key, value)| (key == "move").then(|| value.split_once(':')).flatten());
        let place = moved.map_or_else(String::new, |(_, person)| format!("#p-{person}"));
        return Ok(Redirect::to(&format!("{}{place}", paths::booklet_step(&id, step))).into_response());
    }
    if part.kind == PartKind::Note
        && let Err(problems) = pass_on(&comptoir, &exam, step).await?
    {
        return shown(&exam).page(None, problems, false, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    if part.kind == PartKind::Conversation && !cannot_be_played(&comptoir, &exam, step).await? {
        return Err(Code::NotOver.into());
    }
    let exam = change(&comptoir, stored.id, Sign::Page, |exam| {
        Ok((exam.sitting.current() == Some(step)).then_some(Happening::Finished { step }))
    })
    .await?;
    let to = if exam.sitting.ended_at().is_some() { paths::booklet_report(&id) } else { paths::booklet(&id) };
    Ok(Redirect::to(&to).into_response())
}

/// The answers that are not those kept already. What was never answered and stays empty is no change.
fn changed(exam: &Exam, step: u16, sent: &Answers) -> Answers {
    let kept = exam.sitting.answers(step);
    let is_change = |(id, answer): &(&String, &Answer)| match kept.get(*id) {
        Some(before) => before != *answer,
        None => !answer.is_empty(),
    };
    sent.iter().filter(is_change).map(|(id, answer)| (id.clone(), answer.clone())).collect()
}

/// Hands the note of a part off to the conversation it is about, or tells what is missing.
async fn pass_on(comptoir: &Comptoir, exam: &Exam, step: u16) -> Result<Result<(), Vec<(String, String)>>, Failure> {
    let situation = exam.sitting.draw().step(step).map(|(situation, _, _)| situation);
    let conversation = situation.and_then(|situation| exam.sitting.conversation_of(situation));
    let Some(conversation) = conversation else { return Ok(Ok(())) };
    let Some(conversation) = comptoir.store.conversation(conversation).await? else { return Ok(Ok(())) };
    let (stage, live) = live(comptoir, &conversation).await?;
    match read(&note_of(exam, step), &stage) {
        Ok(handoff) => {
            hand_off(comptoir, conversation.id, &live, handoff).await?;
            Ok(Ok(()))
        }
        Err(problems) => {
            Ok(Err(problems.into_iter().map(|problem| (problem.field.to_owned(), problem.text)).collect()))
        }
    }
}

/// Whether the person of a part cannot be met any more: its situation cannot be read.
async fn cannot_be_played(comptoir: &Comptoir, exam: &Exam, step: u16) -> Result<bool, Failure> {
    let Some((situation, _, _)) = exam.sitting.draw().step(step) else { return Ok(true) };
    Ok(persona_of(comptoir, exam, situation).await?.is_none())
}

/// Opens the conversation of a part, or goes on with it.
pub(in crate::server) async fn meet(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Path((id, step)): Path<(String, u16)>,
    headers: HeaderMap,
    form: Result<Form<Meet>, FormRejection>,
) -> Result<Response, Failure> {
    check_origin(&comptoir, &headers)?;
    let stored = who.booklet(&comptoir, &id).await?;
    let Form(form) = form.map_err(|_| Code::BadForm)?;
    let fresh = ConversationId::new(comptoir.ulid());
    // The event comes first: of two tabs that pick up, one opens the conversation and the other one joins it.
    let exam = change(&comptoir, stored.id, Sign::Page, |exam| {
        let kind = exam.sitting.draw().step(step).map(|(_, _, part)| part.kind);
        let here = exam.sitting.current() == Some(step) && kind == Some(PartKind::Conversation);
        let new = here && exam.sitting.conversation(step).is_none();
        Ok(new.then_some(Happening::Conversed { step, conversation: fresh }))
    })
    .await?;
    let Some(conversation) = exam.sitting.conversation(step).filter(|_| exam.sitting.current() == Some(step)) else {
        return Ok(Redirect::to(&paths::booklet(&id)).into_response());
    };
    open_conversation(&comptoir, &exam, step, conversation, form.aloud.is_some()).await?;
    Ok(Redirect::to(&paths::conversation(&conversation.to_string())).into_response())
}

/// Opens the conversation that an event names, unless it is there.
async fn open_conversation(
    comptoir: &Comptoir,
    exam: &Exam,
    step: u16,
    id: ConversationId,
    aloud: bool,
) -> Result<(), Failure> {
    let (situation, drawn, _) = exam.sitting.draw().step(step).ok_or(Code::UnknownBooklet)?;
    if comptoir.store.conversation(id).await?.is_none() {
        let rubric = file_of(comptoir, &exam.stored).await?.file().rubric.clone();
        let start = Start {
            persona: drawn.persona.clone(),
            persona_hash: drawn.persona_hash.clone(),
            rubric,
            channel: drawn.channel,
            seed: seed(comptoir.entropy.as_ref()),
            hints: false,
            aloud,
            branched_from: None,
        };
        let (visitor, at) = (exam.stored.visitor, comptoir.now());
        let new = NewConversation { id, visitor, start, at, shared: Vec::new() };
        comptoir.store.start_conversation(&new).await?;
    }
    Ok(comptoir.store.enlist(id, exam.stored.id, situation).await?)
}

/// The time that a conversation's page shows, where it belongs to a booklet under way.
pub(super) async fn bar_of(comptoir: &Comptoir, conversation: ConversationId) -> Result<Option<SittingBar>, Failure> {
    let Some(booklet) = comptoir.store.booklet_with(conversation).await? else { return Ok(None) };
    let exam = settle(comptoir, booklet.id, Sign::Page).await?;
    let step = exam.sitting.current().filter(|step| exam.sitting.conversation(*step) == Some(conversation));
    Ok(step.map(|step| bar(comptoir, &exam, step)))
}

fn bar(comptoir: &Comptoir, exam: &Exam, step: u16) -> SittingBar {
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

/// A part's page in the making.
struct Shown<'a> {
    comptoir: &'a Comptoir,
    who: &'a Who,
    exam: &'a Exam,
    booklet: &'a Booklet,
    step: u16,
}

impl Shown<'_> {
    /// The page; what was sent and not kept stands in it as typed.
    async fn page(
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

/// Where a conversation's page sends back to.
pub(super) async fn back(comptoir: &Comptoir, conversation: ConversationId) -> Result<Option<Response>, Failure> {
    let to = booklets::sends_back(comptoir, conversation).await?;
    Ok(to.map(|to| Redirect::to(&to).into_response()))
}
