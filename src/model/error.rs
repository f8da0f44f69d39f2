//! What can go wrong with a model, every fault apart.

use std::time::Duration;

/// Why a model gave nothing, or not all. No text of these holds what anyone said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// Calls cannot be made as set: no certificates, an address in clear that leaves the network.
    #[error("set up calls: {0}")]
    NotReady(String),
    /// Nothing answers there.
    #[error("reach the model: {0}")]
    Unreachable(String),
    /// Nothing in time, or nothing more for too long.
    #[error("get an answer in time")]
    Late,
    /// It has too much to do, and still had after some tries.
    #[error("be served: the model is overloaded (status {status})")]
    Overloaded {
        /// HTTP status.
        status: u16,
        /// When it wants to be asked again.
        retry_after: Option<Duration>,
    },
    /// It said no: the key, the address, a setting.
    #[error("be accepted: the model refused (status {status})")]
    Refused {
        /// HTTP status.
        status: u16,
    },
    /// It knows no model of that name.
    #[error("find a model of that name")]
    NoSuchModel,
    /// The line broke before the answer's end.
    #[error("get the whole answer: it was cut")]
    Cut,
    /// It answered without a word.
    #[error("get words: the answer is empty")]
    Empty,
    /// It spoke past the longest answer asked for.
    #[error("take in an answer that long")]
    Endless,
    /// What came is not what the protocol says.
    #[error("understand the answer")]
    Malformed,
    /// A JSON value was asked for, and there is none in the answer.
    #[error("find the JSON value asked for in the answer")]
    WrongShape,
    /// It declined to answer, or a filter did.
    #[error("get an answer: the model declined")]
    Declined,
    /// The tokens of the conversation or of the day are used up: nothing was sent.
    #[error("stay within the budget of tokens")]
    OverBudget,
    /// It failed too often just now and is left alone: nothing was sent.
    #[error("ask a model that is left alone after failures, for {} s", .0.as_secs().max(1))]
    Resting(Duration),
}

impl ModelError {
    /// Stable name, for the store, metrics and pages.
    pub const fn code(&self) -> &'static str {
        match self {
            ModelError::NotReady(_) => "not_ready",
            ModelError::Unreachable(_) => "unreachable",
            ModelError::Late => "late",
            ModelError::Overloaded { .. } => "overloaded",
            ModelError::Refused { .. } => "refused",
            ModelError::NoSuchModel => "no_such_model",
            ModelError::Cut => "cut",
            ModelError::Empty => "empty",
            ModelError::Endless => "endless",
            ModelError::Malformed => "malformed",
            ModelError::WrongShape => "wrong_shape",
            ModelError::Declined => "declined",
            ModelError::OverBudget => "over_budget",
            ModelError::Resting(_) => "resting",
        }
    }

    /// Whether the same question may be answered at the next try.
    pub(super) fn passes(&self) -> bool {
        use ModelError::{Cut, Empty, Late, Malformed, Overloaded, Unreachable, WrongShape};
        matches!(self, Unreachable(_) | Late | Overloaded { .. } | Cut | Empty | Malformed | WrongShape)
    }

    /// Whether it says something about the endpoint, not about this question.
    pub(super) fn is_endpoint_s(&self) -> bool {
        use ModelError::{Cut, Empty, Late, Malformed, NoSuchModel, Overloaded, Refused, Unreachable};
        matches!(
            self,
            Unreachable(_) | Late | Overloaded { .. } | Refused { .. } | NoSuchModel | Cut | Empty | Malformed
        )
    }

    /// When the endpoint wants to be asked again, if it said so.
    pub(super) fn asked_wait(&self) -> Option<Duration> {
        match self {
            ModelError::Overloaded { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}
