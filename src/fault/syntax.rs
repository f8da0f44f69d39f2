//! What the TOML parser says, told in French with what to do about it.

/// Rule and fix for a message of the parser.
pub(super) fn explain(message: &str) -> (String, String) {
    let (rule, fix) = known(message).unwrap_or(("syntaxe TOML incorrecte", "comparez avec une fiche voisine"));
    (format!("{rule} (TOML : {message})"), fix.to_owned())
}

/// The messages that a writer meets, by how they start.
const KNOWN: &[(&str, &str, &str)] = &[
    (
        "duplicate key",
        "ce nom est déjà donné plus haut dans la même partie",
        "réunissez les deux, ou écrivez [[nom]] pour un élément de plus d'une liste",
    ),
    (
        "invalid basic string",
        "texte mal fermé ou caractère interdit dans un texte",
        "fermez le texte par \" sur la même ligne ; écrivez \\\" pour un guillemet droit, ou prenez « »",
    ),
    ("invalid multi-line basic string", "texte sur plusieurs lignes mal fermé", "fermez le texte par \"\"\""),
    (
        "missing escaped value",
        "une barre oblique inverse attend un caractère",
        "écrivez \\\\ pour une barre oblique inverse, \\\" pour un guillemet",
    ),
    (
        "string values must be quoted",
        "un texte s'écrit entre guillemets droits",
        "écrivez une valeur : un nombre, ou un texte entre guillemets",
    ),
    ("extra comma", "une virgule de trop", "retirez la virgule"),
    ("missing comma", "il manque une virgule entre deux éléments", "ajoutez une virgule après l'élément précédent"),
    ("unclosed array", "la liste n'est pas fermée", "ajoutez ] à la fin de la liste"),
    ("unclosed inline table", "l'accolade n'est pas fermée", "ajoutez } à la fin"),
    ("unclosed", "le titre de partie n'est pas fermé", "ajoutez ] (ou ]]) à la fin du titre"),
    ("missing assignment", "il manque le signe = après le nom", "écrivez nom = valeur"),
    ("key with no value", "ce nom n'a pas de valeur", "écrivez nom = valeur"),
    ("missing value", "il manque une valeur", "écrivez une valeur après le signe ="),
    ("invalid boolean", "valeur incomprise", "écrivez true, false, un nombre, ou un texte entre guillemets"),
    ("invalid value", "valeur incomprise", "écrivez un nombre, ou un texte entre guillemets"),
    ("unexpected leading zero", "un nombre ne commence pas par zéro", "retirez le zéro, ou mettez des guillemets"),
    ("invalid unquoted key", "ce nom porte un caractère interdit", "mettez le nom entre guillemets droits"),
    ("unexpected", "quelque chose est de trop ici", "retirez-le, ou mettez-le entre guillemets"),
];

fn known(message: &str) -> Option<(&'static str, &'static str)> {
    KNOWN.iter().find(|(start, ..)| message.starts_with(start)).map(|(_, rule, fix)| (*rule, *fix))
}

#[cfg(test)]
mod tests {
    use super::super::Source;

    #[test]
    fn the_usual_slips_are_named() {
        let check = |text: &str, rule: &str| {
            let faults = Source::parse("f", text).unwrap_err();
            assert!(faults.iter().any(|fault| fault.rule.starts_with(rule)), "{text:?}: {faults:?}");
        };
        check("a = 1\na = 2\n", "ce nom est déjà donné");
        check("a = \"x\nb = 1\n", "texte mal fermé");
        check("a = [\"x\" \"y\"]\n", "il manque une virgule");
        check("a = [1, 2\n", "la liste n'est pas fermée");
        check("a = { b = 1\n", "l'accolade n'est pas fermée");
        check("[a\n", "le titre de partie");
        check("a \"x\"\n", "ce nom n'a pas de valeur");
        check("a = \n", "un texte s'écrit entre guillemets");
        check("a = bonjour\n", "un texte s'écrit entre guillemets");
    }
}
