//! Phrase patterns over normalised words.
//!
//! Input: patterns written by us and by trainers. Output: which of them a [`Text`] holds, and where.
//! A pattern is a row of words; each word stands for its stem, so that inflection is forgiven:
//! `a|b` one of several, `[a|b c]` one of several rows, `(a|b c)` the same but optional, `=a` this very form (`=parlez|=parler`: the second as a misspelling of the first), `a*` words that begin so, `..` up to three
//! words between, `...` up to seven, `*` any one word, `!a|b` not followed (at the start: not preceded
//! within two words) by one of these, `^` start of the sentence, `$` its end.
//! Invariant: a match never crosses a sentence; matching is linear in the words for the patterns used here.

use std::collections::HashMap;
use std::ops::Range;

use super::stem::stem;
use super::text::{Text, Token, fold};

#[derive(Clone, Debug, PartialEq)]
enum Word {
    Any,
    Stem(String),
    Form(String),
    Prefix(String),
    /// « rappeler » written for « rappelez »: only where nothing governs an infinitive.
    Slip(String),
}

impl Word {
    fn parse(text: &str) -> Word {
        if text == "*" {
            return Word::Any;
        }
        if let Some(form) = text.strip_prefix('=') {
            return Word::Form(fold(form));
        }
        match text.strip_suffix('*') {
            Some(prefix) => Word::Prefix(fold(prefix)),
            None => Word::Stem(stem(&fold(text))),
        }
    }

    fn fits(&self, tokens: &[Token], at: usize) -> bool {
        let token = &tokens[at];
        match self {
            Word::Any => true,
            Word::Stem(stem) => token.stem == *stem,
            Word::Form(form) => token.form == *form,
            Word::Prefix(prefix) => token.form.starts_with(prefix.as_str()),
            Word::Slip(form) => token.form == *form && !governed(tokens, at),
        }
    }
}

#[derive(Clone, Debug)]
enum Slot {
    One(Vec<Word>),
    /// One of several rows of slots; whether none will do as well.
    Choice(Vec<Vec<Slot>>, bool),
    Gap(usize),
    Not(Vec<Word>),
    Start,
    End,
}

#[derive(Debug)]
struct Pattern<T> {
    label: T,
    slots: Vec<Slot>,
}

/// A label found, and the words that show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<T> {
    /// What was looked for.
    pub label: T,
    /// Positions of the words.
    pub words: Range<usize>,
}

/// Patterns under construction.
#[derive(Debug)]
pub struct PhrasesBuilder<T> {
    patterns: Vec<Pattern<T>>,
}

impl<T: Clone> PhrasesBuilder<T> {
    /// None yet.
    pub const fn new() -> Self {
        PhrasesBuilder { patterns: Vec::new() }
    }

    /// Adds a pattern under a label.
    pub fn add(&mut self, label: T, pattern: &str) {
        self.patterns.push(Pattern { label, slots: parse(pattern) });
    }

    /// Adds plain words: a name, a fixed expression, exactly as written in a file.
    pub fn add_words(&mut self, label: T, words: &str) {
        let slots: Vec<Slot> =
            Text::read(words).tokens().iter().map(|token| Slot::One(vec![Word::Stem(token.stem.clone())])).collect();
        if !slots.is_empty() {
            self.patterns.push(Pattern { label, slots });
        }
    }

    /// Ready to match.
    pub fn build(self) -> Phrases<T> {
        let mut phrases =
            Phrases { patterns: self.patterns, by_stem: HashMap::new(), by_form: HashMap::new(), always: Vec::new() };
        for (index, pattern) in phrases.patterns.iter().enumerate() {
            let mut first = Vec::new();
            first_words(&pattern.slots, &mut first);
            for word in first {
                match word {
                    Word::Stem(stem) => phrases.by_stem.entry(stem.clone()).or_default().push(index),
                    Word::Form(form) | Word::Slip(form) => phrases.by_form.entry(form.clone()).or_default().push(index),
                    Word::Any | Word::Prefix(_) => phrases.always.push(index),
                }
            }
        }
        phrases
    }
}

impl<T: Clone> Default for PhrasesBuilder<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// The words a match can start with; whether every row of slots has a sure one.
fn first_words<'a>(slots: &'a [Slot], words: &mut Vec<&'a Word>) -> bool {
    for slot in slots {
        match slot {
            Slot::One(one) => {
                words.extend(one);
                return true;
            }
            Slot::Choice(rows, optional) => {
                // Every row adds its words, also after one that has no sure one.
                let unsure = rows.iter().filter(|row| !first_words(row, words)).count();
                let sure = unsure == 0;
                if sure && !optional {
                    return true;
                }
            }
            Slot::Gap(_) | Slot::Not(_) | Slot::Start | Slot::End => {}
        }
    }
    false
}

/// Reads a row of slots.
fn parse(pattern: &str) -> Vec<Slot> {
    let mut slots = Vec::new();
    let mut rest = pattern.trim();
    while !rest.is_empty() {
        let closing = match rest.as_bytes()[0] {
            b'(' => Some(')'),
            b'[' => Some(']'),
            _ => None,
        };
        let end = match closing {
            Some(closing) => rest.find(closing).map_or(rest.len(), |at| at + 1),
            None => rest.find(' ').unwrap_or(rest.len()),
        };
        let (slot, after) = rest.split_at(end);
        slots.push(match closing {
            Some(_) => {
                let inner = slot[1..].trim_end_matches([')', ']']);
                Slot::Choice(inner.split('|').map(parse).collect(), slot.starts_with('('))
            }
            None => parse_word(slot),
        });
        rest = after.trim_start();
    }
    slots
}

fn parse_word(text: &str) -> Slot {
    let words = |text: &str| {
        let mut words: Vec<Word> = text.split('|').map(Word::parse).collect();
        // Beside « =rappelez », « =rappeler » is its misspelling.
        let imperatives = words.clone();
        for word in &mut words {
            if let Word::Form(form) = word
                && let Some(root) = form.strip_suffix("er")
                && imperatives.contains(&Word::Form(format!("{root}ez")))
            {
                *word = Word::Slip(std::mem::take(form));
            }
        }
        words
    };
    match text {
        ".." => Slot::Gap(3),
        "..." => Slot::Gap(7),
        "^" => Slot::Start,
        "$" => Slot::End,
        _ => match text.strip_prefix('!') {
            Some(not) => Slot::Not(words(not)),
            None => Slot::One(words(text)),
        },
    }
}

/// A lexicon of patterns, indexed by their first words.
#[derive(Debug)]
pub struct Phrases<T> {
    patterns: Vec<Pattern<T>>,
    by_stem: HashMap<String, Vec<usize>>,
    by_form: HashMap<String, Vec<usize>>,
    always: Vec<usize>,
}

impl<T: Clone> Phrases<T> {
    /// Every match, in the order of the words.
    pub fn find(&self, text: &Text) -> Vec<Found<T>> {
        let tokens = text.tokens();
        let mut found = Vec::new();
        for sentence in text.sentences() {
            for at in sentence.words.clone() {
                let token = &tokens[at];
                let candidates = [self.by_stem.get(&token.stem), self.by_form.get(&token.form), Some(&self.always)];
                for &index in candidates.into_iter().flatten().flatten() {
                    let pattern = &self.patterns[index];
                    if let Some(end) = matches(&pattern.slots, tokens, at, at, &sentence.words) {
                        found.push(Found { label: pattern.label.clone(), words: at..end });
                    }
                }
            }
        }
        found
    }
}

/// Whether a word before calls for an infinitive: « je vais vous rappeler », « pour l'expliquer ».
fn governed(tokens: &[Token], at: usize) -> bool {
    let clitic = |token: &&Token| {
        matches!(
            token.form.as_str(),
            "vous" | "nous" | "lui" | "leur" | "le" | "la" | "les" | "l" | "y" | "en" | "me" | "m" | "se" | "s" | "pas"
        )
    };
    let before = &tokens[at.saturating_sub(4)..at];
    before.iter().rev().find(|token| !clitic(token)).is_some_and(|token| {
        matches!(token.stem.as_str(), "aller" | "pouv" | "dev" | "voul" | "fair" | "sav" | "ven")
            || matches!(
                token.form.as_str(),
                "pour" | "de" | "d" | "a" | "sans" | "faut" | "faudra" | "faudrait" | "laisse" | "puis" | "et" | "ou"
            )
    })
}

/// Where a match of `slots` that starts at `at` ends, if there is one.
fn matches(slots: &[Slot], tokens: &[Token], begin: usize, at: usize, bounds: &Range<usize>) -> Option<usize> {
    let Some((slot, rest)) = slots.split_first() else { return Some(at) };
    let fits = |words: &[Word], at: usize| bounds.contains(&at) && words.iter().any(|word| word.fits(tokens, at));
    match slot {
        Slot::One(words) => fits(words, at).then(|| matches(rest, tokens, begin, at + 1, bounds)).flatten(),
        Slot::Choice(rows, optional) => rows
            .iter()
            .find_map(|row| {
                let end = matches(row, tokens, begin, at, bounds)?;
                matches(rest, tokens, begin, end, bounds)
            })
            .or_else(|| optional.then(|| matches(rest, tokens, begin, at, bounds)).flatten()),
        Slot::Gap(most) => (0..=*most)
            .take_while(|skip| at + skip <= bounds.end)
            .find_map(|skip| matches(rest, tokens, begin, at + skip, bounds)),
        Slot::Not(words) => {
            let clash = if at == begin {
                (at.saturating_sub(2)..at).any(|before| fits(words, before))
            } else {
                fits(words, at)
            };
            (!clash).then(|| matches(rest, tokens, begin, at, bounds)).flatten()
        }
        Slot::Start => (at == bounds.start).then(|| matches(rest, tokens, begin, at, bounds)).flatten(),
        Slot::End => (at == bounds.end).then(|| matches(rest, tokens, begin, at, bounds)).flatten(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(pattern: &str, text: &str) -> bool {
        let mut builder = PhrasesBuilder::new();
        builder.add((), pattern);
        !builder.build().find(&Text::read(text)).is_empty()
    }

    #[test]
    fn patterns_match_as_written() {
        for (pattern, text, expected) in [
            ("je comprends", "Je comprend bien", true),
            ("vous avez .. raison", "vous avez tout à fait raison", true),
            ("vous avez .. raison", "vous avez, de mon point de vue à moi, raison", false),
            ("(je) =suis désolé*", "suis désolée", true),
            ("je [vous rappelle|reviens] demain", "je vous rappelle demain", true),
            ("je [vous rappelle|reviens] demain", "je demain", false),
            ("je (vous|te le) dis", "je te le dis", true),
            ("je (vous|te le) dis", "je dis", true),
            ("^ bonjour", "Alors bonjour", false),
            ("!pas|ne garantis", "je ne vous garantis rien", false),
            ("!pas|ne garantis", "je vous garantis", true),
            ("d accord $", "d'accord ?", true),
            ("d accord $", "d'accord mais", false),
            ("je rappelle", "Bonjour. Je vous. Rappelle", false),
            ("=rappelez|=rappeler demain", "rappeler demain svp", true),
            ("=rappelez|=rappeler demain", "je vais vous rappeler demain", false),
        ] {
            assert_eq!(holds(pattern, text), expected, "{pattern} ~ {text}");
        }
    }
}
