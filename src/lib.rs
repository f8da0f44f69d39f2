//! Comptoir: rehearse desk and phone conversations of French social housing reception.
//!
//! The modules stand in layer order: each uses only those above its group, never one below or beside
//! it (`tests/layers.rs` holds the rule; `docs/architecture.md` tells the reasons).

// 0 · words
pub mod act;
pub mod ask;
pub mod chain;
pub mod clock;
pub mod fault;
pub mod id;
pub mod language;
pub mod utterance;

pub mod entropy;

// 1 · content (files)
pub mod organisation;
pub mod persona;
pub mod rubric;

pub mod content;

pub mod writing;

// 2 · one turn, pure: what was heard, what it does to the character, what the character says
pub mod hearing;

pub mod character;

pub mod reply;

// 3 · the record and its judgement, pure
pub mod assignment;
pub mod transcript;

pub mod scoring;

pub mod cohort;
pub mod exam;

// 4 · the outside world
pub mod metrics;
pub mod outgoing;

pub mod library;
pub mod model;
pub mod speech;
pub mod store;

// 5 · sessions
pub mod conversation;
pub mod export;
pub mod review;
pub mod spending;

// 6 · the server
pub mod server;

// 7 · the top
pub mod config;

pub mod lifecycle;
pub mod telemetry;

pub mod command;
