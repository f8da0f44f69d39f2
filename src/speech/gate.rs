//! The level gate: while the character's voice is in the room, what loudspeakers give back to the microphone is not
//! somebody speaking.
//!
//! Input: hops, and when the voice plays. Output: whether a hop may begin speech or carry it on. Invariant: while
//! nothing plays, and [`TAIL`] after, everything passes.

use std::collections::VecDeque;

use super::activity::Hop;

/// Probability of a voice from which a hop may begin speech.
const BEGINS: f32 = 0.7;
/// The same for carrying on speech that has begun.
const CARRIES: f32 = 0.6;
/// The same for what comes back of the character's voice: thin and soft, it is hardly known for a voice.
const ECHOES: f32 = 0.3;
/// Hops after the voice ended during which the room still answers: 256 ms.
const TAIL: u32 = 16;
/// Hops whose loudness is taken together: 96 ms. A voice moves by 20 dB within a syllable.
const TOGETHER: usize = 6;
/// Hops after the first sound of the first reply in which all voice is taken for echo: 700 ms.
const FIRST: u32 = 44;
/// Decibels above the echo at which a voice is another person's.
const ABOVE: f32 = 5.0;
/// The same for somebody who already speaks.
const STILL_ABOVE: f32 = 2.0;
/// Decibels below a speaker's own level that are still the same speaker, whatever the echo.
const OWN_RANGE: f32 = 9.0;
/// Decibels a hop by which the echo's level rises under a louder voice, and falls otherwise, once it is known.
const RISE: f32 = 0.15;
const FALL: f32 = 0.02;
/// Hops learned from before a turn begins that were the turn itself: the window of its beginning, and a little.
const FORGOTTEN: usize = 16;

/// What a hop may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pass {
    /// Count towards the beginning of speech.
    pub(crate) begins: bool,
    /// Keep speech that has begun from ending.
    pub(crate) carries: bool,
}

/// What is known of the room.
#[derive(Clone, Debug)]
pub(crate) struct Gate {
    playing: bool,
    /// Hops of tail left.
    tail: u32,
    /// Hops since the voice began, over all replies.
    played: u32,
    /// How loud the voice comes back; kept between replies, for the room stays the same.
    echo: Option<f32>,
    /// The same before each of the last hops: a person's first words are not to be learned as echo.
    before: VecDeque<Option<f32>>,
    /// How loud the open turn is, or the last one was.
    own: Option<f32>,
    /// A turn was open at the last hop.
    spoke: bool,
    /// Power of the last hops.
    recent: VecDeque<f32>,
}

impl Gate {
    pub(crate) fn new() -> Gate {
        Gate {
            playing: false,
            tail: 0,
            played: 0,
            echo: None,
            before: VecDeque::with_capacity(FORGOTTEN),
            own: None,
            spoke: false,
            recent: VecDeque::with_capacity(TOGETHER),
        }
    }

    /// The character's voice begins or ends.
    pub(crate) fn playing(&mut self, on: bool) {
        if self.playing && !on {
            self.tail = TAIL;
        }
        self.playing = on;
    }

    /// The turn that ended last was the character's own voice after all: what is as loud is echo from now on.
    pub(crate) fn echoed(&mut self) {
        if let Some(own) = self.own {
            self.echo = Some(self.echo.map_or(own, |echo| echo.max(own)));
        }
    }

    /// Weighs the next hop; `speaking`: a turn is open.
    pub(crate) fn hear(&mut self, hop: Hop, speaking: bool) -> Pass {
        let level = self.together(hop.level);
        let echoing = self.playing || self.tail > 0;
        if !self.playing {
            self.tail = self.tail.saturating_sub(1);
        }
        if speaking && !self.spoke {
            self.own = None;
            self.echo = self.before.front().copied().unwrap_or(self.echo);
            self.before.clear();
        }
        self.spoke = speaking;
        let open = Pass { begins: hop.voice >= BEGINS, carries: hop.voice >= CARRIES };
        let pass = if echoing { self.weighed(open, level) } else { open };
        if speaking && pass.carries {
            let own = self.own.get_or_insert(level);
            *own += (level - *own) * if level > *own { 0.2 } else { 0.02 };
        }
        if self.playing {
            self.played = self.played.saturating_add(1);
            if !speaking {
                self.learn(hop.voice >= ECHOES, level);
            }
        }
        pass
    }

    /// The loudness of the last hops together.
    fn together(&mut self, level: f32) -> f32 {
        if self.recent.len() == TOGETHER {
            self.recent.pop_front();
        }
        self.recent.push_back(10f32.powf(level / 10.0));
        #[expect(clippy::cast_precision_loss, reason = "at most six")]
        let mean = self.recent.iter().sum::<f32>() / self.recent.len() as f32;
        10.0 * mean.max(1e-10).log10()
    }

    fn weighed(&self, open: Pass, level: f32) -> Pass {
        let Some(echo) = self.echo else {
            // Nothing came back so far: at first it may still come, later it is a headset.
            return Pass { begins: open.begins && self.played >= FIRST, carries: open.carries };
        };
        let begins = echo + ABOVE;
        let carries = self.own.map_or(begins, |own| (echo + STILL_ABOVE).min(own - OWN_RANGE));
        Pass {
            begins: open.begins && self.played >= FIRST && level >= begins,
            carries: open.carries && level >= carries,
        }
    }

    fn learn(&mut self, voice: bool, level: f32) {
        if self.before.len() == FORGOTTEN {
            self.before.pop_front();
        }
        self.before.push_back(self.echo);
        self.echo = match self.echo {
            // What comes late is a person, and begins speech unless it is over at once.
            None if !voice || self.played > FIRST => None,
            None => Some(level),
            Some(echo) if voice && self.played <= FIRST => Some(echo.max(level)),
            Some(echo) if voice && level > echo => Some((echo + RISE).min(level)),
            Some(echo) => Some((echo - FALL).max(level)),
        };
    }
}
