//! From sound to words, and from words to sound.
//!
//! Input: samples of a microphone, or a reply's words. Output: what was said, or audio to play. Invariant: what people
//! say is never logged, and audio is never written anywhere.

pub mod secret;
