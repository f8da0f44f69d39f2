//! What is said to the machine rather than to the person: no evidence, and nothing that a judge needs to read.

use crate::transcript::Turn;

/// Whether a trainee's turn speaks to whatever plays or judges. Its words are neither shown to a model nor quoted.
pub(super) const fn is_aside(_turn: &Turn) -> bool {
    false
}
