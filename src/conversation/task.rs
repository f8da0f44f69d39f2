//! The task that owns one conversation: what wakes it, whom it tells, when it acts by itself.
//!
//! Input: [`Wake`]s. Output: events in the store, [`Told`]s to the client. Invariant: what is told as having happened
//! is stored; what the task knows can be rebuilt from the store at any moment.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::followers::{Followers, only_whispers};
use super::speech::Speech;
use super::wake::{Client, Happened, Refusal, Told, Wake, Welcome};
use super::whisper;
use super::wording::{self, STOPPED, Wording};
use super::{Manners, Player, Stage, TENSE};
use crate::chain::Chain;
use crate::clock::Clock;
use crate::id::ConversationId;
use crate::metrics::Metrics;
use crate::persona::Channel;
use crate::store::Store;
use crate::transcript::{EndedBy, Event, FoldError, Happening, Live, Phase};

/// How many silences in a row the character breaks; then it waits.
const SILENCES: u8 = 2;

/// One conversation under way.
pub(super) struct Conversation {
    pub(super) id: ConversationId,
    pub(super) stage: Stage,
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) manners: Manners,
    /// `None` until someone joins.
    pub(super) live: Option<Live>,
    /// Client ids of the messages taken, with the events they became.
    pub(super) taken: HashMap<String, u32>,
    client: Option<Client>,
    /// Trainers who follow.
    pub(super) followers: Followers,
    /// What words replies, beside the character's own lines.
    pub(super) player: Option<Arc<Player>>,
    pub(super) metrics: Metrics,
    /// How long the trainee's last turn took to store, and when it was.
    pub(super) stored: Option<(Duration, Instant)>,
    /// The reply that a model is wording.
    pub(super) wording: Option<Box<Wording>>,
    /// Whether the model was away for the last reply.
    pub(super) away: bool,
    /// Whether it was just loaded: a reply may have been under way.
    pub(super) resumed: bool,
    /// Words under way: stored, not yet told whole.
    pub(super) speech: Option<Speech>,
    /// When an answer that could not be stored is tried again, and how long the next pause is.
    pub(super) retry: Option<(Instant, Duration)>,
    /// When the character breaks the silence.
    quiet_until: Option<Instant>,
    silences: u8,
    /// Whether replies are spoken aloud where the client is: their words go out at once, their voice takes its time.
    pub(super) aloud: bool,
    /// The number of the next event to tell.
    pub(super) told_to: u32,
}

impl Conversation {
    pub(super) fn new(
        id: ConversationId,
        stage: Stage,
        store: Store,
        clock: Arc<dyn Clock>,
        manners: Manners,
        player: Option<Arc<Player>>,
        metrics: Metrics,
    ) -> Conversation {
        Conversation {
            id,
            stage,
            store,
            clock,
            manners,
            live: None,
            taken: HashMap::new(),
            client: None,
            followers: Followers::default(),
            player,
            metrics,
            stored: None,
            wording: None,
            away: false,
            resumed: false,
            speech: None,
            retry: None,
            quiet_until: None,
            silences: 0,
            aloud: false,
            told_to: 1,
        }
    }

    /// Runs until nobody is connected, or the server stops.
    pub(super) async fn run(&mut self, inbox: &mut mpsc::Receiver<Wake>, stop: &CancellationToken) {
        loop {
            let next_due = self.next_due();
            let wake = tokio::select! {
                biased;
                () = stop.cancelled() => Wake::Stopped,
                wake = inbox.recv() => wake.unwrap_or(Wake::Stopped),
                progress = wording::next(&mut self.wording) => Wake::Worded(progress),
                () = due(next_due) => Wake::Due,
            };
            // The turn's own state would otherwise weigh on every idle conversation.
            if Box::pin(self.wake(wake)).await {
                break;
            }
        }
    }

    /// Takes what woke it; whether it is done.
    async fn wake(&mut self, wake: Wake) -> bool {
        match wake {
            Wake::Joined { client, last_seq } => {
                self.tell(Told::TakenOver);
                self.speech = None;
                self.aloud = false;
                self.client = Some(client);
                if let Err(why) = self.welcome(last_seq).await {
                    tracing::warn!(conversation = %self.id, error = %Chain(&why), "conversation not loaded");
                    self.refuse(None, why);
                    self.client = None;
                } else {
                    self.tell_who_follows_again();
                    self.tell_reply_so_far();
                    self.answer().await;
                    self.listen();
                }
            }
            Wake::Acted { client, act } if self.is_client(client) => {
                let breaks_silence = act.breaks_silence();
                self.act(act).await;
                if breaks_silence {
                    self.silences = 0;
                }
                self.listen();
            }
            Wake::Left { client } if self.is_client(client) => self.client = None,
            Wake::Acted { .. } | Wake::Left { .. } => {}
            Wake::Followed(following) => self.follow(following),
            Wake::Unfollowed { follower } => self.unfollow(follower),
            Wake::Whispered { follower, whisper } => self.whisper(follower, whisper).await,
            Wake::FollowedElsewhere { followers, last_seq } => self.followed_elsewhere(followers, last_seq).await,
            Wake::Worded(progress) => {
                self.worded(progress).await;
                self.listen();
            }
            Wake::Due => self.due().await,
            Wake::Erased => {
                self.wording = None;
                self.speech = None;
                self.retry = None;
                self.refuse(None, Refusal::Erased);
                self.client = None;
                return true;
            }
            Wake::Stopped => {
                self.conclude(STOPPED).await;
                self.finish_speech();
                self.tell(Told::GoingAway);
                self.client = None;
                return self.wording.is_none();
            }
        }
        self.whisper_what_waits().await;
        self.tell_who_follows();
        self.client.is_none() && self.wording.is_none()
    }

    fn is_client(&self, number: u64) -> bool {
        self.client.as_ref().is_some_and(|client| client.number == number)
    }

    /// Loads the conversation and tells the client what it has missed.
    async fn welcome(&mut self, last_seq: u32) -> Result<(), Refusal> {
        let mut happened = self.load().await?;
        if self.is_stale(&happened) {
            happened.extend(self.append(vec![Happening::Ended { by: EndedBy::Abandoned }]).await?);
        }
        let Some(live) = &self.live else { return Ok(()) };
        let welcome = Welcome {
            channel: live.start().channel,
            hints: live.start().hints,
            phase: live.phase(),
            last_seq: live.next_seq() - 1,
            now: self.clock.now(),
            tension: live.state().tension(),
            received_at: live.received_at(),
            held_since: live.held_since(),
            missed: happened.iter().filter(|happened| happened.event.seq > last_seq).cloned().collect(),
        };
        let told_to = live.next_seq();
        self.tell_followers_missed(&happened);
        self.told_to = told_to;
        self.tell(Told::Welcome(Box::new(welcome)));
        Ok(())
    }

    /// Whether nobody has come back for so long that the person would have gone.
    fn is_stale(&self, happened: &[Happened]) -> bool {
        let open = self.live.as_ref().is_some_and(|live| !matches!(live.phase(), Phase::Ended | Phase::HandedOff));
        let last = happened.last().map(|last| last.event.at);
        open && last.is_some_and(|last| {
            let since = self.clock.now().duration_since(last);
            since.unsigned_abs() > self.manners.abandoned_after && since.is_positive()
        })
    }

    /// Reads the conversation from the store: everything that happened.
    async fn load(&mut self) -> Result<Vec<Happened>, Refusal> {
        let events = self.store.events(self.id, 0).await?;
        let (first, rest) = events.split_first().ok_or(Refusal::Erased)?;
        let mut live = Live::open(&self.stage.persona, first)?;
        let mut happened = Vec::with_capacity(rest.len());
        self.taken.clear();
        for event in rest {
            live.apply(event)?;
            let message = message_id(event).map(str::to_owned);
            self.taken.extend(taken_as(event).map(|id| (id, event.seq)));
            happened.push(Happened { event: event.clone(), phase: live.phase(), message });
        }
        if let Some(player) = &self.player {
            let used: u64 = events.iter().map(tokens).sum();
            player.model.budget().seed_conversation(self.id, used);
        }
        self.live = Some(live);
        self.resumed = true;
        Ok(happened)
    }

    /// Stores what happened, then takes it as having happened.
    pub(super) async fn append(&mut self, happenings: Vec<Happening>) -> Result<Vec<Happened>, Refusal> {
        let live = self.live.as_mut().ok_or(FoldError::NotStarted)?;
        let events = self.store.append(self.id, live.next_seq(), happenings, self.clock.now()).await?;
        let mut happened = Vec::with_capacity(events.len());
        for event in events {
            live.apply(&event)?;
            let message = message_id(&event).map(str::to_owned);
            self.taken.extend(taken_as(&event).map(|id| (id, event.seq)));
            happened.push(Happened { event, phase: live.phase(), message });
        }
        Ok(happened)
    }

    /// Another node went on with the conversation: takes over what it did. Whether it only whispered.
    pub(super) async fn catch_up(&mut self) -> Result<bool, Refusal> {
        self.finish_speech();
        let told_to = self.told_to;
        let mut happened = self.load().await?;
        happened.retain(|happened| happened.event.seq >= told_to);
        let only_whispers = only_whispers(&happened);
        for happened in happened {
            self.tell_happened(happened);
        }
        Ok(only_whispers)
    }

    pub(super) fn tell_happened(&mut self, happened: Happened) {
        self.told_to = self.told_to.max(happened.event.seq + 1);
        self.tell(Told::Happened(Box::new(happened)));
    }

    pub(super) fn refuse(&mut self, id: Option<String>, why: Refusal) {
        self.tell(Told::Refused { id, why });
    }

    /// A client that does not keep up is let go: it comes back and finds everything in the store.
    pub(super) fn tell(&mut self, told: Told) {
        self.followers.tell(&told);
        if self.client.as_ref().is_some_and(|client| client.line.try_send(told).is_err()) {
            self.client = None;
        }
    }

    fn next_due(&self) -> Option<Instant> {
        let speaks = |speech: &&Speech| !speech.parts.is_empty() || speech.then.is_some();
        let speech = self.speech.as_ref().filter(speaks).map(|speech| speech.due);
        let retry = self.retry.map(|(at, _)| at);
        [speech, retry, self.quiet_until].into_iter().flatten().min()
    }

    async fn due(&mut self) {
        self.say_what_is_due();
        let now = Instant::now();
        if self.retry.is_some_and(|(at, _)| at <= now) {
            self.answer().await;
        }
        if self.quiet_until.is_some_and(|until| until <= now) && self.speech.is_none() {
            self.quiet_until = None;
            self.silences += 1;
            self.break_silence().await;
            self.listen();
        }
    }

    /// From now on, silence counts: until when depends on who waits for what.
    fn listen(&mut self) {
        self.quiet_until = None;
        let Some(live) = self.live.as_ref().filter(|live| live.phase() == Phase::Talking) else { return };
        if self.silences >= SILENCES || self.wording.is_some() {
            return;
        }
        let speaking: Duration = self.speech.iter().flat_map(|speech| &speech.parts).map(|part| part.after).sum();
        let speaking = speaking + self.still_voiced(live);
        let bears = match (live.turns().is_empty(), live.start().channel) {
            (true, Channel::Desk) if live.state().tension() >= TENSE => self.manners.opens_after.map(|after| after / 3),
            (true, _) => self.manners.opens_after,
            (false, _) => self.manners.silence_after,
        };
        self.quiet_until = bears.map(|bears| Instant::now() + speaking + bears);
    }

    /// How long the last reply is still being said aloud at most; the client tells when it is over.
    fn still_voiced(&self, live: &Live) -> Duration {
        let unheard = live.last_reply().filter(|(_, turn)| self.aloud && !turn.aloud);
        let chars = unheard.map_or(0, |(_, turn)| turn.text.chars().count());
        VOICE_PER_CHAR * u32::try_from(chars).unwrap_or(u32::MAX)
    }
}

/// How long a voice takes for a character of text: slow speech, so that nobody is called silent before the end.
const VOICE_PER_CHAR: Duration = Duration::from_millis(90);

/// The client's id of the message that an event takes.
fn message_id(event: &Event) -> Option<&str> {
    match &event.happening {
        Happening::Spoke { client_id, .. }
        | Happening::Corrected { client_id, .. }
        | Happening::Voiced { client_id, .. }
        | Happening::Moved { client_id, .. }
        | Happening::Whispered { client_id, .. } => client_id.as_deref(),
        _ => None,
    }
}

/// Under what a message that comes twice is known: a trainer's id may be one that the trainee chose too.
fn taken_as(event: &Event) -> Option<String> {
    whisper::key(&event.happening).or_else(|| message_id(event).map(str::to_owned))
}

/// The tokens that a reply took.
fn tokens(event: &Event) -> u64 {
    match &event.happening {
        Happening::Replied { made: Some(made), .. } => made.prompt_tokens + made.completion_tokens,
        _ => 0,
    }
}

/// Sleeps until then; without a time, for ever.
async fn due(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
