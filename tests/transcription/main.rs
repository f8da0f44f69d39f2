//! From clips to words: the queue with an engine of the test's own, and the true whisper.cpp with a very small model of
//! ours (`tests/data/voice/README.md`).

mod queue;
#[cfg(feature = "voice")]
mod whisper;
