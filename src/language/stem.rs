//! A light French stemmer on accent-free words.
//!
//! Input: a normalised word. Output: its stem: plural, feminine, verb and common noun endings cut.
//! Invariant: a stem keeps at least three letters, and stems of one verb's everyday forms are equal.

/// Verb forms whose stem no ending explains.
const IRREGULAR: &[(&str, &str)] = &[
    ("ai", "avoir"),
    ("aie", "avoir"),
    ("aille", "aller"),
    ("allais", "aller"),
    ("allait", "aller"),
    ("allez", "aller"),
    ("allons", "aller"),
    ("as", "avoir"),
    ("aurai", "avoir"),
    ("aurais", "avoir"),
    ("aurait", "avoir"),
    ("aurez", "avoir"),
    ("auriez", "avoir"),
    ("aurons", "avoir"),
    ("avais", "avoir"),
    ("avait", "avoir"),
    ("avez", "avoir"),
    ("aviez", "avoir"),
    ("avons", "avoir"),
    ("comme", "comme"),
    ("comment", "comment"),
    ("connais", "connait"),
    ("connaissez", "connait"),
    ("connaitre", "connait"),
    ("devais", "dev"),
    ("devez", "dev"),
    ("devrait", "dev"),
    ("devrez", "dev"),
    ("devriez", "dev"),
    ("dira", "dir"),
    ("dis", "dir"),
    ("disait", "dir"),
    ("disent", "dir"),
    ("dit", "dir"),
    ("dite", "dir"),
    ("dites", "dir"),
    ("dois", "dev"),
    ("doit", "dev"),
    ("doivent", "dev"),
    ("es", "etre"),
    ("est", "etre"),
    ("etaient", "etre"),
    ("etais", "etre"),
    ("etait", "etre"),
    ("ete", "etre"),
    ("etes", "etre"),
    ("etiez", "etre"),
    ("eu", "avoir"),
    ("faire", "fair"),
    ("fais", "fair"),
    ("faisait", "fair"),
    ("faisons", "fair"),
    ("fait", "fair"),
    ("faite", "fair"),
    ("faites", "fair"),
    ("fasse", "fair"),
    ("fera", "fair"),
    ("ferai", "fair"),
    ("feriez", "fair"),
    ("feront", "fair"),
    ("font", "fair"),
    ("peut", "pouv"),
    ("peuvent", "pouv"),
    ("peux", "pouv"),
    ("pourra", "pouv"),
    ("pourrait", "pouv"),
    ("pourrez", "pouv"),
    ("pourriez", "pouv"),
    ("pouvait", "pouv"),
    ("pouvez", "pouv"),
    ("pu", "pouv"),
    ("puis", "puis"),
    ("puisse", "pouv"),
    ("sache", "sav"),
    ("sais", "sav"),
    ("sait", "sav"),
    ("saurait", "sav"),
    ("sauriez", "sav"),
    ("savez", "sav"),
    ("savoir", "sav"),
    ("sera", "etre"),
    ("serait", "etre"),
    ("serez", "etre"),
    ("seront", "etre"),
    ("soit", "etre"),
    ("sont", "etre"),
    ("suis", "etre"),
    ("tenait", "ten"),
    ("tient", "ten"),
    ("va", "aller"),
    ("vais", "aller"),
    ("vas", "aller"),
    ("venir", "ven"),
    ("venu", "ven"),
    ("venue", "ven"),
    ("verra", "voir"),
    ("verrai", "voir"),
    ("verrez", "voir"),
    ("veuillez", "voul"),
    ("veulent", "voul"),
    ("veut", "voul"),
    ("veux", "voul"),
    ("viendra", "ven"),
    ("viendront", "ven"),
    ("vienne", "ven"),
    ("viennent", "ven"),
    ("viens", "ven"),
    ("vient", "ven"),
    ("voient", "voir"),
    ("vois", "voir"),
    ("voit", "voir"),
    ("vont", "aller"),
    ("voudrais", "voul"),
    ("voudrait", "voul"),
    ("voudriez", "voul"),
    ("voulez", "voul"),
    ("vouliez", "voul"),
    ("voyez", "voir"),
    ("voyons", "voir"),
    ("vu", "voir"),
    ("vue", "voir"),
    ("yeux", "oeil"),
];

/// Endings, longest first; the number is how many letters must stay before it.
const ENDINGS: &[(&str, usize)] = &[
    ("issements", 3),
    ("issement", 3),
    ("issaient", 3),
    ("issions", 3),
    ("eraient", 3),
    ("iraient", 3),
    ("atrices", 3),
    ("ateurs", 3),
    ("ations", 3),
    ("issait", 3),
    ("issent", 3),
    ("issons", 3),
    ("atrice", 3),
    ("issant", 3),
    ("ements", 4),
    ("ateur", 3),
    ("ation", 3),
    ("ement", 4),
    ("aient", 3),
    ("eriez", 3),
    ("erons", 3),
    ("eront", 3),
    ("erais", 3),
    ("erait", 3),
    ("iriez", 3),
    ("irait", 3),
    ("irons", 3),
    ("iront", 3),
    ("issez", 3),
    ("euses", 3),
    ("ments", 5),
    ("euse", 3),
    ("eurs", 4),
    ("erez", 3),
    ("erai", 3),
    ("irez", 3),
    ("ions", 3),
    ("ites", 4),
    ("ives", 3),
    ("ment", 5),
    ("ance", 4),
    ("ence", 4),
    ("ees", 3),
    ("era", 3),
    ("ira", 4),
    ("ais", 3),
    ("ait", 3),
    ("ant", 3),
    ("ent", 3),
    ("eur", 4),
    ("eux", 3),
    ("iez", 3),
    ("ies", 3),
    ("ifs", 3),
    ("ite", 4),
    ("ive", 3),
    ("ons", 3),
    ("aux", 3),
    ("ee", 3),
    ("er", 3),
    ("ez", 3),
    ("es", 3),
    ("ie", 4),
    ("if", 3),
    ("ir", 3),
    ("is", 3),
    ("it", 4),
    ("re", 4),
    ("ue", 4),
    ("us", 4),
    ("al", 4),
    ("e", 3),
    ("i", 3),
    ("s", 3),
    ("t", 4),
    ("u", 4),
    ("x", 3),
];

/// The stem of a normalised word.
pub fn stem(form: &str) -> String {
    if let Ok(at) = IRREGULAR.binary_search_by(|(word, _)| (*word).cmp(form)) {
        return IRREGULAR[at].1.to_owned();
    }
    if form.len() <= 3 || form.bytes().any(|b| b.is_ascii_digit()) {
        return form.to_owned();
    }
    // « lettres » is cut as « lettre » is.
    let mut stem = form.strip_suffix('s').filter(|rest| rest.len() > 3 && rest.ends_with('e')).unwrap_or(form);
    // A plain plural is cut first, then what its singular would lose.
    for _ in 0..2 {
        let Some((ending, rest)) = cut(stem) else { break };
        stem = rest;
        if !matches!(ending, "s" | "x") {
            break;
        }
    }
    // A doubled last consonant is often only spelling: « appelle » / « appelez ».
    let bytes = stem.as_bytes();
    if bytes.len() > 3
        && bytes[bytes.len() - 1] == bytes[bytes.len() - 2]
        && !b"aeiou".contains(&bytes[bytes.len() - 1])
    {
        stem = &stem[..stem.len() - 1];
    }
    stem.to_owned()
}

/// The longest ending that leaves enough, and what is left.
fn cut(form: &str) -> Option<(&'static str, &str)> {
    ENDINGS.iter().find_map(|(ending, keep)| {
        form.strip_suffix(ending).filter(|rest| rest.len() >= *keep).map(|rest| (*ending, rest))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_irregular_forms_are_sorted() {
        assert!(IRREGULAR.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn everyday_forms_of_one_word_share_a_stem() {
        for group in [
            &["appelle", "appelez", "appeler", "appelait", "appellerez"][..],
            &["rappellerai", "rappelle", "rappeler", "rappelons"],
            &["fuite", "fuites"],
            &["couler", "coule", "coulait", "coulent"],
            &["logement", "logements"],
            &["fenetre", "fenetres"],
            &["lettre", "lettres"],
            &["comprendre", "comprend"],
            &["pouvez", "peux", "pourriez"],
        ] {
            let stems: Vec<String> = group.iter().map(|form| stem(form)).collect();
            assert!(stems.iter().all(|s| *s == stems[0]), "{group:?} -> {stems:?}");
        }
    }
}
