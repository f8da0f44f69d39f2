//! The HTTP server: pages, the conversations' socket, files of `web/`.
//!
//! Input: requests. Output: pages in French, and the messages of `docs/protocol.md`. Invariant: whatever belongs to a
//! conversation is only shown to the visitor who owns it.

mod address;
mod assets;
mod booklets;
pub mod code;
mod comptoir;
mod failure;
mod following;
mod handlers;
mod join_code;
mod judging;
mod limits;
mod lockout;
mod models;
mod name;
mod origin;
pub mod pages;
mod password;
mod readings;
mod request_id;
mod retention;
mod router;
mod rules;
mod situations;
mod socket;
mod speech;
mod stages;
mod told;
mod unread;
mod upkeep;
mod who;
pub mod wire;

pub use address::{TrustedProxies, TrustedProxiesError};
pub use comptoir::{Comptoir, Parts, Settings};
pub use models::Models;
pub use origin::{PublicUrl, PublicUrlError};
pub use retention::Retention;
pub use speech::Speech;
