//! One reply being worded by a model, on a task of its own.
//!
//! Input: the reply that code has decided, and all it may be worded from. Output: [`Progress`], sentence by sentence, then
//! the whole. Invariant: it always comes to its end, within [`Player::patience`] of the turn to the first words and
//! [`LONGEST`] in all; whatever the model does, the reply that comes of it says what was decided.

use std::borrow::Cow;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};
use tokio_util::task::AbortOnDropHandle;

use super::player::Player;
use super::stage::Stage;
use super::turn::Decided;
use crate::character::State;
use crate::hearing::aside::spoken;
use crate::id::ConversationId;
use crate::model::ModelError;
use crate::reply::guard::Breach;
use crate::reply::guide::{Line, Setting};
use crate::reply::listen::listen;
use crate::reply::telling::{Check, Taken, Telling};
use crate::reply::{Reply, Turn, respond};
use crate::transcript::{Made, Turn as Said};

/// How long a model may fall silent in mid-reply.
const GAP: Duration = Duration::from_secs(2);
/// From the turn to the last word.
const LONGEST: Duration = Duration::from_secs(25);
/// With less time than this left, no model finds words.
const TOO_SHORT: Duration = Duration::from_millis(150);
/// Replies of the character that may not come back word for word.
const LATELY: usize = 8;
/// How often a reply is asked for: once, and once more after a refusal.
const TRIES: u32 = 2;

/// What comes of a reply being worded.
#[derive(Debug)]
pub(super) enum Progress {
    /// The model heard what the rules did not: this is what the reply says now.
    Decided(Box<Decided>),
    /// A sentence that may be told.
    Said(String),
    /// The whole reply.
    Done(Box<(Reply, Made)>),
    /// The task died.
    Lost,
}

/// A reply being worded. Dropping it ends the call.
#[derive(Debug)]
pub(super) struct Wording {
    /// The number of the event that it will be.
    pub(super) seq: u32,
    /// What it says.
    pub(super) decided: Decided,
    /// Sentences told.
    pub(super) said: Vec<String>,
    /// Where sentences could not be kept any more: how many were told. The others come with the whole.
    pub(super) silent: Option<usize>,
    /// When its turn came.
    pub(super) began: Instant,
    progress: mpsc::Receiver<Progress>,
    _task: AbortOnDropHandle<()>,
}

/// All that a reply is worded from.
pub(super) struct Job {
    pub(super) conversation: ConversationId,
    pub(super) stage: Stage,
    pub(super) player: Player,
    pub(super) state: State,
    pub(super) turns: Vec<Said>,
    pub(super) seed: u64,
    pub(super) decided: Decided,
}

impl Wording {
    /// Begins to word.
    pub(super) fn begin(seq: u32, job: Job) -> Wording {
        let (line, progress) = mpsc::channel(16);
        let (decided, began) = (job.decided.clone(), Instant::now());
        let task = AbortOnDropHandle::new(tokio::spawn(word(job, began, line)));
        Wording { seq, decided, said: Vec::new(), silent: None, began, progress, _task: task }
    }

    /// The words told so far.
    pub(super) fn told(&self) -> String {
        self.said[..self.silent.unwrap_or(self.said.len())].join(" ")
    }

    /// What comes next. Cancel-safe.
    pub(super) async fn next(&mut self) -> Progress {
        self.progress.recv().await.unwrap_or(Progress::Lost)
    }
}

/// What comes next of the reply being worded; without one, nothing ever.
pub(super) async fn next(wording: &mut Option<Box<Wording>>) -> Progress {
    match wording {
        Some(wording) => wording.next().await,
        None => std::future::pending().await,
    }
}

async fn word(mut job: Job, began: Instant, line: mpsc::Sender<Progress>) {
    let mut made = Made { hearing_us: micros(job.decided.took), ..Made::default() };
    if let Some(decided) = hear(&job, began, &mut made).await {
        // Nobody listening any more ends the task with the next message.
        let _ = line.send(Progress::Decided(Box::new(decided.clone()))).await;
        job.decided = decided;
    }
    let (reply, made) = tell(&job, began, made, &line).await;
    let _ = line.send(Progress::Done(Box::new((reply, made)))).await;
}

/// Lets the model hear, where the rules found a question that nothing answers.
async fn hear(job: &Job, began: Instant, made: &mut Made) -> Option<Decided> {
    let within = job.player.hear?;
    let words = job.decided.words.as_deref()?;
    let heard = job.decided.heard.as_ref()?;
    let persona = &job.stage.persona;
    let last = job.turns.iter().rev().find(|turn| !turn.is_trainee() && !turn.text.is_empty());
    let listening = listen(persona, &job.state, heard, &job.decided.reply, words, last.map(|turn| turn.text.as_str()))?;
    let within = within.min(job.player.patience.saturating_sub(began.elapsed()));
    let answer = job.player.model.ask(&listening.ask, Some(job.conversation), within).await.ok()?;
    made.prompt_tokens += answer.tokens.prompt;
    made.completion_tokens += answer.tokens.completion;
    let heard = listening.heard(&answer.text, heard, words)?;
    let reply = respond(persona, &job.state, Turn::Said(&heard), job.seed);
    Some(Decided { reply, heard: Some(heard), ..job.decided.clone() })
}

/// Why no more of the model's words are told.
enum Stopped {
    /// All was said.
    Whole,
    /// A sentence may not be said.
    Refused(Breach),
    /// The model failed.
    Failed(ModelError),
}

async fn tell(job: &Job, began: Instant, mut made: Made, line: &mpsc::Sender<Progress>) -> (Reply, Made) {
    let Job { stage, state, player, turns, .. } = job;
    let plan = &job.decided.reply;
    let exchange: Vec<Line<'_>> = turns.iter().map(|turn| Line { speaker: turn.speaker, words: &turn.text }).collect();
    let setting = Setting { persona: &stage.persona, state, reply: plan, exchange: &exchange };
    let facts = setting.facts();
    // What was said to the machine gives the character no figure and no name to take up.
    let spoken: Vec<Cow<'_, str>> = turns.iter().map(|turn| spoken(&turn.text)).collect();
    let heard: Vec<&str> = spoken.iter().map(AsRef::as_ref).collect();
    let own = turns.iter().rev().filter(|turn| !turn.is_trainee()).take(LATELY);
    let said: Vec<&str> = own.map(|turn| turn.text.as_str()).collect();
    let check = Check {
        persona: &stage.persona,
        ears: &stage.ears,
        bounds: &stage.bounds,
        facts: &facts,
        heard: &heard,
        said: &said,
    };
    let mut telling = Telling::new(check, plan, Vec::new());
    let first = began + player.patience;
    let mut ask = setting.ask();
    for _ in 0..TRIES {
        let within = if telling.has_begun() { GAP } else { first.saturating_duration_since(Instant::now()) };
        if within < TOO_SHORT {
            break;
        }
        let stopped = match player.model.stream(&ask, Some(job.conversation), within).await {
            Err(error) => Stopped::Failed(error),
            Ok(mut words) => {
                let mut clock = Clock { began, first, made: &mut made };
                let stopped = follow(&mut words, &mut telling, &mut clock, line).await;
                let tokens = words.tokens();
                made.prompt_tokens += tokens.prompt;
                made.completion_tokens += tokens.completion;
                stopped
            }
        };
        match stopped {
            Stopped::Whole if telling.has_begun() => {
                made.fell_back = None;
                break;
            }
            Stopped::Whole => {
                made.fell_back = Some(ModelError::Empty.code().to_owned());
                break;
            }
            Stopped::Failed(error) => {
                made.fell_back = Some(error.code().to_owned());
                break;
            }
            Stopped::Refused(breach) => {
                made.refused.push(breach.code().to_owned());
                made.fell_back = Some(REFUSED.to_owned());
                ask = setting.ask_again(&breach, &telling.said());
            }
        }
    }
    if !telling.has_begun() && made.fell_back.is_none() {
        made.fell_back = Some(ModelError::Late.code().to_owned());
    }
    made.model = telling.has_begun().then(|| player.model.name().to_owned());
    (telling.reply(), made)
}

/// Why the character's own lines say it: the guard refused the model's, twice. An endpoint that refuses is `refused`.
pub(super) const REFUSED: &str = "guarded";
/// The trainee cut in before the model had said all.
pub(super) const CUT_IN: &str = "cut_in";
/// The service stopped, or came back after a stop.
pub(super) const STOPPED: &str = "stopped";

struct Clock<'a> {
    began: Instant,
    /// When the first words must be there.
    first: Instant,
    made: &'a mut Made,
}

/// Tells what the model says, as long as it may be said.
async fn follow(
    words: &mut crate::model::Words,
    telling: &mut Telling<'_>,
    clock: &mut Clock<'_>,
    line: &mpsc::Sender<Progress>,
) -> Stopped {
    let until = clock.began + LONGEST;
    loop {
        let silence = Instant::now() + GAP;
        let wait = if telling.has_begun() { silence.min(until) } else { clock.first };
        let next = match timeout_at(wait, words.next()).await {
            Err(_) => return Stopped::Failed(ModelError::Late),
            Ok(Some(Err(error))) => return Stopped::Failed(error),
            Ok(Some(Ok(words))) => Some(words),
            Ok(None) => None,
        };
        clock.made.first_token_ms.get_or_insert_with(|| millis(clock.began.elapsed()));
        clock.made.last_token_ms = Some(millis(clock.began.elapsed()));
        let guarding = Instant::now();
        let over = next.is_none();
        let Taken { told, breach } = match next {
            Some(words) => telling.push(&words),
            None => telling.end(),
        };
        clock.made.guard_us += micros(guarding.elapsed());
        for sentence in told {
            clock.made.first_words_ms.get_or_insert_with(|| millis(clock.began.elapsed()));
            if line.send(Progress::Said(sentence)).await.is_err() {
                return Stopped::Whole;
            }
        }
        match breach {
            Some(breach) => return Stopped::Refused(breach),
            None if over || telling.is_full() => return Stopped::Whole,
            None => {}
        }
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

pub(super) fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
