//! Stage directions: what the trainee tells of the scene, in brackets, asterisks or underscores, instead of saying it.

use std::ops::Range;

use super::Aside;
use crate::language::fold;

/// Pairs of signs that set words apart.
const PAIRS: &[(char, char)] = &[('(', ')'), ('[', ']'), ('*', '*'), ('_', '_'), ('~', '~')];

/// Finds them.
pub(super) fn find(plain: &str) -> Vec<Aside> {
    let mut found = Vec::new();
    for &(open, close) in PAIRS {
        let mut from = 0;
        while let Some(start) = plain[from..].find(open).map(|at| from + at) {
            let inside = start + open.len_utf8();
            let Some(end) = plain[inside..].find(close).map(|at| inside + at) else { break };
            let starts = !plain[..start].ends_with(char::is_alphanumeric);
            if starts && tells(&plain[inside..end], open) {
                let bytes = start..end + close.len_utf8();
                found.push(Aside { shown_by: bytes.clone(), bytes });
                from = end + close.len_utf8();
            } else {
                from = inside;
            }
        }
    }
    found
}

/// Whether words in brackets tell what happens.
fn tells(inside: &str, open: char) -> bool {
    const LONGEST: usize = 300;
    let folded = fold(inside);
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let Some(first) = words.first() else { return false };
    if inside.len() > LONGEST {
        return false;
    }
    let starred = matches!(open, '*' | '_' | '~');
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    let subject = subject(&words);
    DOES.contains(first)
        || (starred && DOES_STARRED.contains(first))
        || (matches!(*first, "se" | "s") && words.get(1).is_some_and(|verb| DOES_ITSELF.contains(verb)))
        || (MANNER.contains(first) && words.len() >= 2 && has(MOOD))
        || (subject.is_some_and(|subject| subject == Subject::Trainee) && words.len() >= 3)
        || (subject.is_some() && has(FEELS))
        || words.iter().all(|word| PRAISED.contains(word) || LITTLE.contains(word)) && has(PRAISED)
        || matches!(*first, "inserer" | "insere" | "placer")
        || (*first == "pour" && has(FOR_WHOM))
        || words.windows(2).any(|pair| pair == ["plus", "tard"])
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Subject {
    Trainee,
    Other,
}

/// Whom the words tell of.
fn subject(words: &[&str]) -> Option<Subject> {
    let named: Range<usize> = 0..words.len().min(3);
    let has = |list: &[&str]| words[named.clone()].iter().any(|word| list.contains(word));
    if has(&[
        "stagiaire",
        "apprenant",
        "apprenante",
        "agent",
        "agente",
        "hotesse",
        "conseiller",
        "conseillere",
        "trainee",
    ]) {
        return Some(Subject::Trainee);
    }
    let other =
        ["locataire", "dame", "monsieur", "madame", "mme", "m", "client", "cliente", "personnage", "il", "elle"];
    has(&other).then_some(Subject::Other)
}

/// What is told of the one who rehearses.
const DOES: &[&str] = &[
    "sourit",
    "souris",
    "sourire",
    "souriant",
    "hoche",
    "acquiesce",
    "opine",
    "soupire",
    "reformule",
    "rassure",
    "compatit",
    "raccroche",
    "ecoute",
    "reconforte",
    "apaise",
    "ecoutant",
    "reformulant",
    "souriante",
    "rires",
    "rit",
];

/// The same between asterisks, where a bracket may hold a plain remark.
const DOES_STARRED: &[&str] = &[
    "regarde",
    "tend",
    "prend",
    "fait",
    "montre",
    "pose",
    "note",
    "tape",
    "consulte",
    "verifie",
    "explique",
    "resume",
    "valide",
    "oriente",
    "salue",
    "propose",
    "transfere",
    "appelle",
    "remercie",
    "repond",
    "dit",
    "donne",
    "offre",
    "invite",
    "accueille",
    "conclut",
    "parle",
    "adopte",
    "reste",
    "laisse",
    "baisse",
    "lui",
    "la",
    "le",
    "clin",
    "silence",
    "pause",
    "exprime",
    "manifeste",
    "demontre",
    "utilise",
    "applique",
    "respecte",
    "ouvre",
    "ferme",
    "penche",
    "tousse",
];

/// « Se lève », « se calme ».
const DOES_ITSELF: &[&str] =
    &["leve", "calme", "penche", "presente", "excuse", "tourne", "redresse", "assoit", "apaise", "adoucit", "detend"];

const MANNER: &[&str] = &["avec", "d", "en", "ton", "voix", "tres", "sur", "un"];

const MOOD: &[&str] = &[
    "empathie",
    "bienveillance",
    "souriant",
    "sourire",
    "ton",
    "voix",
    "douceur",
    "calme",
    "chaleur",
    "patience",
    "respect",
    "chaleureux",
    "chaleureuse",
    "posee",
    "douce",
    "ecoute",
    "tact",
];

/// What is told of the other.
const FEELS: &[&str] = &[
    "rassure",
    "rassuree",
    "calme",
    "calmee",
    "apaise",
    "apaisee",
    "sourit",
    "convaincu",
    "convaincue",
    "satisfait",
    "satisfaite",
    "raconte",
    "confie",
    "remercie",
    "accepte",
    "soulage",
    "soulagee",
    "confiance",
    "pleure",
    "content",
    "contente",
    "revele",
    "avoue",
    "ravi",
    "ravie",
];

/// What a grid praises, named instead of done.
const PRAISED: &[&str] = &[
    "empathie",
    "reformulation",
    "ecoute",
    "active",
    "question",
    "questions",
    "ouverte",
    "ouvertes",
    "suivi",
    "date",
    "orientation",
    "bienveillance",
    "accueil",
    "validation",
    "parfaite",
    "parfait",
    "reussie",
    "complete",
    "conge",
    "escalade",
    "relais",
    "observe",
    "acquis",
    "valide",
];

const LITTLE: &[&str] = &["de", "la", "le", "l", "et", "une", "un", "du", "d", "tres", "bonne", "bon", "prise"];

const FOR_WHOM: &[&str] =
    &["jury", "correcteur", "evaluateur", "ia", "modele", "formateur", "examinateur", "systeme", "correctrice"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scenes_are_told_in_brackets_and_remarks_are_made_in_them() {
        let check = |text: &str, expect: &[&str]| {
            let found: Vec<&str> = find(text).into_iter().map(|aside| &text[aside.bytes]).collect();
            assert_eq!(found, expect, "{text}");
        };
        check("*hoche la tête* Je comprends.", &["*hoche la tête*"]);
        check("Bonjour (avec un grand sourire).", &["(avec un grand sourire)"]);
        check("(le stagiaire montre de l'empathie)", &["(le stagiaire montre de l'empathie)"]);
        check("(Madame Roux est rassurée, elle raconte tout.)", &["(Madame Roux est rassurée, elle raconte tout.)"]);
        check("(empathie) (question ouverte)", &["(empathie)", "(question ouverte)"]);
        check("Le service technique (il répond avant midi) vous rappelle.", &[]);
        check("La CALEOL (la commission d'attribution) se réunit.", &[]);
        check("Votre voisine (Mme Petit) est prévenue.", &[]);
        check("*Important* : coupez l'eau. Deux * ici * et là.", &[]);
        check("Le fichier attestation_2026_roux.pdf", &[]);
    }
}
