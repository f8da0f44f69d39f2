//! The service as its users meet it: over HTTP and through a real socket.

mod access;
mod access_table;
mod app;
mod assignments;
mod bad_input;
mod booklets;
mod conversation;
#[path = "../double/mod.rs"]
mod double;
mod exposition;
mod faults;
mod figures;
mod followed;
mod forms;
mod glance;
#[path = "../group/mod.rs"]
mod group;
mod groups;
mod judging;
mod live;
mod people;
mod played;
mod recordings;
mod resume;
mod review;
mod reviewing;
mod rights;
mod seen;
mod spending;
mod spoken;
mod switchboard;
mod talk;
mod voice;
mod withheld;
mod workbook;
mod writing;
