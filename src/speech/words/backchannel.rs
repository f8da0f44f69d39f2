//! What a listener says to be heard listening: it takes nobody's turn.

use super::words;

/// Words and phrases, in normal form.
const SIGNALS: &[&str] = &[
    "absolument",
    "ah",
    "ah bon",
    "allez y",
    "bien",
    "bien sur",
    "c est ca",
    "certes",
    "continuez",
    "d ac",
    "d accord",
    "dac",
    "daccord",
    "effectivement",
    "en effet",
    "entendu",
    "euh",
    "exactement",
    "han",
    "hein",
    "heu",
    "je comprends",
    "je comprends bien",
    "je vois",
    "je vois bien",
    "je vous ecoute",
    "je vous entends",
    "mais oui",
    "o k",
    "oh",
    "oh la",
    "oh la la",
    "ok",
    "okay",
    "oke",
    "oki",
    "oui",
    "ouais",
    "ouh",
    "ouh la",
    "ouh la la",
    "parfait",
    "tout a fait",
    "tres bien",
    "voila",
    "mince",
    "zut",
];

/// More is a turn, whatever it is made of.
const LONGEST: usize = 7;

/// Whether the words are nothing but signals of listening: « mmh », « d'accord », « ah oui, je vois ». A question
/// (« oui ? ») asks for the floor, and so does « non ».
pub fn is_backchannel(text: &str) -> bool {
    let words = words(text);
    let forms: Vec<&str> = words.iter().map(|word| word.form.as_str()).collect();
    let asks = text.contains('?') && forms != ["ah", "bon"];
    (1..=LONGEST).contains(&forms.len()) && !asks && covered(&forms)
}

/// Whether signals, one after the other, make up all of it.
fn covered(forms: &[&str]) -> bool {
    let begins = |signal: &&str| {
        let length = signal.split(' ').count();
        length <= forms.len() && signal.split(' ').eq(forms[..length].iter().copied()) && covered(&forms[length..])
    };
    forms.is_empty() || (is_hum(forms[0]) && covered(&forms[1..])) || SIGNALS.iter().any(begins)
}

/// « mmh », « hmm », « mhm », « hum », « uh-huh ».
fn is_hum(form: &str) -> bool {
    let closed = form.chars().all(|c| matches!(c, 'h' | 'm')) && form.contains('m');
    closed || matches!(form, "hum" | "humm" | "heum" | "um" | "umm" | "uh" | "huh" | "hun" | "mouais")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_of_listening_take_no_turn() {
        for text in [
            "Mmh.",
            "Hum hum.",
            "Mm-hmm.",
            "Mh, mh.",
            "Hmm…",
            "Uh-huh.",
            "Oui.",
            "Oui, oui.",
            "Oui oui oui.",
            "Ouais.",
            "D'accord.",
            "D’accord.",
            "D'accord, d'accord.",
            "OK.",
            "O.K.",
            "Okay.",
            "Je vois.",
            "Oui, je vois.",
            "Ah oui.",
            "Ah oui, d'accord.",
            "Ah bon ?",
            "Ah, je comprends.",
            "Très bien.",
            "Bien sûr.",
            "Tout à fait.",
            "En effet.",
            "Allez-y.",
            "Oh là là.",
            "Euh…",
            "Oui, je vous écoute.",
            "C'est ça.",
        ] {
            assert!(is_backchannel(text), "{text}");
        }
    }

    #[test]
    fn what_says_more_takes_the_turn() {
        for text in [
            "",
            "…",
            "Non.",
            "Non, non.",
            "Oui ?",
            "D'accord ?",
            "Pardon ?",
            "Attendez.",
            "Excusez-moi.",
            "Madame.",
            "Oui mais attendez.",
            "Je comprends votre situation.",
            "Je vois votre dossier.",
            "D'accord, donc vous êtes locataire.",
            "Oui, bonjour.",
            "Merci.",
            "Allô ?",
            "Stop.",
            "Quelle est votre adresse ?",
            "Oui, depuis quand ?",
            "Oui oui oui oui oui oui oui oui oui.",
            "Calmez-vous.",
        ] {
            assert!(!is_backchannel(text), "{text}");
        }
    }
}
