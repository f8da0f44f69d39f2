//! Everything that people write, read together: the directory, the rubrics, the booklets, the personas.
//!
//! Input: layers of [`Files`], the first having precedence file by file. Output: [`Content`]. Invariant: a file
//! with a fault never takes a good one away: the next layer's stands in for it, and the fault stays to be shown.

#[expect(clippy::module_inception, reason = "one concept, one file, one type, named alike")]
mod content;
mod files;
mod shipped;

pub use content::{Content, ContentError};
pub use files::{File, Files, Kind};
pub use shipped::{shipped, shipped_exchanges};
