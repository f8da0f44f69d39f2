//! Marks that engines put around what is not speech: `[BLANK_AUDIO]`, `(musique)`, `♪ … ♪`, `<|fr|>`.

use super::{tidy, words};

/// Longest text between round brackets or stars that is taken for an annotation, in words.
const LONGEST: usize = 6;

/// The text without them.
pub(super) fn without_annotations(raw: &str) -> String {
    let text = without(raw, "<|", "|>", usize::MAX);
    let text = without(&text, "[", "]", usize::MAX);
    let text = without(&text, "(", ")", LONGEST);
    let text = without(&text, "*", "*", LONGEST);
    let text = without(&text, "♪", "♪", usize::MAX);
    let text: String = text.chars().map(|c| if "♪♫♬🎵🎶[]()*".contains(c) { ' ' } else { c }).collect();
    let text = tidy(&text);
    // What only separated annotations is no beginning: « - », « . ».
    let begins = |c: char| c.is_alphanumeric() || "«\"“".contains(c);
    text.find(begins).map_or(String::new(), |at| text[at..].to_owned())
}

/// Without what stands between these marks, where it has so many words at most; a mark that is never closed reaches
/// to the end.
fn without(text: &str, open: &str, close: &str, longest: usize) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(open) {
        let inside = &rest[at + open.len()..];
        let (inside, after) = inside.split_once(close).unwrap_or((inside, ""));
        kept.push_str(&rest[..at]);
        kept.push(' ');
        if words(inside).len() > longest {
            kept.push_str(inside);
            kept.push(' ');
        }
        rest = after;
    }
    kept + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn annotations_are_no_words() {
        for (raw, expected) in [
            (" [BLANK_AUDIO]", ""),
            ("[Musique] Bonjour. [Rires]", "Bonjour."),
            ("(musique de fond)", ""),
            ("*soupir* Je regarde.", "Je regarde."),
            ("<|fr|><|transcribe|> Bonjour.", "Bonjour."),
            ("♪ La la la ♪ Oui.", "Oui."),
            ("♪", ""),
            ("- Bonjour.", "Bonjour."),
            ("[Bruit de", ""),
            ("Bonjour. (rires", "Bonjour."),
        ] {
            assert_eq!(without_annotations(raw), expected, "{raw}");
        }
    }

    #[test]
    fn what_is_said_in_brackets_at_length_is_speech() {
        let raw = "Votre gardien (celui qui est passé hier matin pour la fuite) vous rappellera.";
        let expected = "Votre gardien celui qui est passé hier matin pour la fuite vous rappellera.";
        assert_eq!(without_annotations(raw), expected);
    }
}
