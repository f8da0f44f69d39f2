//! Whether words are spoken French: no other language, no page layout.

use crate::language::Plain;

/// Small words of French: any sentence of five words has one.
const FRENCH: &[&str] = &[
    "a", "ai", "alors", "as", "au", "aussi", "autre", "aux", "avec", "avez", "avoir", "bah", "ben", "bien", "bon", "c",
    "ca", "car", "ce", "cela", "ces", "cet", "cette", "chez", "comme", "comment", "d", "dans", "de", "depuis", "des",
    "deux", "dire", "dit", "donc", "du", "elle", "elles", "en", "est", "et", "ete", "etes", "etre", "eu", "euh",
    "fait", "faut", "hein", "il", "ils", "j", "jamais", "je", "jour", "l", "la", "le", "les", "leur", "lui", "m", "ma",
    "mais", "me", "meme", "merci", "mes", "moi", "mon", "n", "ne", "ni", "non", "nos", "notre", "nous", "on", "ont",
    "ou", "oui", "par", "parce", "pas", "peu", "peut", "peux", "plus", "pour", "pourquoi", "puis", "qu", "quand",
    "que", "quel", "quelle", "quelqu", "qui", "quoi", "rien", "s", "sa", "sans", "se", "ses", "si", "soir", "son",
    "sont", "sous", "suis", "sur", "t", "ta", "te", "tous", "tout", "toute", "tres", "trois", "trop", "tu", "un",
    "une", "vais", "va", "vers", "veux", "voila", "vos", "votre", "vous", "y",
];

/// Small words of other languages that are no French words.
const FOREIGN: &[&str] = &[
    // English
    "the",
    "of",
    "and",
    "is",
    "are",
    "was",
    "were",
    "you",
    "your",
    "my",
    "this",
    "that",
    "with",
    "for",
    "have",
    "has",
    "can",
    "cannot",
    "will",
    "would",
    "should",
    "not",
    "it",
    "they",
    "their",
    "what",
    "how",
    "please",
    "hold",
    "reply",
    "answer",
    "sorry",
    "sure",
    "here",
    "hello",
    "thank",
    "thanks",
    "yes",
    "am",
    "be",
    "been",
    "do",
    "does",
    "i",
    "we",
    "but",
    "to",
    "so",
    "just",
    "like",
    "there",
    "help",
    "assist",
    "let",
    "role",
    "play",
    "okay",
    // Spanish, Portuguese, Italian
    "el",
    "los",
    "las",
    "una",
    "usted",
    "yo",
    "muy",
    "pero",
    "por",
    "favor",
    "gracias",
    "hola",
    "puedo",
    "estoy",
    "tengo",
    "lo",
    "siento",
    "entiendo",
    "mucho",
    "pregunta",
    "vielen",
    "dank",
    "esta",
    "nao",
    "voce",
    "obrigado",
    "uma",
    "com",
    "sono",
    "della",
    "grazie",
    "ecco",
    "risposta",
    "del",
    "che",
    "buongiorno",
    "posso",
    // German, Dutch
    "ich",
    "und",
    "nicht",
    "das",
    "ist",
    "der",
    "die",
    "sie",
    "ein",
    "eine",
    "bitte",
    "danke",
    "kann",
    "het",
    "een",
    "niet",
    "ik",
    "wir",
    "mit",
    "auf",
];

/// Whether a sentence is in another language.
pub fn is_foreign(sentence: &str) -> bool {
    if sentence.chars().any(|c| c.is_alphabetic() && !is_latin(c) || "ñßãõ¿¡íóáúåøłżšč".contains(c)) {
        return true;
    }
    let plain = Plain::of(sentence);
    let count = |list: &[&str]| plain.words().filter(|word| list.contains(word)).count();
    let (french, foreign, words) = (count(FRENCH), count(FOREIGN), plain.words().count());
    // « OK », « Sorry. » alone is said in French too; three such words are not.
    (foreign >= 2 && foreign > french)
        || (words >= 6 && french == 0 && foreign > 0)
        || (words <= 3 && foreign == words && words > 1)
}

fn is_latin(c: char) -> bool {
    matches!(c, 'A'..='Z' | 'a'..='z' | '\u{aa}' | '\u{b5}' | '\u{ba}' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

/// Whether it is laid out rather than said: lists, headings, tags, code, addresses of pages.
pub(super) fn is_markup(sentence: &str) -> bool {
    let trimmed = sentence.trim();
    let numbered = trimmed.split_once(['.', ')']).is_some_and(|(number, rest)| {
        !number.is_empty() && number.len() <= 2 && number.chars().all(|c| c.is_ascii_digit()) && rest.starts_with(' ')
    });
    let bullet = ["- ", "* ", "• ", "# ", "## ", "### ", "> ", "| "].iter().any(|mark| trimmed.starts_with(mark));
    let holds = ["**", "__", "```", "`", "http://", "https://", "www.", "{", "}", "<", ">", "[", "]", "\\", "=="];
    let emoji = |c: char| matches!(c, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}' | '\u{fe0f}');
    numbered || bullet || holds.iter().any(|mark| trimmed.contains(mark)) || trimmed.chars().any(emoji)
}
