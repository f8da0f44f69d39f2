//! One turn: what the trainee does is checked, stored, answered.
//!
//! Input: an [`Act`]. Output: its event, then the character's. Invariant: the trainee's turn is stored before its
//! answer is computed; an answer that could not be stored is still owed, and comes later.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::time::Instant;

use super::task::Conversation;
use super::wake::{Act, Happened, Refusal};
use super::wording::{CUT_IN, STOPPED, micros};
use crate::chain::Chain;
use crate::hearing::{Heard, hear};
use crate::language::Text;
use crate::metrics::Stages;
use crate::reply::telling::complete;
use crate::reply::{Reply, Turn, hint, respond};
use crate::store::StoreError;
use crate::transcript::{Cut, EndedBy, FoldError, Happening, Live, Made, Move, Pending, Phase, Spoken};
use crate::utterance::Utterance;

/// How many times another node may get in first before the message is given back.
const ATTEMPTS: usize = 5;

/// How long an answer that could not be stored waits before it is tried again, at first and at most.
pub(super) const RETRY: Duration = Duration::from_secs(1);
const RETRY_AT_MOST: Duration = Duration::from_secs(30);

/// No reply takes longer to say.
const LONGEST_VOICE: Duration = Duration::from_mins(5);

impl Conversation {
    /// Takes what the trainee does, and answers it.
    pub(super) async fn act(&mut self, act: Act) {
        match act {
            Act::Type => return,
            Act::Sound { on } => {
                self.aloud = on;
                return;
            }
            _ => {}
        }
        self.conclude(CUT_IN).await;
        self.finish_speech();
        let id = act.id().map(str::to_owned);
        match self.take(act).await {
            Ok(()) => self.answer().await,
            Err(why) => {
                if let Refusal::Store(_) | Refusal::Unreadable(_) = &why {
                    tracing::warn!(conversation = %self.id, error = %Chain(&why), "turn not stored");
                }
                self.refuse(id, why);
            }
        }
    }

    async fn take(&mut self, act: Act) -> Result<(), Refusal> {
        for _ in 0..ATTEMPTS {
            if let Some(seq) = act.id().and_then(|id| self.taken.get(id)).copied().or_else(|| self.received(&act)) {
                return self.tell_again(seq, act.id()).await;
            }
            let storing = Instant::now();
            match self.append(vec![self.happening(&act)?]).await {
                Ok(happened) => {
                    self.stored = Some((storing.elapsed(), Instant::now()));
                    for happened in happened {
                        self.tell_happened(Happened { message: act.id().map(str::to_owned), ..happened });
                    }
                    return Ok(());
                }
                Err(Refusal::Store(StoreError::Conflict)) => drop(self.catch_up().await?),
                Err(why) => return Err(why),
            }
        }
        Err(Refusal::Store(StoreError::Conflict))
    }

    /// The message came twice: its event is told again, and nothing else happens.
    async fn tell_again(&mut self, seq: u32, id: Option<&str>) -> Result<(), Refusal> {
        let phase = self.live.as_ref().ok_or(FoldError::NotStarted)?.phase();
        if let Some(event) = self.store.events(self.id, seq).await?.into_iter().next() {
            self.tell_happened(Happened { event, phase, message: id.map(str::to_owned) });
        }
        Ok(())
    }

    /// Picking up twice before a word was said is picking up once: its event does not carry the message's id.
    fn received(&self, act: &Act) -> Option<u32> {
        let live = self.live.as_ref()?;
        let just_received = live.phase() == Phase::Talking && live.turns().is_empty();
        live.received_seq().filter(|_| just_received && matches!(act, Act::Receive { .. }))
    }

    /// What an act is, where the conversation stands; or why it does not fit.
    fn happening(&self, act: &Act) -> Result<Happening, Refusal> {
        let live = self.live.as_ref().ok_or(FoldError::NotStarted)?;
        match (live.phase(), act) {
            (_, Act::Voice { id, reply, lasted, said }) => self.voiced(live, id, *reply, *lasted, *said),
            (phase, Act::Correct { id, turn, text }) if phase != Phase::HandedOff => corrected(live, id, *turn, text),
            (Phase::Ended | Phase::HandedOff, _) => Err(Refusal::Over),
            (Phase::Waiting, Act::Receive { .. }) => Ok(Happening::Received),
            (Phase::Waiting, _) => Err(Refusal::NotReceived),
            (_, Act::Receive { .. } | Act::Type | Act::Sound { .. } | Act::Correct { .. }) => {
                Err(Refusal::AlreadyReceived)
            }
            (Phase::OnHold, Act::Say { .. } | Act::Move { act: Move::Hold, .. }) => Err(Refusal::OnHold),
            (Phase::Talking, Act::Move { act: Move::Resume, .. }) => Err(Refusal::NotOnHold),
            (_, Act::Move { act: Move::Transfer { service }, .. })
                if self.stage.organisation.service(service).is_none() =>
            {
                Err(Refusal::UnknownService)
            }
            (_, Act::Say { id, text, spoken }) => {
                let text = Utterance::new(text)?.text().to_owned();
                let spoken = spoken.as_ref().map(|spoken| self.within_exchange(live, spoken));
                Ok(Happening::Spoke { text, client_id: Some(id.clone()), spoken })
            }
            (_, Act::Move { id, act }) => Ok(Happening::Moved { act: act.clone(), client_id: Some(id.clone()) }),
        }
    }

    /// The client tells when words were said; they were said within the exchange, and not in the future.
    fn within_exchange(&self, live: &Live, spoken: &Spoken) -> Spoken {
        let now = self.clock.now();
        let from = live.received_at().unwrap_or(now).min(now);
        let ended_at = spoken.ended_at.clamp(from, now);
        let recognised = Utterance::new(&spoken.recognised).map(|words| words.text().to_owned()).unwrap_or_default();
        Spoken { recognised, began_at: spoken.began_at.clamp(from, ended_at), ended_at }
    }

    /// The character's voice fell silent: at its end, or where the trainee cut in, which counts only while nothing
    /// came after the reply.
    fn voiced(
        &self,
        live: &Live,
        id: &str,
        reply: u32,
        lasted: Duration,
        said: Option<usize>,
    ) -> Result<Happening, Refusal> {
        let now = self.clock.now();
        let turn = live.reply(reply).filter(|turn| !turn.aloud).ok_or(Refusal::NotAReply)?;
        let last = live.last_reply().is_some_and(|(seq, _)| seq == reply);
        let cut = said.filter(|said| last && *said < turn.text.chars().count()).map(|said| {
            let said = words_within(&turn.text, said);
            let heard = self.stage.ears.told_by(&Text::read(said));
            let told = turn.change.iter().flat_map(|change| &change.told);
            let untold = told.filter(|id| !heard.contains(id)).cloned().collect();
            Cut { said: said.to_owned(), untold }
        });
        let began_at = now.checked_sub(lasted.min(LONGEST_VOICE)).unwrap_or(now);
        Ok(Happening::Voiced { reply, began_at, ended_at: now, cut, client_id: Some(id.to_owned()) })
    }

    /// Answers what still waits for an answer, and closes what has come to its end.
    pub(super) async fn answer(&mut self) {
        if self.wording.is_some() {
            return;
        }
        let pause = self.retry.take().map_or(RETRY, |(_, pause)| (pause * 2).min(RETRY_AT_MOST));
        for _ in 0..ATTEMPTS {
            let mut hearing = None;
            let happenings = match self.owed() {
                None => return,
                Some(Owed::End(by)) => vec![Happening::Ended { by }],
                Some(Owed::Reply(decided)) => match self.told_before().await {
                    Err(why) => return self.try_again(why, pause),
                    Ok(said) if said.is_empty() => {
                        if self.lets_model_word(&decided) {
                            return;
                        }
                        hearing = Some(decided.took);
                        self.happenings(*decided, None)
                    }
                    Ok(said) => self.happenings_with(*decided, &said, STOPPED),
                },
            };
            match self.append(happenings).await {
                Ok(happened) => {
                    self.count(&happened, hearing);
                    return self.speak(happened);
                }
                Err(Refusal::Store(StoreError::Conflict)) => {
                    if let Err(why) = self.catch_up().await {
                        return self.try_again(why, pause);
                    }
                }
                Err(why) => return self.try_again(why, pause),
            }
        }
        self.try_again(Refusal::Store(StoreError::Conflict), pause);
    }

    /// Counts a reply, and how long its stages took.
    pub(super) fn count(&mut self, happened: &[Happened], hearing: Option<Duration>) {
        let Some(Happening::Replied { made, .. }) = happened.first().map(|first| &first.event.happening) else {
            return;
        };
        let (stored, since) = self.stored.take().unzip();
        let first_words = since.map(|since| since.elapsed());
        self.metrics.replied(made.as_deref(), Stages { hearing, stored, first_words });
    }

    /// Sentences of the reply owed that were told before a stop; asked for once after the conversation was loaded.
    async fn told_before(&mut self) -> Result<Vec<String>, Refusal> {
        let Some(live) = self.live.as_ref().filter(|_| self.resumed) else { return Ok(Vec::new()) };
        // A whisper may have taken the number that the reply was to have: what was told since the turn is of its reply.
        let said = self.store.draft(self.id, live.last_turn_seq()).await?;
        self.resumed = false;
        Ok(said)
    }

    pub(super) fn try_again(&mut self, why: Refusal, pause: Duration) {
        tracing::warn!(conversation = %self.id, error = %Chain(&why), "answer not stored");
        self.retry = Some((Instant::now() + pause, pause));
        self.refuse(None, why);
    }

    /// What is owed: an answer, or the end.
    fn owed(&self) -> Option<Owed> {
        let live = self.live.as_ref()?;
        let Some(pending) = live.pending() else {
            return live.state().ended().filter(|_| live.ended().is_none()).map(Owed::End);
        };
        let began = Instant::now();
        let decided = match pending {
            Pending::Spoke(text) => {
                // The fold holds the words as they were stored, clean and short enough.
                let heard = Utterance::new(text)
                    .map(|utterance| hear(&utterance, &self.stage.ears, &live.context()))
                    .unwrap_or_default();
                let reply = self.respond(Turn::Said(&heard))?;
                Decided { reply, words: Some(text.clone()), heard: Some(heard), closes: None, took: began.elapsed() }
            }
            Pending::Moved(act, waited_ms) => {
                let closes = matches!(act, Move::End | Move::Transfer { .. }).then_some(EndedBy::Trainee);
                let reply = self.respond(Turn::Moved(act, Duration::from_millis(*waited_ms)))?;
                Decided { reply, words: None, heard: None, closes, took: began.elapsed() }
            }
        };
        Some(Owed::Reply(Box::new(decided)))
    }

    /// A reply as events, with what comes with it.
    pub(super) fn happenings(&self, decided: Decided, made: Option<Made>) -> Vec<Happening> {
        let Decided { reply, heard, closes, .. } = decided;
        let hinted = self.live.as_ref().zip(heard.as_ref()).filter(|(live, _)| live.start().hints);
        let hinted = hinted
            .and_then(|(live, heard)| hint(&self.stage.persona, live.state(), heard, &reply, live.hints()))
            .map(|text| Happening::Hinted { text });
        let ended = reply.change.ended.or(closes).map(|by| Happening::Ended { by });
        std::iter::once(replied(reply, made)).chain(hinted).chain(ended).collect()
    }

    /// The same, for a reply of which sentences were told already.
    pub(super) fn happenings_with(&self, decided: Decided, said: &[String], why: &str) -> Vec<Happening> {
        let nothing = BTreeSet::new();
        let before = self.live.as_ref().map_or(&nothing, |live| live.state().told());
        let reply = complete(&self.stage.ears, &decided.reply, said, before);
        let made = self.player.as_ref().map(|player| Made {
            model: (!said.is_empty()).then(|| player.model.name().to_owned()),
            fell_back: Some(why.to_owned()),
            hearing_us: micros(decided.took),
            ..Made::default()
        });
        self.happenings(Decided { reply, ..decided }, made)
    }

    /// Nobody has spoken for a while: the character does.
    pub(super) async fn break_silence(&mut self) {
        let Some(live) = self.live.as_ref().filter(|live| live.phase() == Phase::Talking) else { return };
        let turn = if live.turns().is_empty() && live.start().channel == crate::persona::Channel::Desk {
            Turn::Received
        } else {
            Turn::Silence
        };
        let Some(reply) = self.respond(turn) else { return };
        let by = reply.change.ended;
        let happenings = std::iter::once(replied(reply, None)).chain(by.map(|by| Happening::Ended { by })).collect();
        match self.append(happenings).await {
            Ok(happened) => self.speak(happened),
            // Not owed to anyone: the next silence will do.
            Err(why) => tracing::warn!(conversation = %self.id, error = %Chain(&why), "silence not broken"),
        }
    }

    fn respond(&self, turn: Turn<'_>) -> Option<Reply> {
        let live = self.live.as_ref()?;
        Some(respond(&self.stage.persona, live.state(), turn, live.start().seed))
    }
}

/// A correction of a spoken turn.
fn corrected(live: &Live, id: &str, turn: u32, text: &str) -> Result<Happening, Refusal> {
    live.spoken(turn).ok_or(Refusal::NotSpoken)?;
    let text = Utterance::new(text)?.text().to_owned();
    Ok(Happening::Corrected { turn, text, client_id: Some(id.to_owned()) })
}

/// The whole words among the first `chars` characters.
fn words_within(text: &str, chars: usize) -> &str {
    let end = text.char_indices().nth(chars).map_or(text.len(), |(at, _)| at);
    let whole = text[end..].starts_with(|c: char| !c.is_alphanumeric());
    let said = &text[..end];
    if whole { said.trim_end() } else { said.rfind(char::is_whitespace).map_or("", |at| said[..at].trim_end()) }
}

fn replied(reply: Reply, made: Option<Made>) -> Happening {
    let intent = reply.intent();
    Happening::Replied { text: reply.text, cue: reply.cue, intent, change: reply.change, made: made.map(Box::new) }
}

/// What is owed to the trainee.
enum Owed {
    /// An answer.
    Reply(Box<Decided>),
    /// The end.
    End(EndedBy),
}

/// A reply as code has decided it, in the persona's own lines.
#[derive(Clone, Debug)]
pub(super) struct Decided {
    pub(super) reply: Reply,
    /// The words it answers, if it answers words.
    pub(super) words: Option<String>,
    /// What was heard in them.
    pub(super) heard: Option<Heard>,
    /// Who ends the conversation with it, whatever it says.
    pub(super) closes: Option<EndedBy>,
    /// How long hearing and deciding took.
    pub(super) took: Duration,
}
