//! How fast a character's words appear: as they would be said, never so slowly that the trainee waits for a page.
//!
//! Input: the words. Output: the parts to show and the pause before each. Invariant: the parts put together are the
//! words, to the character.

use std::time::Duration;

/// How fast words appear.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pacing {
    /// 1: as people speak; 2: twice as slowly; 0: at once.
    pub slowness: f32,
}

impl Pacing {
    /// As people speak.
    pub const NATURAL: Pacing = Pacing { slowness: 1.0 };
    /// At once, for tests and measurements.
    pub const AT_ONCE: Pacing = Pacing { slowness: 0.0 };
}

/// Some words and the pause before them.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The pause.
    pub after: Duration,
    /// The words, with the blanks that follow them.
    pub text: String,
}

/// What goes by before the first word: the other has to take in what was said.
const TAKE_IN: Duration = Duration::from_millis(450);
/// The pace of someone who speaks fast: about 30 characters a second.
const PER_CHAR: Duration = Duration::from_millis(33);
/// A breath after a sentence.
const BREATH: Duration = Duration::from_millis(220);
/// However long the reply, it is all there after this.
const AT_MOST: Duration = Duration::from_secs(7);
/// Parts are not cut finer than this, so that a screen is not redrawn for every « à ».
const PART_CHARS: usize = 12;

/// Cuts words into parts with their pauses; also tells how long the last part takes to say, which is the pause before
/// whatever comes after it.
pub fn parts(text: &str, pacing: Pacing) -> (Vec<Part>, Duration) {
    if text.is_empty() {
        return (Vec::new(), Duration::ZERO);
    }
    if pacing.slowness <= 0.0 {
        return (vec![Part { after: Duration::ZERO, text: text.to_owned() }], Duration::ZERO);
    }
    let mut parts: Vec<Part> = Vec::new();
    let mut pause = TAKE_IN;
    for words in pieces(text) {
        let said = PER_CHAR * u32::try_from(words.chars().count()).unwrap_or(u32::MAX);
        let breath = if words.trim_end().ends_with(['.', '!', '?', '…']) { BREATH } else { Duration::ZERO };
        parts.push(Part { after: pause, text: words.to_owned() });
        pause = said + breath;
    }
    let whole: Duration = parts.iter().map(|part| part.after).sum();
    let hurry = AT_MOST.as_secs_f32() / whole.as_secs_f32().max(AT_MOST.as_secs_f32());
    for part in &mut parts {
        part.after = part.after.mul_f32(hurry * pacing.slowness);
    }
    (parts, pause.mul_f32(hurry * pacing.slowness))
}

/// Whole words with their blanks, a dozen characters or more together.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut end = rest.len();
        let mut blank = false;
        for (chars, (at, c)) in rest.char_indices().enumerate() {
            if blank && !c.is_whitespace() && chars >= PART_CHARS {
                end = at;
                break;
            }
            blank = c.is_whitespace();
        }
        let (piece, tail) = rest.split_at(end);
        rest = tail;
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: &str = "Écoutez, ça fait trois fois que j'appelle. Trois fois ! Et l'eau\ncoule toujours, hein.";

    #[test]
    fn the_parts_together_are_the_words() {
        for slowness in [0.0, 0.5, 1.0] {
            let whole: String = parts(WORDS, Pacing { slowness }).0.into_iter().map(|part| part.text).collect();
            assert_eq!(whole, WORDS);
        }
        assert_eq!(parts("", Pacing::NATURAL), (Vec::new(), Duration::ZERO));
    }

    #[test]
    fn parts_are_whole_words() {
        let (parts, _) = parts(WORDS, Pacing::NATURAL);
        assert!(parts.len() > 4);
        for part in &parts[..parts.len() - 1] {
            assert!(part.text.ends_with(char::is_whitespace), "{:?}", part.text);
        }
    }

    #[test]
    fn longer_words_take_longer_and_none_takes_ages() {
        let lasts = |text: &str| parts(text, Pacing::NATURAL).0.iter().map(|part| part.after).sum::<Duration>();
        assert!(lasts("Oui, bien sûr, monsieur, je note.") < lasts(WORDS));
        assert!(lasts(&WORDS.repeat(40)) <= AT_MOST + Duration::from_millis(50));
        assert_eq!(parts(WORDS, Pacing::AT_ONCE).0[0].after, Duration::ZERO);
    }
}
