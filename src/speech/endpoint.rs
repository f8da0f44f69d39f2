//! Where a turn begins and ends, counted in hops.
//!
//! Input: for each hop, whether it could begin speech and whether it carries it on. Output: [`Step`]s. Invariant: each
//! `Began` is followed by exactly one `Ended`, with `Paused` and `Resumed` in turn between them.

/// Hops of speech that begin a turn: 96 ms.
const BEGINS: u32 = 6;
/// The hops among which they are found: 192 ms.
const WINDOW: u32 = 12;
/// Hops of silence that one hop of speech takes back: silence leaks, so that a word of three hops in a noisy room
/// keeps a turn alive and a single click does not. Of a long silence it takes a sixth.
const LEAK: u32 = 6;
/// Silence that is worth transcribing ahead: 192 ms, more than any consonant takes.
const PAUSE: u32 = 12;
/// Silence left at which speech has plainly come back.
const BACK: u32 = 6;

/// What happened at a hop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Speech has begun, this many hops ago (1: with this one).
    Began(u64),
    /// A short silence.
    Paused,
    /// Speech again.
    Resumed,
    /// The turn is over.
    Ended,
}

/// The state between hops.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Endpoint {
    /// Nobody speaks; which of the last hops could begin speech, the newest lowest.
    Quiet(u32),
    /// Somebody does.
    Speaking {
        /// Hops of silence, leaking.
        silence: u32,
        /// Inside a short silence that was told.
        paused: bool,
    },
}

impl Endpoint {
    pub(crate) const fn new() -> Endpoint {
        Endpoint::Quiet(0)
    }

    /// Takes the next hop; `patience`: hops of silence that end a turn.
    pub(crate) fn hop(&mut self, begins: bool, carries: bool, patience: u32) -> Option<Step> {
        match self {
            Endpoint::Quiet(recent) => {
                *recent = (*recent << 1 | u32::from(begins)) & ((1 << WINDOW) - 1);
                if recent.count_ones() < BEGINS {
                    return None;
                }
                let ago = u64::from(u32::BITS - recent.leading_zeros());
                *self = Endpoint::Speaking { silence: 0, paused: false };
                Some(Step::Began(ago))
            }
            Endpoint::Speaking { silence, paused } => {
                *silence =
                    if carries { silence.saturating_sub(LEAK.max(*silence / LEAK)) } else { silence.saturating_add(1) };
                if *silence >= patience.max(1) {
                    *self = Endpoint::new();
                    Some(Step::Ended)
                } else if !*paused && *silence >= PAUSE {
                    *paused = true;
                    Some(Step::Paused)
                } else if *paused && *silence <= BACK {
                    *paused = false;
                    Some(Step::Resumed)
                } else {
                    None
                }
            }
        }
    }

    /// Whether a short silence was told and not yet ended.
    pub(crate) const fn paused(self) -> bool {
        matches!(self, Endpoint::Speaking { paused: true, .. })
    }

    /// How many hops ago something like speech came, if not long enough yet to be told.
    pub(crate) const fn hint(self) -> Option<u64> {
        match self {
            Endpoint::Quiet(recent) if recent.count_ones() >= BEGINS / 2 => {
                Some((u32::BITS - recent.leading_zeros()) as u64)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Plays hops (`#` speech, `.` silence) and tells at which hop what happened.
    fn check(hops: &str, expected: &[(usize, Step)]) {
        let mut endpoint = Endpoint::new();
        let mut told = Vec::new();
        for (at, hop) in hops.replace(' ', "").chars().enumerate() {
            if let Some(step) = endpoint.hop(hop == '#', hop == '#', 38) {
                told.push((at, step));
            }
        }
        assert_eq!(told, expected, "{hops}");
    }

    fn dots(count: usize) -> String {
        ".".repeat(count)
    }

    #[test]
    fn six_hops_of_speech_among_twelve_begin_a_turn() {
        check("######", &[(5, Step::Began(6))]);
        check("....######", &[(9, Step::Began(6))]);
        check("#.#.#.#.#.#.", &[(10, Step::Began(11))]);
        check("##..##......##..##.......####.......#", &[]);
    }

    #[test]
    fn silence_pauses_then_ends() {
        check(&format!("######{}", dots(50)), &[(5, Step::Began(6)), (17, Step::Paused), (43, Step::Ended)]);
    }

    #[test]
    fn a_word_after_a_pause_resumes_and_a_click_does_not() {
        let began = (5, Step::Began(6));
        check(
            &format!("######{}###{}", dots(20), dots(20)),
            &[began, (17, Step::Paused), (28, Step::Resumed), (38, Step::Paused)],
        );
        check(&format!("######{}#{}", dots(30), dots(30)), &[began, (17, Step::Paused), (50, Step::Ended)]);
    }

    #[test]
    fn after_the_end_comes_another_beginning() {
        let silence = dots(38);
        check(
            &format!("######{silence}######"),
            &[(5, Step::Began(6)), (17, Step::Paused), (43, Step::Ended), (49, Step::Began(6))],
        );
    }

    #[test]
    fn each_turn_that_began_ends_once_whatever_comes() {
        let mut random = fastrand::Rng::with_seed(3);
        for share in [0.05, 0.3, 0.5, 0.7, 0.95] {
            let mut endpoint = Endpoint::new();
            let (mut speaking, mut paused) = (false, false);
            for _ in 0..20_000 {
                let speech = random.f64() < share;
                match endpoint.hop(speech, speech, 19 + u32::from(random.u8(0..40))) {
                    Some(Step::Began(ago)) => {
                        assert!(!speaking && (6..=12).contains(&ago));
                        (speaking, paused) = (true, false);
                    }
                    Some(Step::Paused) => {
                        assert!(speaking && !paused);
                        paused = true;
                    }
                    Some(Step::Resumed) => {
                        assert!(speaking && paused);
                        paused = false;
                    }
                    Some(Step::Ended) => {
                        assert!(speaking);
                        speaking = false;
                    }
                    None => {}
                }
                assert_eq!(endpoint.paused(), speaking && paused);
            }
        }
    }
}
