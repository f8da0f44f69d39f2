//! Leaves out what a model thinks aloud before it answers.
//!
//! Input: pieces of text as they come. Output: the same without `<think>…</think>` and its like. Invariant: how the text
//! is cut into pieces changes nothing; a mark that may have begun is held back until it is known to be none.

/// What opens a thought, and what closes it.
const MARKS: &[(&str, &str)] = &[
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("<reasoning>", "</reasoning>"),
    ("[THINK]", "[/THINK]"),
];

#[derive(Debug, Default)]
pub(super) struct Thoughts {
    held: String,
    /// What closes the thought under way.
    closes: Option<&'static str>,
}

impl Thoughts {
    /// The words of a piece.
    pub(super) fn leave_out(&mut self, piece: &str) -> String {
        self.held.push_str(piece);
        let mut words = String::new();
        loop {
            if let Some(mark) = self.closes {
                let Some(at) = self.held.find(mark) else {
                    let kept = begun(&self.held, [mark]);
                    self.held.drain(..self.held.len() - kept);
                    return words;
                };
                self.held.drain(..at + mark.len());
                self.closes = None;
            } else {
                let opens = |(mark, closes): &(&str, &'static str)| Some((self.held.find(mark)?, mark.len(), *closes));
                let Some((at, length, closes)) = MARKS.iter().filter_map(opens).min() else {
                    let kept = begun(&self.held, MARKS.iter().map(|(mark, _)| *mark));
                    words.extend(self.held.drain(..self.held.len() - kept));
                    return words;
                };
                words.push_str(&self.held[..at]);
                self.held.drain(..at + length);
                self.closes = Some(closes);
            }
        }
    }

    /// What was held back, once nothing more comes.
    pub(super) fn rest(&mut self) -> String {
        let held = std::mem::take(&mut self.held);
        if self.closes.is_some() { String::new() } else { held }
    }
}

/// How many bytes at the end may be the beginning of a mark.
fn begun<'a>(text: &str, marks: impl IntoIterator<Item = &'a str>) -> usize {
    let longest = |mark: &str| (1..mark.len()).rev().find(|length| text.ends_with(&mark[..*length]));
    marks.into_iter().filter_map(longest).max().unwrap_or(0)
}

/// Some templates open the thought themselves: only its close is in the answer.
pub(super) fn after_a_close(text: &str) -> &str {
    MARKS.iter().filter_map(|(_, closes)| Some(text.rfind(closes)? + closes.len())).max().map_or(text, |at| &text[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &str) {
        let chars: Vec<char> = text.chars().collect();
        for size in [1, 2, 3, 7, 1000] {
            let mut thoughts = Thoughts::default();
            let mut words = String::new();
            for piece in chars.chunks(size) {
                words += &thoughts.leave_out(&piece.iter().collect::<String>());
            }
            words += &thoughts.rest();
            assert_eq!(words, expect, "{text} by {size}");
        }
    }

    #[test]
    fn thoughts_are_left_out_however_the_text_is_cut() {
        check("Bonjour.", "Bonjour.");
        check("<think>Elle est fâchée.</think>Bonjour.", "Bonjour.");
        check("<think></think>\n\nBonjour <think>é</think>madame.", "\n\nBonjour madame.");
        check("[THINK]a[/THINK]b<reasoning>c</reasoning>d", "bd");
        check("<think>a<b></think>c", "c");
        check("<think>never closed", "");
        check("1 < 2 et <thé>", "1 < 2 et <thé>");
        check("fini <thin", "fini <thin");
        check("<thinking>a</think>b</thinking>c", "c");
    }

    #[test]
    fn a_thought_the_template_opened_ends_at_its_close() {
        assert_eq!(after_a_close("je réfléchis</think>{\"a\":1}"), "{\"a\":1}");
        assert_eq!(after_a_close("{\"a\":1}"), "{\"a\":1}");
    }
}
