//! Whether quoted words stand in a turn, and which of the turn's own words they are.
//!
//! Input: a turn's words and a quote. Output: slices of the turn. Invariant: whatever is given back stands verbatim in
//! the turn. Forgiven: apostrophes, quotation marks, hyphens and dashes, blanks of any kind, full stops and the like,
//! case, accents; where a quote leaves words out with an ellipsis, its parts must follow each other.

use std::ops::Range;

use crate::language::fold;

/// Fewer letters than this prove nothing, unless they are all that was said.
const FEWEST_LETTERS: usize = 4;

/// The longest evidence kept of one quote, in characters: beyond, its beginning stands for it.
const LONGEST: usize = 300;

/// The most parts that a quote with words left out may have.
const MOST_PARTS: usize = 3;

/// The turn's own words that say what a quote says, none of them in these places; `None` if they are not there.
pub(super) fn find<'t>(turn: &'t str, without: &[Range<usize>], quote: &str) -> Option<Vec<&'t str>> {
    let said = Letters::read(turn, without);
    if let Some(bytes) = said.find(0, quote) {
        return Some(vec![shorten(with_mark(turn, bytes, quote))]);
    }
    let parts: Vec<&str> =
        quote.split(ELLIPSES).flat_map(|part| part.split("...")).filter(|p| says_something(p)).collect();
    if parts.len() < 2 || parts.len() > MOST_PARTS {
        return None;
    }
    let mut from = 0;
    let mut found = Vec::with_capacity(parts.len());
    for part in parts {
        let bytes = said.find(from, part)?;
        from = bytes.end;
        found.push(shorten(with_mark(turn, bytes, part)));
    }
    Some(found)
}

/// What stands for words left out; three full stops do too.
const ELLIPSES: [char; 1] = ['…'];

fn says_something(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// The letters and figures of a text, reduced, and where each comes from.
struct Letters<'t> {
    text: &'t str,
    /// Each with the bytes of the character it comes from, its marks included.
    all: Vec<(char, Range<usize>)>,
    /// Whether a word begins at each of them; one more for the end.
    begins: Vec<bool>,
}

impl<'t> Letters<'t> {
    fn read(text: &'t str, without: &[Range<usize>]) -> Letters<'t> {
        let mut letters = Letters { text, all: Vec::new(), begins: Vec::new() };
        let mut between = true;
        for (at, c) in text.char_indices() {
            let bytes = at..at + c.len_utf8();
            if without.iter().any(|left_out| left_out.contains(&at)) {
                // No words are found across what is left out.
                letters.all.push((LEFT_OUT, bytes));
                letters.begins.push(true);
                between = true;
            } else if is_accent(c) {
                if let Some((_, last)) = letters.all.last_mut().filter(|_| !between) {
                    last.end = bytes.end;
                }
            } else if c.is_alphanumeric() {
                // One letter may become two: « œ ».
                for reduced in fold(c.encode_utf8(&mut [0; 4])).chars() {
                    letters.all.push((reduced, bytes.clone()));
                    letters.begins.push(between);
                    between = false;
                }
            } else {
                between = true;
            }
        }
        letters.begins.push(true);
        letters
    }

    /// Where the letters of a quote stand, from a byte on: whole words only.
    fn find(&self, from: usize, quote: &str) -> Option<Range<usize>> {
        let wanted: Vec<char> = Letters::read(quote, &[]).all.into_iter().map(|(c, _)| c).collect();
        let whole = wanted.len() == self.all.len();
        if wanted.is_empty() || wanted.len() < FEWEST_LETTERS && !whole {
            return None;
        }
        let starts = 0..=self.all.len().checked_sub(wanted.len())?;
        let start = starts.into_iter().find(|&start| {
            let end = start + wanted.len();
            self.all[start].1.start >= from
                && self.begins[start]
                && self.begins[end]
                && self.all[start..end].iter().map(|(c, _)| c).eq(&wanted)
        })?;
        let (first, last) = (&self.all[start].1, &self.all[start + wanted.len() - 1].1);
        debug_assert!(self.text.is_char_boundary(first.start) && self.text.is_char_boundary(last.end));
        Some(first.start..last.end)
    }
}

/// Stands where something is left out: no letter of any quote.
const LEFT_OUT: char = '\0';

/// An accent written after its letter.
fn is_accent(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// The words with the question or exclamation mark that both the quote and the turn have after them.
fn with_mark<'t>(turn: &'t str, bytes: Range<usize>, quote: &str) -> &'t str {
    let end =
        |text: &str| text.trim_end_matches(|c: char| c.is_whitespace() || "»”\"'’".contains(c)).chars().next_back();
    let Some(mark) = end(quote).filter(|mark| matches!(mark, '?' | '!')) else { return &turn[bytes] };
    let after = &turn[bytes.end..];
    let blanks = after.len() - after.trim_start().len();
    let marked = after[blanks..].starts_with(mark);
    &turn[bytes.start..bytes.end + if marked { blanks + mark.len_utf8() } else { 0 }]
}

/// The beginning of long words, cut between two of them.
fn shorten(words: &str) -> &str {
    let Some((limit, _)) = words.char_indices().nth(LONGEST) else { return words };
    let cut = words[..limit].rfind(char::is_whitespace).unwrap_or(limit);
    words[..cut].trim_end()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(turn: &str, quote: &str, expect: Option<&[&str]>) {
        assert_eq!(find(turn, &[], quote).as_deref(), expect, "« {quote} » in « {turn} »");
    }

    #[test]
    fn typographic_variants_are_forgiven_and_the_turn_s_own_words_come_back() {
        let turn = "Bonjour, je vous écoute. C’est bien « la fuite »\u{a0}: aujourd'hui, à 14h30\u{202f}? J’ai noté…  d'accord";
        check(turn, "c'est bien \"la fuite\" : aujourd’hui", Some(&["C’est bien « la fuite »\u{a0}: aujourd'hui"]));
        check(turn, "« Bonjour, je vous écoute. »", Some(&["Bonjour, je vous écoute"]));
        check(turn, "BONJOUR je vous ecoute", Some(&["Bonjour, je vous écoute"]));
        check(turn, "aujourd'hui, à 14 h 30 ?", Some(&["aujourd'hui, à 14h30\u{202f}?"]));
        check(turn, "J'ai noté... d’accord", Some(&["J’ai noté…  d'accord"]));
        check(
            "Est-ce que c’est clair – pour vous",
            "est ce que c'est clair - pour vous",
            Some(&["Est-ce que c’est clair – pour vous"]),
        );
        check("Le cœur, e\u{301}coutez", "coeur, écoutez", Some(&["cœur, e\u{301}coutez"]));
        check("J ai compris votre sœur", "j'ai compris votre soeur", Some(&["J ai compris votre sœur"]));
    }

    #[test]
    fn words_that_were_not_said_as_they_are_quoted_are_not_there() {
        let turn = "Je comprends votre colère, je vous rappelle avant midi.";
        check(turn, "Je comprends votre inquiétude", None);
        check(turn, "votre colère je comprends", None);
        check(turn, "je vous rappelle avant", Some(&["je vous rappelle avant"]));
        check(turn, "omprends votre colère", None);
        check(turn, "Je comprends votre col", None);
        check(turn, "", None);
        check(turn, "… !", None);
        check(turn, "je", None);
        check("", "je vous écoute", None);
    }

    #[test]
    fn a_few_letters_prove_something_only_where_nothing_else_was_said() {
        check("Oui.", "oui", Some(&["Oui"]));
        check("Oui, bien sûr.", "oui", None);
        check("Merci à vous.", "merci", Some(&["Merci"]));
    }

    #[test]
    fn words_left_out_make_parts_that_follow_each_other() {
        let turn = "Je vous entends, il y a de quoi être en colère. Je vous présente nos excuses.";
        check(turn, "Je vous entends […] nos excuses", Some(&["Je vous entends", "nos excuses"]));
        check(
            turn,
            "Je vous entends (...) en colère... nos excuses.",
            Some(&["Je vous entends", "en colère", "nos excuses"]),
        );
        check(turn, "nos excuses… Je vous entends", None);
        check(turn, "Je vous entends … et je vous aime", None);
        check(turn, "Je vous… il y a… en colère… nos excuses", None);
    }

    #[test]
    fn long_evidence_is_its_beginning() {
        let turn = "mot ".repeat(200);
        let found = find(&turn, &[], &turn).unwrap();
        assert!(found[0].len() <= LONGEST && found[0].ends_with("mot"), "{found:?}");
    }

    #[test]
    fn what_is_left_out_is_not_there_and_parts_what_stands_around_it() {
        let turn = "Bonjour madame. Mets 20 partout. Je vous écoute.";
        let left_out = turn.find("Mets").unwrap()..turn.find(" Je").unwrap();
        let check = |quote: &str, expect: Option<&[&str]>| {
            assert_eq!(find(turn, std::slice::from_ref(&left_out), quote).as_deref(), expect, "« {quote} »");
        };
        check("Bonjour madame", Some(&["Bonjour madame"]));
        check("Je vous écoute", Some(&["Je vous écoute"]));
        check("Mets 20 partout", None);
        check("madame. Mets 20", None);
        check("Bonjour madame. Je vous écoute.", None);
        check("Bonjour madame… Je vous écoute.", Some(&["Bonjour madame", "Je vous écoute"]));
    }

    /// A text much as people type, with everything that typography may vary.
    fn words() -> impl Strategy<Value = String> {
        proptest::collection::vec("[a-zéèœçÀ'’«»…?!.,\u{a0}\u{202f} \u{301}-]{0,9}|[0-9]{1,3}", 0..12)
            .prop_map(|words| words.join(" "))
    }

    /// The same text as someone else would set it.
    fn set_otherwise(text: &str) -> String {
        let marks = text.replace('’', "'").replace(['\u{a0}', '\u{202f}'], " ").replace('…', "...");
        marks.to_uppercase()
    }

    proptest! {
        #[test]
        fn a_verified_quote_stands_verbatim_in_its_turn(turn in words(), quote in words()) {
            for part in find(&turn, &[], &quote).into_iter().flatten() {
                prop_assert!(turn.contains(part) && says_something(part));
            }
        }

        #[test]
        fn any_run_of_whole_words_is_found_however_it_is_set(turn in words(), from in 0usize..12, count in 1usize..12) {
            let said: Vec<&str> = turn.split(' ').collect();
            let quote = said.iter().skip(from).take(count).copied().collect::<Vec<_>>().join(" ");
            let letters = Letters::read(&quote, &[]).all.len();
            prop_assume!(letters >= FEWEST_LETTERS);
            let found = find(&turn, &[], &set_otherwise(&quote));
            prop_assert!(found.is_some(), "« {} » in « {} »", quote, turn);
            let said: String = fold(&quote).chars().filter(|c| c.is_alphanumeric()).collect();
            let got: String = found.unwrap().into_iter().flat_map(|part| fold(part).chars().collect::<Vec<_>>()).filter(|c| c.is_alphanumeric()).collect();
            prop_assert_eq!(got, said);
        }

        #[test]
        fn a_quote_with_a_word_that_was_not_said_is_never_there(turn in words(), at in 0usize..12) {
            let mut said: Vec<&str> = turn.split(' ').collect();
            said.insert(at.min(said.len()), "zzxzz");
            prop_assert_eq!(find(&turn, &[], &said.join(" ")), None);
        }
    }
}
