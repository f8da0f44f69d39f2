//! How a line is said: what a mood does to a voice.

/// Pace and height of a voice, in hundredths of its usual ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// 100 is the usual pace, 110 a tenth faster.
    pub rate: u8,
    /// 100 is the usual height.
    pub pitch: u8,
}

impl Delivery {
    /// As the voice is by itself.
    pub const USUAL: Delivery = Delivery { rate: 100, pitch: 100 };

    /// The pace as a factor.
    pub(super) fn factor(self) -> f64 {
        f64::from(self.rate) / 100.0
    }
}

/// How someone speaks at that tension (0 to 10): composed, pressed, at the end of their patience. Three steps: a voice
/// that slides at every turn sounds like a machine being tuned.
pub fn delivery(tension: u8) -> Delivery {
    match tension {
        0..=5 => Delivery::USUAL,
        6..=8 => Delivery { rate: 108, pitch: 104 },
        _ => Delivery { rate: 115, pitch: 108 },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenser_person_never_speaks_more_slowly_or_lower() {
        for tension in 0..10 {
            let (calmer, tenser) = (delivery(tension), delivery(tension + 1));
            assert!(tenser.rate >= calmer.rate && tenser.pitch >= calmer.pitch, "{tension}");
        }
        assert_eq!(delivery(2), Delivery::USUAL);
        assert!(delivery(10).rate > delivery(6).rate);
        assert_eq!(delivery(u8::MAX), delivery(10));
    }
}
