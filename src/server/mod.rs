//! The HTTP server: router, socket, pages.

pub mod code;
pub mod wire;
