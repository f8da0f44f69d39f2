//! Filters that templates may use.
#![expect(missing_docs, clippy::inline_always, reason = "the attribute writes items of its own beside the filter")]

use std::fmt::Display;

use super::french;

/// Words as French sets them: `{{ text|fr }}`.
#[askama::filter_fn]
pub fn fr(words: impl Display, _: &dyn askama::Values) -> askama::Result<String> {
    Ok(french::typeset(&words.to_string()))
}

/// Seconds as whole minutes, for columns: `{{ seconds|minutes }}`.
#[askama::filter_fn]
pub fn minutes(seconds: &u64, _: &dyn askama::Values) -> askama::Result<u64> {
    Ok((seconds + 30) / 60)
}
