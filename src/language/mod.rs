//! French words.
