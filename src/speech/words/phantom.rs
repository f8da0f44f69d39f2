//! What Whisper models say on silence and noise: the credits and farewells of the videos they were trained on, and
//! the hint they were given.
//!
//! Invariant: a phrase is removed only as a whole sentence, and never one that a receptionist says.

use super::{plain, tidy, words};

/// How a sentence begins that is a phantom, whatever follows.
const BEGINS: &[&str] = &[
    "abonne toi a la chaine",
    "abonne toi a ma chaine",
    "abonnez vous a la chaine",
    "abonnez vous a ma chaine",
    "abonnez vous a notre chaine",
    "c etait une video de",
    "cette video est sponsorisee",
    "cliquez sur la cloche",
    "je vous retrouve dans une prochaine video",
    "je vous retrouve pour une nouvelle video",
    "mettez un pouce bleu",
    "merci a tous d avoir regarde",
    "merci d avoir regarde cette video",
    "merci d avoir suivi cette video",
    "merci d avoir visionne",
    "n hesitez pas a vous abonner a la chaine",
    "n hesitez pas a vous abonner a ma chaine",
    "n oubliez pas de liker",
    "n oubliez pas de vous abonner a la chaine",
    "n oubliez pas de vous abonner a ma chaine",
    "n oubliez pas de vous abonner et",
    "on se retrouve dans une prochaine video",
    "on se retrouve pour une nouvelle video",
    "retrouvez nous sur youtube",
    "si vous avez aime cette video",
    "sous titrage",
    "sous titre de",
    "sous titre par",
    "sous titres de la",
    "sous titres de l",
    "sous titres en francais",
    "sous titres et",
    "sous titres fait",
    "sous titres faits",
    "sous titres par",
    "sous titres realises",
    "subtitles by",
    "subtitled by",
    "thank you for watching",
    "thanks for watching",
    "traduction et sous titres",
    "traduction sous titrage",
    "traduit par la communaute",
    "transcription par la communaute",
    "translation by",
];

/// Whole sentences that are phantoms.
const WHOLE: &[&str] = &[
    "a bientot pour une nouvelle video",
    "a la prochaine video",
    "a tres vite pour une nouvelle video",
    "abonne toi",
    "abonnez vous",
    "abonnez vous et activez la cloche",
    "bonne video",
    "cliquez ici",
    "fin de la video",
    "generique",
    "generique de fin",
    "likez et abonnez vous",
    "merci a tous et a bientot pour une nouvelle video",
    "merci d avoir regarde",
    "merci d avoir regarde et a bientot",
    "merci d avoir regarde jusqu a la fin",
    "merci d avoir regarde jusqu au bout",
    "merci d avoir regarde la video",
    "merci d avoir regarde ma video",
    "merci d avoir regarde mes videos",
    "merci pour votre visionnage",
    "musique",
    "musique d intro",
    "musique de fin",
    "musique de generique",
    "musique douce",
    "n hesitez pas a vous abonner",
    "n oubliez pas de vous abonner",
    "pensez a vous abonner",
    "sous titres",
    "you",
];

/// Names that stand in no sentence of ours.
const NAMES: &[&str] = &["amara org", "soustitreur com", "sous titres eu", "radio canada", "st 501", "youtube com"];

/// The text without sentences that nobody said.
pub(super) fn without_phantoms(text: &str) -> String {
    tidy(&sentences(text).into_iter().filter(|sentence| !is_phantom(sentence)).collect::<String>())
}

fn is_phantom(sentence: &str) -> bool {
    if in_another_script(sentence) {
        return true;
    }
    let plain = plain(sentence);
    let begins = |begin: &&str| plain.strip_prefix(*begin).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    let names = |name: &&str| format!(" {plain} ").contains(&format!(" {name} "));
    BEGINS.iter().any(begins) || WHOLE.contains(&plain.as_str()) || NAMES.iter().any(names)
}

/// French was asked for: Cyrillic, Arabic or Chinese credits are inventions.
fn in_another_script(sentence: &str) -> bool {
    let letters = sentence.chars().filter(|c| c.is_alphabetic()).count();
    let foreign = sentence.chars().filter(|c| c.is_alphabetic() && *c > '\u{36f}' && !is_latin(*c)).count();
    foreign > 0 && foreign * 3 > letters
}

/// Superscripts and ligatures of the later blocks.
fn is_latin(c: char) -> bool {
    matches!(c, '\u{1d00}'..='\u{1eff}' | '\u{2070}'..='\u{209f}' | '\u{fb00}'..='\u{fb06}')
}

/// Cut after full stops, question and exclamation marks; a point inside a word (« Amara.org ») is none.
fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut from = 0;
    for (at, c) in text.char_indices() {
        let after = at + c.len_utf8();
        let ends = matches!(c, '.' | '!' | '?' | '…' | '\n');
        if ends && text[after..].starts_with(char::is_whitespace) {
            sentences.push(&text[from..after]);
            from = after;
        }
    }
    sentences.push(&text[from..]);
    sentences
}

/// Whether the text is the engine's hint, said back: a long stretch of it, word for word, and nothing else.
pub(super) fn repeats_the_hint(text: &str, hint: &str) -> bool {
    const SURE: usize = 12;
    const LONG: usize = 8;
    let (said, told) = (words(text).len(), words(hint).len());
    let enough = said >= SURE || (said >= LONG && said * 2 >= told);
    enough && format!(" {} ", plain(hint)).contains(&format!(" {} ", plain(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_whisper_says_on_silence_is_removed() {
        for phantom in [
            "Sous-titres réalisés par la communauté d'Amara.org",
            "Sous-titres réalisés para la communauté d'Amara.org",
            "Sous-titrage ST' 501",
            "Sous-titrage Société Radio-Canada",
            "Sous-titrage FR ?",
            "Sous-titres par Juanfrance",
            "❤️ par SousTitreur.com",
            "Sous-titres faits par la communauté",
            "Merci d'avoir regardé cette vidéo !",
            "Merci d’avoir regardé cette vidéo et à bientôt !",
            "Merci d'avoir regardé !",
            "Merci d'avoir regardé la vidéo.",
            "Abonnez-vous !",
            "Abonnez-vous à ma chaîne pour ne rien manquer.",
            "N'oubliez pas de vous abonner.",
            "N'oubliez pas de vous abonner et d'activer la cloche.",
            "Musique de générique",
            "Musique",
            "Thanks for watching!",
            "Субтитры сделал DimaTorzok",
            "字幕由Amara.org社区提供",
        ] {
            assert_eq!(without_phantoms(phantom), "", "{phantom}");
            let after = format!("Je vous écoute. {phantom}");
            assert_eq!(without_phantoms(&after), "Je vous écoute.", "{phantom}");
        }
    }

    #[test]
    fn what_receptionists_say_is_never_removed() {
        for said in [
            "Merci.",
            "Merci beaucoup.",
            "Merci d'avoir patienté.",
            "Merci d'avoir appelé.",
            "Merci d'avoir regardé votre bail avant de venir.",
            "Merci d'avoir regardé dans vos courriers.",
            "Merci de votre appel.",
            "Merci à vous, au revoir.",
            "Au revoir, à bientôt.",
            "Abonnez-vous aux alertes de l'agence, c'est gratuit.",
            "N'oubliez pas de vous abonner aux alertes par SMS.",
            "La musique du voisin vous réveille, c'est cela ?",
            "C'est la musique qui vous gêne ?",
            "Vous avez filmé une vidéo de la fuite ?",
            "Merci de nous avoir envoyé cette vidéo.",
            "La communauté de communes s'en occupe.",
            "Cliquez sur « Mon compte », puis sur « Demandes ».",
            "Ça passe à la radio.",
            "Vous êtes sous curatelle ?",
            "J'ai votre titre de séjour sous les yeux.",
            "Oui, oui, oui.",
            "Voilà, c'est tout.",
            "C'est le numéro 501, bâtiment C.",
            "Œuvre, cœur, naïf, Zoë, Łukasz.",
        ] {
            assert_eq!(without_phantoms(said), said, "{said}");
        }
    }
}
