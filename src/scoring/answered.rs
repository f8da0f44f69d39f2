//! How the character takes a turn, read in its words: pleased, annoyed, confirming, correcting, leaving.
//!
//! Input: the character's words after a trainee turn. Output: [`Found`] kinds. Invariant: nothing here is ever
//! quoted as evidence; it only tells what the trainee's turn was worth.

use std::sync::LazyLock;

use crate::character::Change;
use crate::language::{Phrases, PhrasesBuilder, Text};
use crate::persona::Stimulus;
use crate::rubric::Found;
use crate::transcript::Turn;

/// What a reply shows. Words that a model chose are not asked: there, code decided what was meant, and wrote it down.
pub(super) fn found(reply: &Turn) -> Vec<Found> {
    match &reply.change {
        Some(change) if reply.made.as_ref().is_some_and(|made| made.model.is_some()) => meant(change),
        _ => read(&Text::read(&reply.text)),
    }
}

/// What a change shows.
fn meant(change: &Change) -> Vec<Found> {
    let voiced = |stimulus: Stimulus| {
        let family = format!("reaction.{}#", stimulus.name());
        change.lines.iter().any(|line| line.starts_with(&family))
    };
    let shown = [
        (Found::Appeased, change.moods.iter().any(|mood| mood.tension < 0)),
        (Found::Irritated, change.moods.iter().any(|mood| mood.tension > 0)),
        (Found::Confirmed, voiced(Stimulus::ReformulationRight)),
        (Found::Corrected, voiced(Stimulus::ReformulationWrong)),
        (Found::WordAsked, voiced(Stimulus::Jargon)),
    ];
    shown.into_iter().filter(|(_, shown)| *shown).map(|(found, _)| found).collect()
}

/// What words show.
pub(super) fn read(words: &Text) -> Vec<Found> {
    let mut found: Vec<Found> = ANSWERS.find(words).into_iter().map(|found| found.label).collect();
    found.sort_unstable();
    found.dedup();
    found
}

static ANSWERS: LazyLock<Phrases<Found>> = LazyLock::new(|| {
    let mut builder = PhrasesBuilder::new();
    for (found, patterns) in TABLE {
        for pattern in *patterns {
            builder.add(*found, pattern);
        }
    }
    builder.build()
});

const TABLE: &[(Found, &[&str])] = &[
    (
        Found::Appeased,
        &[
            "merci",
            "c est gentil",
            "ca me va",
            "je veux bien",
            "au moins",
            "vous avez raison",
            "bon d accord",
            "d accord $",
            "c est (exactement|tout a fait|bien) ca",
            "volontiers",
            "avec plaisir",
            "je prefere",
            "ca me rassure|soulage",
            "c est deja|mieux",
            "oui absolument",
            "heureusement (que) vous",
        ],
    ),
    (
        Found::Irritated,
        &[
            "mot pour mot",
            "je viens de vous (le) dire",
            "je (vous) l ai (deja) dit",
            "c est ce que je me tue",
            "je sais lire",
            "vous (m) ecoutez",
            "une belle jambe",
            "c est tout $",
            "non ca ira pas",
            "il faudra bien",
            "laissez tomber",
            "j ai pas le choix",
            "vous vous moquez|fichez|foutez",
            "vous trouvez ca normal",
            "c est jamais|toujours [personne|quelqu|pareil|la meme]",
            "vous me renvoyez",
            "je parle comme je veux",
            "on m a deja",
            "pas dans six mois",
            "pour m entendre dire",
            "ca ne (me) dit pas",
            "ca me dit pas",
            "revenir pour rien",
            "vous dites ca parce que",
        ],
    ),
    (
        Found::Confirmed,
        &[
            "^ oui",
            "^ exactement",
            "^ voila",
            "^ tout a fait",
            "c est (exactement|bien|tout a fait) ca",
            "^ c est ca",
            "vous n oubliez rien",
            "^ non rien",
            "^ non c est",
            "^ rien",
            "c est juste|exact",
            "absolument",
        ],
    ),
    (
        Found::Corrected,
        &[
            "^ non !rien|c|non|j|je|jamais|merci|pas|ca|merci",
            "pas * semaines|jours|mois|ans|tout|un|une",
            "je viens de vous le dire",
            "ce n est pas ca",
            "c est pas ca",
            "je l ai dit en arrivant",
            "pas du tout",
            "vous (m) ecoutez",
            "j ai jamais dit",
            "c est une facon de parler",
        ],
    ),
    (
        Found::WordAsked,
        &[
            "mon|votre|ma|le|la|un|une|l|du quoi",
            "^ pardon",
            "^ mon|ma|le|la $",
            "comment vous dites",
            "ca veut dire quoi",
            "qu est ce que ca veut dire",
            "c est quoi (ca|un|une|le|la|l|cette|ce) ..",
            "je (ne) (le|la) connais pas",
            "je (n|ne) (ai|comprends) pas (compris) (le|ce) mot",
            "parlez francais",
        ],
    ),
    (
        Found::CharacterThreatens,
        &[
            "tu vas voir",
            "je sais a quelle heure",
            "tu finis",
            "=connard|=connards|=conne|=connes|=abruti|=abrutis|=incapable|=incapables|=incapables|=minable|=minables",
            "je (vais) (tout) casser",
            "ca va mal finir",
            "frappe|tape le comptoir",
        ],
    ),
    (
        Found::BrokeOff,
        &[
            "laissez tomber",
            "c est pas la peine",
            "ce n est pas la peine",
            "trompe|trompee de numero",
            "pas que ca a faire",
            "je raccroche !presque|content|contente|rassure|rassuree|tranquille|mieux",
            "je vais me debrouiller",
            "je reviendrai|repasserai",
            "je reglerai|reglerais ca moi meme",
            "je regle ca moi meme",
            "porter|porte plainte",
            "je bloque|bloquerai mon|le loyer",
            "j appelle la mairie",
            "je ne paierai rien",
            "voir une association",
            "elle raccroche",
            "il raccroche",
            "il s en va",
            "elle s en va",
            "elle prend sa fille",
            "sort en claquant",
        ],
    ),
];
