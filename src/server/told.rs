//! From what a conversation tells to the messages of the socket, and from the client's messages to acts.
//!
//! Invariant: nothing of the character's inside crosses: no facts, no intent, and of its mood only what a person at the
//! desk would see. A trainer who follows is told the mood besides (`socket::following`).

use std::time::Duration;

use super::code::Code;
use super::failure::code_of_refusal;
use super::pages::paths;
use super::wire::{ClientMessage, PROTOCOL, Posture, ServerMessage, WireDelivery, WireMove, WirePhase, WireSpoken};
use crate::conversation::{Act, Happened, Notice, TENSE, Told, Welcome};
use crate::id::ConversationId;
use crate::persona::Channel;
use crate::speech::voices::{self, Delivery};
use crate::transcript::{Happening, Move, Phase, Spoken};

/// How long a client waits before it comes back to a service that stops.
const RETRY_MS: u32 = 2_000;

/// The messages that tell it, in order.
pub(super) fn messages(told: Told, conversation: ConversationId, channel: Channel) -> Vec<ServerMessage> {
    match told {
        Told::Welcome(welcome) => {
            let (channel, missed) = (welcome.channel, welcome.missed.clone());
            let events = missed.into_iter().filter_map(move |happened| event(happened, conversation, channel));
            let events = events.map(to_trainee);
            std::iter::once(self::welcome(&welcome, conversation)).chain(events).collect()
        }
        Told::Happened(happened) => event(*happened, conversation, channel).into_iter().map(to_trainee).collect(),
        Told::ReplyBegins(seq, tension) => vec![ServerMessage::ReplyBegins { seq, delivery: delivery(tension) }],
        Told::ReplyPart(seq, text) => vec![ServerMessage::ReplyPart { seq, text }],
        Told::Followed(names) => vec![ServerMessage::Followed { names }],
        // Said to those who follow, who read it themselves.
        Told::Following(_) => Vec::new(),
        Told::Notice(notice) => vec![self::notice(notice)],
        Told::Refused { id, why } => vec![error(code_of_refusal(&why), id)],
        Told::TakenOver => vec![ServerMessage::TakenOver],
        Told::GoingAway => vec![ServerMessage::GoingAway { retry_ms: RETRY_MS }],
    }
}

/// A refusal.
pub(super) fn error(code: Code, id: Option<String>) -> ServerMessage {
    ServerMessage::Error { code: code.name().to_owned(), message: code.message().to_owned(), id }
}

fn notice(notice: Notice) -> ServerMessage {
    let (code, message) = match notice {
        Notice::ModelAway => (
            "model_away",
            "Le modèle de langage ne répond pas : la personne poursuit avec ses propres répliques. Rien n'est perdu.",
        ),
        Notice::OverBudget => (
            "model_over_budget",
            "Le budget du modèle de langage est atteint : la personne poursuit avec ses propres répliques.",
        ),
    };
    ServerMessage::Notice { code: code.to_owned(), message: message.to_owned() }
}

/// What a client's message does; `None` for what concerns the socket alone.
pub(super) fn act(message: ClientMessage) -> Option<Act> {
    Some(match message {
        ClientMessage::Join { .. }
        | ClientMessage::Listen { .. }
        | ClientMessage::StopListening { .. }
        | ClientMessage::Voicing { .. } => return None,
        ClientMessage::Receive { id } => Act::Receive { id: id.into() },
        ClientMessage::Say { id, text, spoken } => Act::Say { id: id.into(), text, spoken: spoken.map(Into::into) },
        ClientMessage::Correct { id, turn, text } => Act::Correct { id: id.into(), turn, text },
        ClientMessage::Sound { on } => Act::Sound { on },
        ClientMessage::Voiced { id, reply, ms, said } => Act::Voice {
            id: id.into(),
            reply,
            lasted: Duration::from_millis(ms.into()),
            said: said.map(|said| usize::try_from(said).unwrap_or(usize::MAX)),
        },
        ClientMessage::Move { id, act } => Act::Move { id: id.into(), act: act.into() },
        ClientMessage::Typing {} => Act::Type,
    })
}

/// Where a conversation stands.
pub(super) fn welcome(welcome: &Welcome, conversation: ConversationId) -> ServerMessage {
    ServerMessage::Welcome {
        protocol: PROTOCOL,
        conversation,
        channel: welcome.channel,
        phase: welcome.phase.into(),
        hints: welcome.hints,
        last_seq: welcome.last_seq,
        now: welcome.now,
        posture: posture(welcome.channel, welcome.tension),
        received_at: welcome.received_at,
        held_since: welcome.held_since,
    }
}

/// The ids of a trainer's messages are nobody else's concern.
fn to_trainee(message: ServerMessage) -> ServerMessage {
    match message {
        ServerMessage::Whispered { seq, at, by, text, .. } => ServerMessage::Whispered { seq, at, id: None, by, text },
        other => other,
    }
}

/// The message that tells an event; none for the opening, which `welcome` tells.
pub(super) fn event(happened: Happened, conversation: ConversationId, channel: Channel) -> Option<ServerMessage> {
    let Happened { event, phase, message: id } = happened;
    let (seq, at) = (event.seq, event.at);
    Some(match event.happening {
        // Told by `welcome`.
        Happening::Started(_) => return None,
        Happening::Received => ServerMessage::Received { seq, at, id },
        Happening::Spoke { text, spoken, .. } => {
            ServerMessage::Said { seq, at, id, text, recognised: spoken.map(|spoken| spoken.recognised) }
        }
        Happening::Corrected { turn, text, .. } => ServerMessage::Corrected { seq, at, id, turn, text },
        Happening::Voiced { reply, cut, .. } => {
            ServerMessage::Voiced { seq, at, id, reply, said: cut.map(|cut| cut.said) }
        }
        Happening::Moved { act, .. } => ServerMessage::Moved { seq, at, id, act: act.into(), phase: phase.into() },
        Happening::Replied { text, cue, change, .. } => {
            let (posture, delivery) = (posture(channel, change.tension), delivery(change.tension));
            ServerMessage::Replied { seq, at, text, cue, posture, delivery }
        }
        Happening::Hinted { text } => ServerMessage::Hinted { seq, at, text },
        Happening::Whispered { by, text, .. } => ServerMessage::Whispered { seq, at, id, by, text },
        Happening::Ended { by } => {
            ServerMessage::Ended { seq, at, by, next: paths::handoff(&conversation.to_string()) }
        }
        Happening::HandedOff(_) => ServerMessage::HandedOff { seq, at },
    })
}

/// On the telephone nothing is seen.
fn posture(channel: Channel, tension: u8) -> Option<Posture> {
    let looks = if tension >= TENSE { Posture::Tense } else { Posture::Calm };
    (channel == Channel::Desk).then_some(looks)
}

/// A tense person speaks faster and higher: what anyone on the line would hear.
fn delivery(tension: u8) -> WireDelivery {
    let Delivery { rate, pitch } = voices::delivery(tension);
    WireDelivery { rate, pitch }
}

impl From<WireSpoken> for Spoken {
    fn from(spoken: WireSpoken) -> Spoken {
        Spoken { recognised: spoken.recognised, began_at: spoken.began_at, ended_at: spoken.ended_at }
    }
}

impl From<Phase> for WirePhase {
    fn from(phase: Phase) -> WirePhase {
        match phase {
            Phase::Waiting => WirePhase::Waiting,
            Phase::Talking => WirePhase::Talking,
            Phase::OnHold => WirePhase::OnHold,
            Phase::Ended | Phase::HandedOff => WirePhase::Ended,
        }
    }
}

impl From<WireMove> for Move {
    fn from(act: WireMove) -> Move {
        match act {
            WireMove::Hold {} => Move::Hold,
            WireMove::Resume {} => Move::Resume,
            WireMove::Transfer { service } => Move::Transfer { service },
            WireMove::CallColleague {} => Move::CallColleague,
            WireMove::CallManager {} => Move::CallManager,
            WireMove::End {} => Move::End,
        }
    }
}

impl From<Move> for WireMove {
    fn from(act: Move) -> WireMove {
        match act {
            Move::Hold => WireMove::Hold {},
            Move::Resume => WireMove::Resume {},
            Move::Transfer { service } => WireMove::Transfer { service },
            Move::CallColleague => WireMove::CallColleague {},
            Move::CallManager => WireMove::CallManager {},
            Move::End => WireMove::End {},
        }
    }
}
