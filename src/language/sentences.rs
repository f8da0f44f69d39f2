//! A reply cut into sentences, so that the first can be heard while the next is made.
//!
//! Input: a text. Output: its parts, in order. Invariant: the parts put together are the text, and each has something
//! to pronounce.

/// Abbreviations whose point ends nothing.
const SHORT: &[&str] = &[
    "adr", "app", "appt", "apt", "art", "av", "bat", "bât", "bd", "bld", "boul", "cf", "dr", "env", "ex", "m", "max",
    "min", "mm", "mr", "num", "p", "pr", "réf", "ref", "rés", "st", "ste", "tél", "tel", "vs",
];

/// The sentences of a text. A text without a letter or a digit has none.
pub fn sentences(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for end in ends(text) {
        // What cannot be pronounced alone goes with what follows, or, at the end, with what came before.
        if end > start && pronounceable(&text[start..end]) {
            parts.push((start, end));
            start = end;
        }
    }
    match parts.last_mut() {
        Some(last) => last.1 = text.len(),
        None if pronounceable(text) => parts.push((0, text.len())),
        None => {}
    }
    parts.into_iter().map(|(start, end)| &text[start..end]).collect()
}

fn pronounceable(part: &str) -> bool {
    part.chars().any(char::is_alphanumeric)
}

/// Where sentences may end: after their sign, closing marks and the space that follows; always at the end of the text.
fn ends(text: &str) -> Vec<usize> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut ends = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        let (at, sign) = chars[i];
        let newline = sign == '\n';
        if !newline && !matches!(sign, '.' | '!' | '?' | '…') {
            i += 1;
            continue;
        }
        let point = sign == '.' && chars.get(i + 1).is_none_or(|(_, next)| *next != '.');
        let mut j = i + 1;
        let closes = |c: char| matches!(c, '.' | '!' | '?' | '…' | '»' | '”' | '"' | ')' | '’');
        // « Vraiment ? ! » and « … » : signs and closing marks, with the spaces French puts before them.
        loop {
            let spaces = chars[j..].iter().take_while(|(_, c)| c.is_whitespace() && *c != '\n').count();
            match chars.get(j + spaces) {
                Some((_, c)) if closes(*c) => j += spaces + 1,
                _ => break,
            }
        }
        let spaces = chars[j..].iter().take_while(|(_, c)| c.is_whitespace()).count();
        let next = chars.get(j + spaces).map(|(_, c)| *c);
        let lone_point = point && j == i + 1;
        let goes_on = match next {
            None => false,
            Some(_) if newline => false,
            Some(_) if spaces == 0 => true,
            Some(next) => next.is_lowercase() || (lone_point && abbreviates(&text[..at])),
        };
        if !goes_on {
            ends.push(chars.get(j + spaces).map_or(text.len(), |(at, _)| *at));
        }
        i = j;
    }
    if ends.last() != Some(&text.len()) {
        ends.push(text.len());
    }
    ends
}

/// Whether the word before a point is an abbreviation or an initial.
fn abbreviates(before: &str) -> bool {
    let word = before.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let mut letters = word.chars();
    let initial = letters.next().is_some_and(char::is_uppercase) && letters.next().is_none();
    initial || SHORT.contains(&word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &[&str]) {
        let parts = sentences(text);
        let trimmed: Vec<&str> = parts.iter().map(|part| part.trim()).collect();
        assert_eq!(trimmed, expect, "{text}");
        assert_eq!(parts.concat(), text);
    }

    #[test]
    fn a_sentence_ends_where_a_reader_would_stop() {
        check("Bonjour.", &["Bonjour."]);
        check("Bonjour madame. Je vous appelle.", &["Bonjour madame.", "Je vous appelle."]);
        check("Encore ? C'est la troisième fois !", &["Encore ?", "C'est la troisième fois !"]);
        check("Encore\u{202f}? Non\u{202f}! Jamais.", &["Encore\u{202f}?", "Non\u{202f}!", "Jamais."]);
        check("Première ligne\nDeuxième ligne", &["Première ligne", "Deuxième ligne"]);
        check("Vous plaisantez ?! Non.", &["Vous plaisantez ?!", "Non."]);
        check("« Demain. » On m'a dit ça.", &["« Demain. »", "On m'a dit ça."]);
        check("Sans point à la fin", &["Sans point à la fin"]);
    }

    #[test]
    fn what_looks_like_an_end_and_is_not_one_does_not_cut() {
        check("M. Belkacem est là. Oui.", &["M. Belkacem est là.", "Oui."]);
        check("J. Martin et MM. Durand habitent bd. Voltaire.", &["J. Martin et MM. Durand habitent bd. Voltaire."]);
        check("Il y a 3,5 mètres et 2.5 litres.", &["Il y a 3,5 mètres et 2.5 litres."]);
        check("Alors… je ne sais pas. Bon.", &["Alors… je ne sais pas.", "Bon."]);
        check("Alors... je ne sais pas.", &["Alors... je ne sais pas."]);
        check("Alors… Je ne sais pas.", &["Alors…", "Je ne sais pas."]);
        check("« Quoi ? » dit-il.", &["« Quoi ? » dit-il."]);
        check("Écrivez à agence@rive.example dès demain.", &["Écrivez à agence@rive.example dès demain."]);
    }

    #[test]
    fn what_cannot_be_pronounced_goes_with_what_can() {
        check("… Bonjour. …", &["… Bonjour. …"]);
        check("", &[]);
        assert_eq!(sentences("… !"), Vec::<&str>::new());
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost_whatever_the_text(text in "[A-Za-zé .!?…»«\u{202f}\n0-9,]{0,80}") {
            let parts = sentences(&text);
            if parts.is_empty() {
                proptest::prop_assert!(!text.chars().any(char::is_alphanumeric));
            } else {
                proptest::prop_assert_eq!(parts.concat(), text.as_str());
            }
            proptest::prop_assert!(parts.iter().all(|part| part.chars().any(char::is_alphanumeric)));
        }
    }
}
