//! One conversation, played by the character's own rules, stored, and scored by the rubric's.

use std::time::Duration;

use comptoir::clock::Timestamp;
use comptoir::hearing::{Context, Ears, hear};
use comptoir::id::{AssignmentId, ConversationId, VisitorId};
use comptoir::persona::{Persona, Urgency};
use comptoir::reply::{Turn, respond};
use comptoir::review::overall;
use comptoir::rubric::Rubric;
use comptoir::scoring::score;
use comptoir::store::{Begun, Judge, Judgement, NewConversation, Store};
use comptoir::transcript::{EndedBy, Event, Handoff, Happening, Live, Start};
use comptoir::utterance::Utterance;

use super::words::{BADLY, WELL};

/// Who rehearses what, and when.
pub(crate) struct Case<'a> {
    pub(crate) store: &'a Store,
    pub(crate) persona: &'a Persona,
    pub(crate) ears: &'a Ears,
    pub(crate) rubric: &'a Rubric,
    pub(crate) conversation: ConversationId,
    pub(crate) visitor: VisitorId,
    pub(crate) at: Timestamp,
    /// The assignment it is done for, if any.
    pub(crate) under: Option<AssignmentId>,
}

/// Plays, stores and scores one conversation.
pub(crate) async fn rehearse(case: &Case<'_>, skill: f64, random: &mut fastrand::Rng) {
    let Case { store, persona, ears, rubric, conversation, visitor, at, under } = *case;
    let file = persona.file();
    let start = Start {
        persona: persona.id().to_owned(),
        persona_hash: persona.hash().to_owned(),
        rubric: rubric.id().to_owned(),
        channel: file.channel,
        seed: random.u64(..),
        hints: false,
        aloud: false,
        branched_from: None,
    };
    let new = NewConversation { id: conversation, visitor, start: start.clone(), at, shared: Vec::new() };
    match under {
        None => store.start_conversation(&new).await.expect("a conversation"),
        Some(assignment) => {
            let begun = store.begin_under(assignment, &new, false).await.expect("a conversation");
            assert_eq!(begun, Begun::Opened, "every try is allowed");
        }
    }
    let happenings = play(persona, ears, start.seed, skill, random);
    let events: Vec<Event> = std::iter::once(Happening::Started(start))
        .chain(happenings.iter().cloned())
        .zip(0..)
        .map(|(happening, seq)| Event { seq, at: at + Duration::from_secs(20 * u64::from(seq)), happening })
        .collect();
    // A turn and its answer are stored together: half as many commits.
    for pair in events[1..].chunks(2) {
        let happenings = pair.iter().map(|event| event.happening.clone()).collect();
        store.append(conversation, pair[0].seq, happenings, pair[0].at).await.expect("the next events");
    }
    let live = Live::fold(persona, &events).expect("a conversation");
    let scorecard = score(&live.transcript(), persona, ears, rubric);
    let judgement = Judgement {
        conversation,
        judge: Judge::Rules,
        events: live.next_seq(),
        overall: overall(&scorecard),
        scorecard: &scorecard,
    };
    store.keep_scorecard(judgement, at + Duration::from_mins(15)).await.expect("a scorecard");
}

/// What happens after the start.
fn play(persona: &Persona, ears: &Ears, seed: u64, skill: f64, random: &mut fastrand::Rng) -> Vec<Happening> {
    let mut state = comptoir::character::State::start(persona);
    let mut happenings = vec![Happening::Received];
    let mut last: Option<String> = None;
    let mut ended = EndedBy::Trainee;
    for spoken in 0..random.usize(5..9) {
        let well = random.f64() < skill;
        let words = match (spoken, well) {
            (0, true) => WELL[0],
            (0, false) => BADLY[0],
            (_, true) => WELL[random.usize(1..WELL.len())],
            (_, false) => BADLY[random.usize(1..BADLY.len())],
        };
        let utterance = Utterance::new(words).expect("plain words");
        let context =
            Context { trainee_turns: spoken, last_words: last.as_deref(), told: state.told(), cuts_in: false };
        let heard = hear(&utterance, ears, &context);
        let reply = respond(persona, &state, Turn::Said(&heard), seed);
        happenings.push(Happening::Spoke { text: words.to_owned(), client_id: None, spoken: None });
        state = state.after(&reply.change);
        last = Some(reply.text.clone());
        happenings.push(Happening::Replied {
            intent: reply.intent(),
            text: reply.text,
            cue: reply.cue,
            change: reply.change,
            made: None,
        });
        if let Some(by) = state.ended() {
            ended = by;
            break;
        }
    }
    happenings.push(Happening::Ended { by: ended });
    if random.f64() < 0.8 {
        happenings.push(Happening::HandedOff(Handoff {
            service: "technique".to_owned(),
            urgency: Urgency::Day,
            summary: "La personne attend un rappel ; elle a donné son nom et son adresse.".to_owned(),
        }));
    }
    happenings
}
