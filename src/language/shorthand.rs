//! Shorthand written out, fillers, and the homophones of dictation.

use super::stem::stem;
use super::text::Token;

/// Words that only fill a pause.
pub(super) fn is_filler(form: &str) -> bool {
    matches!(form, "euh" | "heu" | "hum" | "hein" | "ben" | "bah" | "mmh" | "hmm" | "mh" | "beh" | "eh" | "voila")
}

/// What a shorthand stands for.
pub(super) fn written_out(form: &str) -> Option<&'static str> {
    TABLE.binary_search_by(|(short, _)| (*short).cmp(form)).ok().map(|at| TABLE[at].1)
}

/// Homophones that dictation and haste confuse, settled by the next word: « sa fait », « ses long », « ont va ».
pub(super) fn mend(tokens: &mut Vec<Token>) {
    let mut at = 0;
    while at < tokens.len() {
        let next = tokens.get(at + 1).map(|token| token.form.as_str());
        let mended: Option<&[&str]> = match (tokens[at].form.as_str(), next) {
            ("sa", Some(next)) if AFTER_CA.contains(&next) => Some(&["ca"]),
            ("ses", Some(next)) if AFTER_CEST.contains(&next) => Some(&["c", "est"]),
            ("ces", Some(next)) if AFTER_CEST.contains(&next) => Some(&["c", "est"]),
            ("ont", Some("va" | "peut" | "vous" | "regarde" | "fait" | "est" | "a" | "y")) => Some(&["on"]),
            ("et", Some("ce")) if at > 0 && tokens[at - 1].form == "qu" => Some(&["est"]),
            ("esce" | "esque" | "eske" | "esceque", _) => Some(&["est", "ce", "que"]),
            _ => None,
        };
        if let Some(words) = mended {
            let bytes = tokens[at].bytes.clone();
            let news =
                words.iter().map(|form| Token { form: (*form).to_owned(), stem: stem(form), bytes: bytes.clone() });
            // Sentence bounds are word positions: only same-length mends keep them, so longer ones fuse in place.
            if words.len() == 1 {
                tokens.splice(at..=at, news);
            } else {
                tokens[at].form = words.concat();
                tokens[at].stem = words.concat();
            }
        }
        at += 1;
    }
}

const AFTER_CA: &[&str] = &[
    "fait", "va", "dure", "marche", "coule", "passe", "peut", "vous", "commence", "sent", "tombe", "date", "doit",
    "ira", "convient", "arrive", "suffit", "c", "se", "ne", "me", "gout", "goutte", "vient",
];
const AFTER_CEST: &[&str] = &[
    "a",
    "long",
    "tres",
    "pas",
    "bien",
    "dur",
    "pour",
    "le",
    "la",
    "un",
    "une",
    "vrai",
    "normal",
    "ca",
    "quoi",
    "ou",
    "quand",
    "qui",
    "mathematique",
    "note",
    "depuis",
    "possible",
    "grave",
    "urgent",
    "dangereux",
    "comme",
    "quel",
    "quelle",
];

/// Sorted by shorthand.
const TABLE: &[(&str, &str)] = &[
    ("ajd", "aujourd hui"),
    ("appart", "appartement"),
    ("appt", "appartement"),
    ("apt", "appartement"),
    ("asap", "des que possible"),
    ("auj", "aujourd hui"),
    ("aujourdhui", "aujourd hui"),
    ("bat", "batiment"),
    ("bcp", "beaucoup"),
    ("bjour", "bonjour"),
    ("bjr", "bonjour"),
    ("bnj", "bonjour"),
    ("bsr", "bonsoir"),
    ("c", "c est"),
    ("cad", "c est a dire"),
    ("cb", "combien"),
    ("cbien", "combien"),
    ("cest", "c est"),
    ("cetait", "c etait"),
    ("chui", "je suis"),
    ("cmb", "combien"),
    ("cmbien", "combien"),
    ("cmt", "comment"),
    ("ct", "c etait"),
    ("dc", "donc"),
    ("dcd", "decede"),
    ("dem", "demande"),
    ("dps", "depuis"),
    ("ds", "dans"),
    ("dsl", "desole"),
    ("enft", "enfant"),
    ("enfts", "enfants"),
    ("h", "heure"),
    ("hrs", "heures"),
    ("info", "information"),
    ("infos", "informations"),
    ("jai", "j ai"),
    ("jaimerais", "j aimerais"),
    ("jappelle", "j appelle"),
    ("jattends", "j attends"),
    ("jecoute", "j ecoute"),
    ("jecris", "j ecris"),
    ("jenregistre", "j enregistre"),
    ("jentends", "j entends"),
    ("jenvoie", "j envoie"),
    ("jinscris", "j inscris"),
    ("jpeux", "je peux"),
    ("jr", "jour"),
    ("jrs", "jours"),
    ("jsais", "je sais"),
    ("jsuis", "je suis"),
    ("ka", "qu a"),
    ("koi", "quoi"),
    ("lgmt", "logement"),
    ("lgt", "logement"),
    ("loc", "locataire"),
    ("m", "monsieur"),
    ("mlle", "mademoiselle"),
    ("mm", "meme"),
    ("mme", "madame"),
    ("mn", "minutes"),
    ("mnt", "maintenant"),
    ("mr", "monsieur"),
    ("msg", "message"),
    ("mtn", "maintenant"),
    ("mtnt", "maintenant"),
    ("nb", "nombre"),
    ("nn", "non"),
    ("ns", "nous"),
    ("num", "numero"),
    ("pb", "probleme"),
    ("pbs", "problemes"),
    ("pck", "parce que"),
    ("pcq", "parce que"),
    ("pdt", "pendant"),
    ("pk", "pourquoi"),
    ("pkoi", "pourquoi"),
    ("pq", "pourquoi"),
    ("pr", "pour"),
    ("prkoi", "pourquoi"),
    ("prq", "pourquoi"),
    ("ptet", "peut etre"),
    ("qd", "quand"),
    ("qlq", "quelque"),
    ("qlqn", "quelqu un"),
    ("qq", "quelque"),
    ("qqch", "quelque chose"),
    ("qqchose", "quelque chose"),
    ("qqn", "quelqu un"),
    ("qqs", "quelques"),
    ("qqun", "quelqu un"),
    ("rdc", "rez de chaussee"),
    ("rdv", "rendez vous"),
    ("sem", "semaine"),
    ("slt", "salut"),
    ("stp", "s il te plait"),
    ("svp", "s il vous plait"),
    ("tel", "telephone"),
    ("tjrs", "toujours"),
    ("tjs", "toujours"),
    ("tps", "temps"),
    ("ts", "tous"),
    ("tt", "tout"),
    ("tte", "toute"),
    ("ttes", "toutes"),
    ("urg", "urgent"),
    ("vrmt", "vraiment"),
    ("vs", "vous"),
    ("vtr", "votre"),
    ("vtre", "votre"),
    ("we", "week end"),
    ("ya", "il y a"),
    ("yavait", "il y avait"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_so_that_every_entry_is_found() {
        for (short, long) in TABLE {
            assert_eq!(written_out(short), Some(*long), "{short}");
        }
    }
}
