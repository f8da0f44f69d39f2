//! What models put around words that people say: their own name, quotation marks, gestures.
//!
//! Input: a model's words. Output: the words alone. Invariant: nothing is added, and what is left stands in the input in
//! the same order.

use crate::language::fold;

/// Takes a name before the words, quotation marks around them and gestures between brackets or stars away.
pub fn clean(words: &str, name: &str) -> String {
    let words = without_gestures(words);
    let words = without_name(words.trim(), name);
    let words = words.trim();
    let inside = [("«", "»"), ("\"", "\""), ("“", "”")].iter().find_map(|(open, close)| {
        let inside = words.strip_prefix(open)?.strip_suffix(close)?;
        (!inside.contains(open) && !inside.contains(close)).then_some(inside)
    });
    let words = inside.unwrap_or(words).trim_start_matches(|c: char| c.is_whitespace() || "—–:;,.".contains(c)).trim();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// « *soupire* », « (silence) », « [il raccroche] »: short, and closed.
fn without_gestures(words: &str) -> String {
    const LONGEST: usize = 80;
    let mut kept = String::with_capacity(words.len());
    let mut rest = words;
    while let Some(at) = rest.find(['*', '(', '[']) {
        let (before, from) = rest.split_at(at);
        kept.push_str(before);
        let opens = from.as_bytes()[0];
        let closes = match opens {
            b'(' => ')',
            b'[' => ']',
            _ => '*',
        };
        let inside = from[1..].find(closes).filter(|end| *end > 0 && from[1..=*end].chars().count() <= LONGEST);
        if let Some(end) = inside {
            rest = &from[end + 2..];
        } else {
            kept.push(char::from(opens));
            rest = &from[1..];
        }
    }
    kept.push_str(rest);
    kept
}

/// « Karim Belkacem : Oui. » → « Oui. » Another's name stays, for the guard to see.
fn without_name<'a>(words: &'a str, name: &str) -> &'a str {
    let Some((label, rest)) = words.split_once(':') else { return words };
    let own: Vec<String> = name.split_whitespace().map(fold).collect();
    let label: Vec<String> = label.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(fold).collect();
    let title = |word: &String| matches!(word.as_str(), "m" | "mme" | "mlle" | "monsieur" | "madame" | "mademoiselle");
    let names = label.iter().filter(|word| !title(word)).count();
    let is_own = names > 0 && label.iter().all(|word| title(word) || own.contains(word));
    if is_own { rest } else { words }
}
