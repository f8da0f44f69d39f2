//! Loops: a decoder that has lost the sound says the same again and again.
//!
//! Invariant: what people repeat (« oui, oui, oui », « vous m'entendez ? vous m'entendez ? ») stays as it was said.

use super::{Word, tidy, words};

/// Longest phrase that is looked for, in words.
const LONGEST: usize = 12;
/// So often does nobody say one word in a row.
const ONE_WORD: usize = 8;
/// So often does nobody say one phrase in a row.
const PHRASE: usize = 5;

/// The text without loops: of one that follows other words, its first round stays; one that is all there is says
/// nothing.
pub(super) fn without_loops(text: &str) -> String {
    let mut text = without_stretched_words(text);
    // Each pass removes words: there is an end.
    while let Some(shorter) = without_one_loop(&text) {
        text = shorter;
    }
    text
}

fn without_one_loop(text: &str) -> Option<String> {
    let words = words(text);
    for from in 0..words.len() {
        for period in 1..=LONGEST.min((words.len() - from) / PHRASE) {
            let rounds = rounds(&words[from..], period);
            if rounds < if period == 1 { ONE_WORD } else { PHRASE } {
                continue;
            }
            let mut to = from + rounds * period;
            // The last round is often cut.
            to += (0..period).take_while(|at| to + at < words.len() && same(&words, to + at, from + at)).count();
            if from == 0 && to == words.len() {
                return Some(String::new());
            }
            let first = words[from + period - 1].bytes.end;
            let resumes = words.get(to).map_or(text.len(), |word| word.bytes.start);
            let end = if to == words.len() { "." } else { ", " };
            return Some(tidy(&format!("{}{end}{}", &text[..first], &text[resumes..])));
        }
    }
    None
}

/// How often the first words stand in a row.
fn rounds(words: &[Word], period: usize) -> usize {
    let equal = |round: &usize| (0..period).all(|at| same(words, round * period + at, at));
    1 + (1..words.len() / period).take_while(equal).count()
}

fn same(words: &[Word], one: usize, other: usize) -> bool {
    words[one].form == words[other].form
}

/// « aaaaaaaaaah », « hahahahahahaha »: the same in one word.
fn without_stretched_words(text: &str) -> String {
    let kept = text.split_whitespace().filter(|word| {
        let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
        let stretched = |period: usize| {
            letters.len() >= 12
                && letters.windows(period + 1).filter(|w| w[0] == w[period]).count() + 2 * period >= letters.len()
        };
        !(1..=3).any(stretched)
    });
    kept.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(without_loops(text), expected, "{text}");
    }

    #[test]
    fn loops_are_cut() {
        check(&"Merci. ".repeat(20), "");
        check(&"je ne sais pas, ".repeat(9), "");
        check(&format!("Bonjour madame, {}", "je vous écoute, ".repeat(12)), "Bonjour madame, je vous écoute.");
        check(&format!("Je regarde. {}Voilà.", "et puis ".repeat(8)), "Je regarde. et puis, Voilà.");
        check(&format!("Alors {}je vais", "je vais voir ".repeat(6)), "Alors je vais voir.");
        check("Ah ahahahahahahahahahah", "Ah");
        check("aaaaaaaaaaaaaaaaaaaah", "");
    }

    #[test]
    fn what_people_repeat_stays() {
        for said in [
            "Oui, oui, oui.",
            "Non non non non, attendez.",
            "Allô ? Allô ? Allô ? Vous m'entendez ?",
            "Est-ce que vous m'entendez ? Est-ce que vous m'entendez ? Est-ce que vous m'entendez ?",
            "D'accord, d'accord, d'accord.",
            "Très, très, très bien.",
            "Zéro quatre, zéro quatre, zéro deux, zéro deux.",
            "Anticonstitutionnellement.",
            "Vous vous êtes vous-même trompée, nous nous en occupons.",
        ] {
            check(said, said);
        }
    }
}
