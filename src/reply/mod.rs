//! What the character says.
