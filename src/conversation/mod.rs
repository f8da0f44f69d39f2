//! Conversations under way: one task owns one conversation.
//!
//! Input: clients that join and act, trainers who follow. Output: numbered events in the store, told as they happen.
//! Invariant: a turn is stored before it is answered, and an answer before it is told; so a stop at any moment, by
//! the power or by a panic, loses nothing that anyone was told.

mod branch;
mod followers;
mod pacing;
mod player;
mod speech;
mod stage;
mod switchboard;
mod task;
mod turn;
mod wake;
mod whisper;
mod worded;
mod wording;

pub use branch::{BranchError, shared};
pub use followers::Follower;
pub use pacing::{Pacing, Part, parts};
pub use player::Player;
pub use stage::{Manners, Stage, TENSE};
pub use switchboard::{Line, Switchboard, Tap};
pub use wake::{Act, Happened, Notice, Refusal, Told, Welcome};
pub use whisper::{WHISPER_CHARS, Whisper};
