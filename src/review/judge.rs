//! A language model that judges: one axis after several votes, or all axes of a transcript.
//!
//! Input: a question of [`crate::scoring::judge`] and a model. Output: opinions and what they cost, or why there are
//! none. Invariant: a vote counts only where its answer was usable; what an axis used is told with its opinions.

use std::pin::pin;
use std::time::Duration;

use futures_util::stream::{self, Stream, StreamExt as _};
use tokio::time::{Instant, sleep};

use crate::ask::Ask;
use crate::id::ConversationId;
use crate::model::{Answer, Model, ModelError};
use crate::organisation::Organisation;
use crate::persona::Persona;
use crate::rubric::Rubric;
use crate::scoring::Scorecard;
use crate::scoring::judge::{AxisAsk, Fault, Judged, Opinion, PROMPT, Reading, asks, digest, settle};
use crate::transcript::Transcript;

/// A rest that ends sooner than this is about to be over.
const SOON: Duration = Duration::from_millis(250);

/// How often one looks whether it is.
const LOOKED: Duration = Duration::from_millis(50);

/// A model that judges.
#[derive(Clone, Debug)]
pub struct Judge {
    /// The model.
    pub model: Model,
    /// How many times each indicator is judged, 1 at least; the median counts.
    pub votes: u8,
    /// How long one question may take, waiting and tries included.
    pub deadline: Duration,
}

/// What is judged.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// What was said and done.
    pub transcript: &'a Transcript,
    /// With whom.
    pub persona: &'a Persona,
    /// By which criteria.
    pub rubric: &'a Rubric,
    /// What the rules make of it: they settle what applies.
    pub rules: &'a Scorecard,
    /// The directory.
    pub organisation: &'a Organisation,
}

/// Why an axis could not be judged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Setback {
    /// The model gave no answer.
    #[error("ask the model")]
    Model(#[from] ModelError),
    /// Its answers cannot be used.
    #[error("use the model's answer")]
    Answer(#[from] Fault),
}

impl Setback {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Setback::Model(error) => error.code(),
            Setback::Answer(fault) => fault.code(),
        }
    }

    /// Whether the answers are at fault rather than the way to them: asked again for long, they will not get better.
    pub(super) fn is_of_answers(&self) -> bool {
        match self {
            Setback::Answer(_) => true,
            Setback::Model(error) => matches!(
                error,
                ModelError::Declined
                    | ModelError::Empty
                    | ModelError::Endless
                    | ModelError::Malformed
                    | ModelError::WrongShape
            ),
        }
    }
}

/// An axis, judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct JudgedAxis {
    opinions: Vec<Opinion>,
    calls: u32,
    prompt_tokens: u64,
    completion_tokens: u64,
    took: Duration,
}

impl Judge {
    /// Judges a whole transcript at once: what it made of each axis, and what it was not able to.
    pub async fn judge(&self, case: &Case<'_>) -> (Judged, Vec<(String, Setback)>) {
        let mut judged = self.begin(case, None);
        let questions = remaining(case, &judged);
        let mut under_way = pin!(self.axes(&questions, case.transcript, None));
        let mut setbacks = Vec::new();
        while let Some((ask, done)) = under_way.next().await {
            match done {
                Ok(axis) => add(&mut judged, ask, axis),
                Err(setback) => setbacks.push((ask.axis.clone(), setback)),
            }
        }
        (judged, setbacks)
    }

    /// What earlier tries have judged, if it was the same under the same conditions; else nothing yet.
    pub(super) fn begin(&self, case: &Case<'_>, earlier: Option<Judged>) -> Judged {
        let nothing = Judged {
            opinions: Vec::new(),
            axes: Vec::new(),
            given_up: Vec::new(),
            model: self.model.name().to_owned(),
            prompt_version: PROMPT.version,
            prompt_hash: PROMPT.hash(),
            rubric_hash: case.rubric.hash().to_owned(),
            persona_hash: case.persona.hash().to_owned(),
            votes: self.votes.max(1),
            calls: 0,
            prompt_tokens: 0,
            completion_tokens: 0,
            took_ms: 0,
            digest: digest(case.transcript),
        };
        earlier.filter(|earlier| is_alike(earlier, &nothing)).unwrap_or(nothing)
    }

    /// Judges axes, as many at once as the model may be asked: none waits for a place while its time runs.
    pub(super) fn axes<'a>(
        &'a self,
        questions: &'a [AxisAsk],
        transcript: &'a Transcript,
        on: Option<ConversationId>,
    ) -> impl Stream<Item = (&'a AxisAsk, Result<JudgedAxis, Setback>)> + Send + 'a {
        let axis = move |ask: &'a AxisAsk| async move { (ask, self.axis(ask, transcript, on).await) };
        stream::iter(questions).map(axis).buffer_unordered(self.model.at_once().max(1))
    }

    /// Judges one axis, vote by vote.
    async fn axis(
        &self,
        ask: &AxisAsk,
        transcript: &Transcript,
        on: Option<ConversationId>,
    ) -> Result<JudgedAxis, Setback> {
        let mut axis = JudgedAxis::default();
        let mut readings = Vec::new();
        let mut last = None;
        for vote in 0..self.votes.max(1) {
            match self.vote(ask, vote, transcript, on, &mut axis).await {
                Ok(reading) => readings.push(reading),
                Err(setback) if setback.is_of_answers() => last = Some(setback),
                Err(setback) => return Err(setback),
            }
        }
        if let Some(setback) = last.filter(|_| readings.is_empty()) {
            return Err(setback);
        }
        axis.opinions = settle(&ask.indicators, &readings);
        Ok(axis)
    }

    /// One vote: an answer, and once more what of it proves nothing.
    async fn vote(
        &self,
        ask: &AxisAsk,
        vote: u8,
        transcript: &Transcript,
        on: Option<ConversationId>,
        axis: &mut JudgedAxis,
    ) -> Result<Reading, Setback> {
        let answer = self.ask(&ask.vote(vote), on).await?;
        axis.count(&answer);
        let reading = ask.read(&answer.text, transcript)?;
        let Some(again) = ask.again(vote, &reading) else { return Ok(reading) };
        match self.ask(&again, on).await.map_err(Setback::from) {
            Ok(answer) => {
                axis.count(&answer);
                // A second answer of no use leaves the first as it was: what it does not prove stays unproven.
                Ok(ask.reread(reading, &answer.text, transcript).unwrap_or_else(|(_, before)| before))
            }
            Err(setback) if setback.is_of_answers() => Ok(reading),
            Err(setback) => Err(setback),
        }
    }
}

impl Judge {
    /// Asks; where the model is just being tried out after a rest, how that goes is waited for: nobody else waits here.
    async fn ask(&self, ask: &Ask, on: Option<ConversationId>) -> Result<Answer, ModelError> {
        let until = Instant::now() + self.deadline;
        loop {
            match self.model.ask(ask, on, self.deadline).await {
                Err(ModelError::Resting(left)) if left < SOON && Instant::now() + SOON < until => {
                    sleep(left.max(LOOKED)).await;
                }
                other => return other,
            }
        }
    }
}

impl JudgedAxis {
    fn count(&mut self, answer: &Answer) {
        self.calls += 1;
        self.prompt_tokens += answer.tokens.prompt;
        self.completion_tokens += answer.tokens.completion;
        self.took += answer.took;
    }
}

/// The questions that are still open.
pub(super) fn remaining(case: &Case<'_>, judged: &Judged) -> Vec<AxisAsk> {
    let all = asks(case.transcript, case.persona, case.rubric, case.rules, Some(case.organisation));
    all.into_iter().filter(|ask| !judged.axes.contains(&ask.axis)).collect()
}

/// Takes an axis in.
pub(super) fn add(judged: &mut Judged, ask: &AxisAsk, axis: JudgedAxis) {
    judged.opinions.extend(axis.opinions);
    judged.axes.push(ask.axis.clone());
    judged.calls += axis.calls;
    judged.prompt_tokens += axis.prompt_tokens;
    judged.completion_tokens += axis.completion_tokens;
    judged.took_ms += u64::try_from(axis.took.as_millis()).unwrap_or(u64::MAX);
}

/// Whether opinions were given under the same conditions and on the same words.
fn is_alike(earlier: &Judged, now: &Judged) -> bool {
    let conditions = |judged: &Judged| {
        let Judged { model, prompt_hash, rubric_hash, persona_hash, votes, digest, .. } = judged.clone();
        (model, prompt_hash, rubric_hash, persona_hash, votes, digest)
    };
    conditions(earlier) == conditions(now)
}
