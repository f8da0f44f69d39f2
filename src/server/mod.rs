//! The HTTP server: router, socket, pages.

pub mod code;
pub mod pages;
pub mod wire;
