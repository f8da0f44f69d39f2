//! Every fault of an endpoint, through the real library and a real socket.

#[path = "../double/mod.rs"]
mod double;

mod faults;
mod given;
