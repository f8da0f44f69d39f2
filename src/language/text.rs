//! Words of a text and their place in it.
//!
//! Input: any text. Output: [`Text`]: normalised words (lower case, no accents, shorthand written out,
//! fillers and stammered repeats dropped), each with its bytes in the original, grouped in sentences.
//! Invariant: slicing the original by any span given here never panics and never invents a word.

use std::ops::Range;

use super::shorthand;
use super::stem::stem;

/// One normalised word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Lower case, without accents, shorthand written out.
    pub form: String,
    /// Its stem.
    pub stem: String,
    /// Bytes of the original word it came from.
    pub bytes: Range<usize>,
}

/// A stretch of words up to a full stop, a question mark or the like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Positions of its words in [`Text::tokens`].
    pub words: Range<usize>,
    /// Bytes in the original, closing punctuation included.
    pub bytes: Range<usize>,
    /// Whether it closes with a question mark.
    pub asks: bool,
}

/// A text, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    original: String,
    tokens: Vec<Token>,
    sentences: Vec<Sentence>,
}

impl Text {
    /// Reads a text.
    pub fn read(original: &str) -> Text {
        let mut tokens: Vec<Token> = Vec::new();
        let mut sentences = Vec::new();
        let mut first_word = 0;
        let mut first_byte = 0;
        let mut bytes = 0;
        while bytes < original.len() {
            let rest = &original[bytes..];
            let Some(c) = rest.chars().next() else { break };
            if c.is_alphanumeric() {
                let length = word_length(rest);
                let word = &rest[..length];
                push_word(&mut tokens, word, bytes..bytes + length, first_word, is_elided(word, &rest[length..]));
                bytes += length;
            } else {
                bytes += c.len_utf8();
                if ends_sentence(c, &original[bytes..]) {
                    while let Some(more) = original[bytes..].chars().next().filter(|c| ".!?…»\"".contains(*c)) {
                        bytes += more.len_utf8();
                    }
                    let asks = original[first_byte..bytes].trim_end_matches(['»', '"', ' ', '!']).ends_with('?');
                    if tokens.len() > first_word {
                        sentences.push(Sentence { words: first_word..tokens.len(), bytes: first_byte..bytes, asks });
                        first_word = tokens.len();
                    }
                    first_byte = bytes;
                }
            }
        }
        if tokens.len() > first_word {
            sentences.push(Sentence {
                words: first_word..tokens.len(),
                bytes: first_byte..original.len(),
                asks: false,
            });
        }
        for sentence in &mut sentences {
            let text = &original[sentence.bytes.clone()];
            sentence.bytes.start += text.len() - text.trim_start().len();
            sentence.bytes.end -= text.len() - text.trim_end().len();
        }
        shorthand::mend(&mut tokens);
        Text { original: original.to_owned(), tokens, sentences }
    }

    /// The text as it was given.
    pub fn original(&self) -> &str {
        &self.original
    }

    /// Its words.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// Its sentences; a dictated text without punctuation is one.
    pub fn sentences(&self) -> &[Sentence] {
        &self.sentences
    }

    /// The sentence that holds a word.
    pub fn sentence_of(&self, word: usize) -> Option<&Sentence> {
        self.sentences.iter().find(|sentence| sentence.words.contains(&word))
    }

    /// The original words to quote for a match: its sentence, or, in a long one, the clause around it.
    pub fn quote(&self, words: &Range<usize>) -> &str {
        const LONG: usize = 170;
        let Some(sentence) = self.sentence_of(words.start) else { return "" };
        if sentence.bytes.len() <= LONG {
            return &self.original[sentence.bytes.clone()];
        }
        let from = words.start.saturating_sub(8).max(sentence.words.start);
        let to = (words.end + 10).min(sentence.words.end);
        let start = self.tokens[from].bytes.start;
        let end = self.tokens[to.max(from + 1) - 1].bytes.end;
        let inside = self.tokens[words.start].bytes.start;
        let until = self.tokens[words.end.max(words.start + 1) - 1].bytes.end.max(inside);
        // Prefer to start after the last comma before the match and to stop at the first one after it.
        let start = self.original[start..inside].rfind([',', ';', ':']).map_or(start, |at| start + at + 1);
        let end = if until < end {
            self.original[until..end].find([',', ';', ':']).map_or(end, |at| until + at)
        } else {
            until
        };
        self.original[start..end].trim()
    }
}

/// Lower case, accents dropped, ligatures opened.
pub fn fold(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    for c in word.chars().flat_map(char::to_lowercase) {
        match c {
            'à' | 'â' | 'ä' | 'á' | 'ã' => folded.push('a'),
            'é' | 'è' | 'ê' | 'ë' => folded.push('e'),
            'î' | 'ï' | 'í' => folded.push('i'),
            'ô' | 'ö' | 'ó' => folded.push('o'),
            'ù' | 'û' | 'ü' | 'ú' => folded.push('u'),
            'ÿ' => folded.push('y'),
            'ç' => folded.push('c'),
            'ñ' => folded.push('n'),
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            '\u{300}'..='\u{36f}' => {}
            other => folded.push(other),
        }
    }
    folded
}

/// Bytes of the word at the start: letters and digits; figures keep an inner comma, point or thousands' space.
fn word_length(rest: &str) -> usize {
    let digits = |from: usize| rest[from..].chars().take_while(char::is_ascii_digit).count();
    let figures = digits(0);
    if figures == 0 {
        // « 22h30 »: the hour's letter stands alone.
        if rest.starts_with(['h', 'H']) && digits(1) > 0 {
            return 1;
        }
        return rest
            .find(|c: char| !c.is_alphanumeric() && !('\u{300}'..='\u{36f}').contains(&c))
            .unwrap_or(rest.len());
    }
    let mut length = figures;
    // « 1 020 » is one number; « 04 78 55 » is not.
    if figures <= 3 && !rest.starts_with('0') {
        loop {
            let gap = rest[length..].chars().next().filter(|c| matches!(c, ' ' | '\u{a0}' | '\u{202f}'));
            let Some(gap) = gap else { break };
            if digits(length + gap.len_utf8()) != 3 {
                break;
            }
            length += gap.len_utf8() + 3;
        }
    }
    if rest[length..].starts_with([',', '.']) && digits(length + 1) > 0 {
        length += 1 + digits(length + 1);
    }
    length
}

fn ends_sentence(c: char, after: &str) -> bool {
    match c {
        '!' | '?' | '…' | '\n' => true,
        '.' => after.chars().next().is_none_or(|next| next.is_whitespace() || ".»\"".contains(next)),
        _ => false,
    }
}

/// « m'appelle », « c'était », and « m avez » as dictated: no shorthand for « monsieur » or « c'est ».
fn is_elided(word: &str, after: &str) -> bool {
    let mut letters = after.chars();
    match letters.next() {
        Some('\'' | '’') => true,
        Some(' ') if word == "m" => letters.next().is_some_and(|next| "aeiouyhéèêà".contains(next)),
        _ => false,
    }
}

/// Adds a word in its normal form, written out; drops fillers and immediate repeats.
fn push_word(tokens: &mut Vec<Token>, word: &str, bytes: Range<usize>, first_word: usize, elided: bool) {
    let form: String = fold(word).chars().filter(|c| !c.is_whitespace() && *c != '\u{a0}').collect();
    if shorthand::is_filler(&form) {
        return;
    }
    let mut push = |form: &str| {
        if tokens.len() > first_word && tokens.last().is_some_and(|last| last.form == form) {
            return;
        }
        tokens.push(Token { form: form.to_owned(), stem: stem(form), bytes: bytes.clone() });
    };
    match shorthand::written_out(&form).filter(|_| !elided) {
        Some(words) => words.split(' ').for_each(&mut push),
        None => push(&form),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(text: &str) -> String {
        Text::read(text).tokens().iter().map(|token| token.form.clone()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_are_normalised() {
        for (text, expected) in [
            ("Où êtes-vous, Mme Lœuf ?", "ou etes vous madame loeuf"),
            ("bjr vs avez un rdv svp", "bonjour vous avez un rendez vous s il vous plait"),
            ("euh le l'éclairage des des trucs", "le l eclairage des trucs"),
            ("1 020 euros, puis 312,40 au 04 78 55", "1020 euros puis 312,40 au 04 78 55"),
            ("à 22h30", "a 22 heure 30"),
            ("c koi", "c est quoi"),
            ("je m'appelle M. Roux, c'était moi", "je m appelle monsieur roux c etait moi"),
            ("vous m avez dit", "vous m avez dit"),
        ] {
            assert_eq!(forms(text), expected, "{text}");
        }
    }

    #[test]
    fn sentences_know_whether_they_ask() {
        let text = Text::read("Bonjour. Vous allez bien ? Trois... mmh ! fin");
        let asks: Vec<bool> = text.sentences().iter().map(|sentence| sentence.asks).collect();
        assert_eq!(asks, [false, true, false, false]);
        assert_eq!(text.quote(&text.sentences()[1].words), "Vous allez bien ?");
    }
}
