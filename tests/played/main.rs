//! Conversations that a model words: what it may not do, what happens when it fails, who prevails.
//!
//! The model is a double over real HTTP; the conversations run as in the service, on a store of their own.

#[path = "../double/mod.rs"]
mod double;

mod faults;
mod peer;
mod stage;
mod thousand;
mod turns;
