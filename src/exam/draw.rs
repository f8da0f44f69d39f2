//! What one sitting is made of, drawn by seed.
//!
//! Input: a booklet, the situations there are, a seed. Output: [`Draw`]. Invariant: the same seed gives the same draw
//! whatever the order in which situations are handed in; no scene, queue or question comes twice; as long as there are
//! enough families, no two situations are of the same one.

use fastrand::Rng;
use serde::{Deserialize, Serialize};

use crate::persona::{Channel, Family, Persona};
use crate::rubric::booklet::{Booklet, Counter, Part, PartKind, Question};

/// All that one sitting is made of. Stored with it: a file that changes afterwards changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draw {
    /// Id of the booklet.
    pub booklet: String,
    /// SHA-256 of its file, hexadecimal.
    pub booklet_hash: String,
    /// The situations, in order.
    pub situations: Vec<Drawn>,
}

/// One situation as drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawn {
    /// « Première situation ».
    pub title: String,
    /// Id of the persona.
    pub persona: String,
    /// SHA-256 of its file, hexadecimal.
    pub persona_hash: String,
    /// Desk or phone.
    pub channel: Channel,
    /// Its family.
    pub family: Family,
    /// Its parts.
    pub steps: Vec<Step>,
}

/// One part as drawn. In a sitting, steps are numbered from 0 through all situations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What is to be done.
    pub kind: PartKind,
    /// How long it may take without extra time, in milliseconds.
    pub limit_ms: u64,
    /// The scene or queue, for a part that has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setting: Option<String>,
    /// The questions drawn by theme.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<String>,
}

/// Why nothing can be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DrawError {
    /// Fewer situations of a channel than the booklet asks for.
    #[error("draw a situation for each part of the booklet: too few are in force")]
    TooFewSituations,
    /// A part finds nothing left to draw: the file promises more than it holds.
    #[error("draw a scene, a queue or a question that is left")]
    NothingLeft,
}

impl Draw {
    /// Every step with its situation, numbered from 0.
    pub fn steps(&self) -> impl Iterator<Item = (usize, &Drawn, &Step)> {
        let numbered = self.situations.iter().enumerate();
        numbered.flat_map(|(at, drawn)| drawn.steps.iter().map(move |step| (at, drawn, step)))
    }

    /// A step with the number of its situation.
    pub fn step(&self, number: u16) -> Option<(usize, &Drawn, &Step)> {
        self.steps().nth(number.into())
    }

    /// The number of the step that is the conversation of a situation.
    pub fn conversation_of(&self, situation: usize) -> Option<u16> {
        let found = self.steps().position(|(at, _, step)| at == situation && step.kind == PartKind::Conversation);
        found.and_then(|number| u16::try_from(number).ok())
    }
}

/// Draws a sitting.
pub fn draw<'p>(
    booklet: &Booklet,
    personas: impl IntoIterator<Item = &'p Persona>,
    seed: u64,
) -> Result<Draw, DrawError> {
    let mut rng = Rng::with_seed(seed);
    let mut personas: Vec<&Persona> = personas.into_iter().collect();
    personas.sort_by(|a, b| a.id().cmp(b.id()));
    let chosen = situations(booklet, &personas, &mut rng)?;
    let file = booklet.file();
    let mut scenes = shuffled(file.scene.iter().map(|scene| scene.id.as_str()).collect(), &mut rng);
    let mut queues = shuffled(file.queue.iter().map(|queue| queue.id.as_str()).collect(), &mut rng);
    let mut questions = shuffled(file.question.iter().collect(), &mut rng);
    let mut drawn = Vec::new();
    for (slot, persona) in file.situation.iter().zip(chosen) {
        let family = persona.file().family;
        let mut steps = Vec::new();
        for part in &slot.part {
            let setting = match part.kind {
                PartKind::Scene => Some(scenes.pop().ok_or(DrawError::NothingLeft)?.to_owned()),
                PartKind::Queue => Some(queues.pop().ok_or(DrawError::NothingLeft)?.to_owned()),
                PartKind::Conversation | PartKind::Note | PartKind::Questions => None,
            };
            let limit_ms = u64::from(part.minutes) * 60_000;
            steps.push(Step { kind: part.kind, limit_ms, setting, questions: themed(part, family, &mut questions)? });
        }
        drawn.push(Drawn {
            title: slot.title.clone(),
            persona: persona.id().to_owned(),
            persona_hash: persona.hash().to_owned(),
            channel: persona.file().channel,
            family,
            steps,
        });
    }
    Ok(Draw { booklet: booklet.id().to_owned(), booklet_hash: booklet.hash().to_owned(), situations: drawn })
}

/// One question for each theme of a part, taken out of those that are left.
fn themed(part: &Part, family: Family, questions: &mut Vec<&Question>) -> Result<Vec<String>, DrawError> {
    let suits = |question: &Question| {
        question.families.is_empty() || question.families.iter().any(|name| name == family_name(family))
    };
    let one = |theme: &String| {
        let found = questions.iter().position(|question| question.theme.as_ref() == Some(theme) && suits(question));
        found.map(|at| questions.remove(at).id.clone()).ok_or(DrawError::NothingLeft)
    };
    part.themes.iter().map(one).collect()
}

/// One persona for each situation: of its channel, never twice, of different families as far as they go.
fn situations<'p>(booklet: &Booklet, personas: &[&'p Persona], rng: &mut Rng) -> Result<Vec<&'p Persona>, DrawError> {
    let order = shuffled(personas.to_vec(), rng);
    let slots: Vec<Option<Channel>> =
        booklet.file().situation.iter().map(|slot| slot.channel.map(channel_of)).collect();
    let fill = |distinct: bool| {
        let mut chosen = Vec::new();
        fill(&slots, &order, distinct, &mut chosen).then_some(chosen)
    };
    fill(true).or_else(|| fill(false)).ok_or(DrawError::TooFewSituations)
}

/// Fills the slots in the order of the shuffle, going back where a choice leaves nothing for a later slot.
fn fill<'p>(slots: &[Option<Channel>], order: &[&'p Persona], distinct: bool, chosen: &mut Vec<&'p Persona>) -> bool {
    let Some(channel) = slots.get(chosen.len()) else { return true };
    for persona in order {
        let file = persona.file();
        let fits = channel.is_none_or(|channel| channel == file.channel)
            && !chosen.iter().any(|other| other.id() == persona.id())
            && !(distinct && chosen.iter().any(|other| other.file().family == file.family));
        if !fits {
            continue;
        }
        chosen.push(persona);
        if fill(slots, order, distinct, chosen) {
            return true;
        }
        chosen.pop();
    }
    false
}

fn shuffled<T>(mut list: Vec<T>, rng: &mut Rng) -> Vec<T> {
    rng.shuffle(&mut list);
    list
}

const fn channel_of(counter: Counter) -> Channel {
    match counter {
        Counter::Desk => Channel::Desk,
        Counter::Phone => Channel::Phone,
    }
}

/// The family as booklet files name it: one of `rubric::booklet::FAMILIES`.
pub(super) const fn family_name(family: Family) -> &'static str {
    match family {
        Family::Technique => "technique",
        Family::Administrative => "administrative",
        Family::Sociale => "sociale",
        Family::Demande => "demande",
        Family::Voisinage => "voisinage",
    }
}
