//! Names and logins as people type them.
//!
//! Input: a field of a form. Output: the same, clean, or what is wrong in French. Invariant: a name is one line that can
//! be seen; escaping it is the templates' business.

use unicode_normalization::UnicodeNormalization as _;

use crate::utterance::clean;

/// The longest name, in characters.
pub(super) const LONGEST_NAME: usize = 80;

/// The shortest and the longest login, in characters.
const LOGIN: std::ops::RangeInclusive<usize> = 3..=64;

/// A name on one line, without what cannot be seen.
pub(super) fn name(text: &str) -> Result<String, &'static str> {
    // A long text is refused before it is looked at closely.
    if text.len() > 8 * LONGEST_NAME {
        return Err("Ce nom est trop long : 80 caractères au plus.");
    }
    let clean: String = clean(text).nfc().collect();
    let name = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    if !name.chars().any(char::is_alphanumeric) {
        return Err("Écrivez un nom.");
    }
    if name.chars().count() > LONGEST_NAME {
        return Err("Ce nom est trop long : 80 caractères au plus.");
    }
    Ok(name)
}

/// Whether two names are the same to whoever reads them.
pub(super) fn same(one: &str, other: &str) -> bool {
    folded(one) == folded(other)
}

/// A name without what does not tell people apart: case and blanks.
fn folded(name: &str) -> String {
    name.nfkc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

/// What someone signs in with, in lower case: an address of mail will do.
pub(super) fn login(text: &str) -> Result<String, &'static str> {
    let login = text.trim().to_lowercase();
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_' | '@' | '+');
    if !login.chars().all(fits) {
        return Err("Un identifiant est fait de lettres sans accent, de chiffres et de . - _ @ +.");
    }
    if !LOGIN.contains(&login.len()) {
        return Err("Un identifiant a de 3 à 64 caractères.");
    }
    Ok(login)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_that_can_be_seen() {
        fn check(text: &str, expect: Result<&str, &str>) {
            let name = name(text);
            assert_eq!(name.as_deref().map_err(|fault| &fault[..8]), expect.map_err(|fault| &fault[..8]), "{text:?}");
        }
        check("  Nadia \t B.\n", Ok("Nadia B."));
        check("\u{202e}Nadia\u{202c} \u{200f}B.", Ok("Nadia B."));
        check("O’Neill-Müller Żółć", Ok("O’Neill-Müller Żółć"));
        check("<script>alert(1)</script>", Ok("<script>alert(1)</script>"));
        check("محمد علي", Ok("محمد علي"));
        for empty in ["", "   ", "\u{200b}\u{202e}", "...", "\u{3164}"] {
            check(empty, Err("Écrivez un nom."));
        }
        check(&"a".repeat(80), Ok(&"a".repeat(80)));
        check(&"é".repeat(81), Err("Ce nom est trop long"));
        check(&"a".repeat(10_000), Err("Ce nom est trop long"));
    }

    #[test]
    fn names_that_read_alike_are_the_same() {
        assert!(same("Nadia B.", "nadia  b"));
        assert!(same("Ame\u{301}lie", "AMÉLIE"));
        assert!(!same("Nadia B.", "Nadia C."));
    }

    #[test]
    fn a_login_is_lower_case_and_plain() {
        assert_eq!(login(" Claire.Martin@Exemple.fr ").as_deref(), Ok("claire.martin@exemple.fr"));
        for text in ["", "ab", "a b c", "zoé.martin", "x'; drop table account; --", &"a".repeat(65)] {
            assert!(login(text).is_err(), "{text}");
        }
    }
}
