//! Typed, prefixed, time-sorted identifiers: `conv_01J…`.
//!
//! Input: text or a fresh ULID handed in. Output: one type per kind of thing, so that a visitor's id
//! never stands where a conversation's belongs. Invariant: text form is `<prefix>_<ulid>`, 26 Crockford
//! characters after the prefix, and sorts by time of creation.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
pub use ulid::Ulid;

/// A text that is not an identifier of the expected kind.
#[derive(Debug, thiserror::Error)]
#[error("read \"{text}\" as an identifier starting with \"{prefix}_\"")]
pub struct IdError {
    text: String,
    prefix: &'static str,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident = $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Ulid);

        impl $name {
            /// What its text form starts with.
            pub const PREFIX: &'static str = $prefix;

            /// Wraps a fresh ULID.
            pub const fn new(ulid: Ulid) -> Self {
                Self(ulid)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}_{}", $prefix, self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                text.strip_prefix(concat!($prefix, "_"))
                    .and_then(|ulid| Ulid::from_string(ulid).ok())
                    .map(Self)
                    .ok_or_else(|| IdError { text: text.chars().take(64).collect(), prefix: $prefix })
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

id! {
    /// One conversation.
    ConversationId = "conv"
}
id! {
    /// Someone who rehearses: a guest known by a cookie.
    VisitorId = "vis"
}
id! {
    /// A group of trainees.
    GroupId = "grp"
}
id! {
    /// What a trainer sets a group to do.
    AssignmentId = "asg"
}
id! {
    /// One sitting of an exam.
    BookletId = "bkl"
}
id! {
    /// One rating of a prepared exchange by a trainer.
    CalibrationId = "cal"
}
