//! Words after which more is to come: a silence there is a hesitation, not the end of a turn.

/// Words that end no sentence.
const OPEN: &[&str] = &[
    "afin", "au", "aux", "avec", "car", "ce", "ces", "cet", "cette", "chez", "comme", "dans", "de", "des", "donc",
    "du", "en", "entre", "et", "euh", "heu", "hum", "je", "la", "le", "les", "leur", "lorsque", "ma", "mais", "mes",
    "mon", "ne", "nos", "notre", "on", "ou", "par", "parce", "pour", "puis", "puisque", "quand", "que", "qui", "sa",
    "sans", "selon", "ses", "son", "sur", "ta", "un", "une", "vers", "vos", "votre", "à",
];

/// Words that open what follows only where they stand almost alone: « Alors… », « Et en fait… ».
const OPENERS: &[&str] = &["alors", "attendez", "bon", "bref", "enfin", "voyons"];

/// Whether the words break off where more must follow: « et donc », « c'est-à-dire », « votre nom, c'est », a comma,
/// an ellipsis. Engines close most texts with a full stop, which says nothing; a question mark does.
pub fn trails_off(text: &str) -> bool {
    let text = text.trim_end_matches([' ', '»', '"']);
    if text.ends_with(['?', '!']) {
        return false;
    }
    if text.ends_with([',', '…', ':', '-', '–', '\'', '’']) || text.ends_with("...") {
        return text.contains(char::is_alphanumeric);
    }
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let Some((last, before)) = words.split_last() else { return false };
    let previous = before.last().copied().unwrap_or_default();
    // « Prenez-le. », « est-ce que » with its hyphens cut: a pronoun that hangs on a verb may end a sentence.
    let hangs = lower.trim_end_matches(|c: char| !c.is_alphanumeric()).ends_with(&format!("-{last}"));
    match *last {
        "le" | "la" | "les" | "en" | "ce" | "je" | "on" if hangs => false,
        // « Il y en a un. », « J'en ai une. », « le vingt et un. »
        "un" | "une" => !matches!(before, [.., "en", _] | [.., "et" | "numéro"]),
        // « Je ne sais pas pour qui. », « Dites-moi quand. », « C'est pour quand. »
        "qui" | "quand" => !matches!(previous, "pour" | "à" | "de" | "avec" | "moi" | "sais" | "par" | "chez"),
        // « C'est pour cela que », against « c'est fait pour. » and « je suis pour. »
        "pour" | "sans" => !matches!(previous, "fait" | "est" | "suis" | "faire"),
        "leur" => previous != "le" && previous != "la",
        "est" => {
            !matches!(before, [.., "l"] | [.., "que" | "qui" | "comment" | "qu" | "où" | "combien" | "quand", "c"])
        }
        "dire" => matches!(before, [.., "c", "est", "à"]),
        // « Mais si. »
        "si" => !matches!(previous, "" | "mais" | "ah" | "oh" | "que" | "bah" | "ben"),
        "fait" => previous == "en" && words.len() <= 3,
        last if OPENERS.contains(&last) => words.len() <= 3,
        last => OPEN.contains(&last),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_breaks_off_has_more_to_come() {
        for text in [
            "Euh…",
            "Je vous propose euh",
            "Je vous propose, euh.",
            "Bonjour, donc.",
            "Alors,",
            "Alors…",
            "Alors.",
            "Et donc",
            "Je regarde votre dossier et.",
            "Vous m'avez dit que",
            "parce que",
            "C'est noté, mais.",
            "c'est-à-dire",
            "Le technicien passera, c'est-à-dire.",
            "Je vous donne le numéro de la",
            "Votre adresse, c'est",
            "Il faudrait un",
            "Je vais appeler votre.",
            "Pour le rendez-vous...",
            "Si vous voulez je.",
            "Vous habitez à",
            "Et en fait",
            "Il faut voir si",
            "Le mardi ou",
        ] {
            assert!(trails_off(text), "{text}");
        }
    }

    #[test]
    fn what_is_complete_does_not() {
        for text in [
            "",
            "…",
            "Oui.",
            "D'accord.",
            "Je vous écoute.",
            "C'est pour quand ?",
            "C'est où ?",
            "Il y en a un.",
            "Prenez-le.",
            "Oui, ça l'est.",
            "Dites-moi ce que c'est.",
            "Mais si.",
            "Appelez-les.",
            "Je suis là.",
            "Il y en a.",
            "Au revoir.",
            "Asseyez-vous.",
            "Je vous rappelle pour le rendez-vous.",
            "Très bien, ça marche alors.",
            "Vous êtes enfin là.",
            "J'en ai une.",
            "C'est fait.",
            "Est-ce que vous en avez un ?",
            "Porte vingt et un.",
            "Je m'en occupe tout de suite.",
        ] {
            assert!(!trails_off(text), "{text}");
        }
    }
}
