//! Every fault of an endpoint, through the real library and a real socket.

#[path = "../double/mod.rs"]
mod double;

mod budget;
mod command;
mod dialect;
mod faults;
mod given;
mod line;
mod peer;
mod quiet;
mod retries;
