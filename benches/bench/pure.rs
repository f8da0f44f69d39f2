//! The pure middle: hearing one turn, scoring a conversation, holding a model's sentence against the guard.

use std::collections::BTreeSet;
use std::hint::black_box;
use std::time::{Duration, Instant};

use comptoir::clock::Timestamp;
use comptoir::content::{Content, shipped};
use comptoir::hearing::{Context, Ears, hear};
use comptoir::language::sentences;
use comptoir::persona::Persona;
use comptoir::reply::guard::{Allowed, Bounds};
use comptoir::reply::{Turn, respond};
use comptoir::scoring::score;
use comptoir::transcript::{Event, Happening, Live, Start, Transcript};
use comptoir::utterance::Utterance;

use crate::table;

/// As receptionists type and speak: whole sentences, haste, accents missing, dictation without punctuation.
pub(crate) const SENTENCES: [&str; 30] = [
    "Rive Claire Habitat, agence des Tilleuls, bonjour, je vous écoute.",
    "bjr monsieur c pour quoi svp",
    "Je comprends, trois appels sans réponse, il y a de quoi être en colère, je vous présente nos excuses.",
    "Depuis quand est-ce que cela dure, et est-ce que ça s'est aggravé depuis votre dernier appel ?",
    "vous pouvez me donner votre nom et votre adresse exacte avec l etage et le numero de l appartement",
    "D'accord.",
    "Si j'ai bien compris, l'eau coule au-dessus de la baignoire et vous videz une bassine par jour, c'est bien cela ?",
    "euh attendez je regarde votre dossier euh voila oui donc vous etes locataire depuis deux mille douze c est ca",
    "Calmez-vous s'il vous plaît, je ne peux rien faire si vous criez.",
    "Je transmets tout de suite au service technique et je demande à son gestionnaire de vous rappeler avant midi.",
    "Normalement on vous rappellera dans la semaine.",
    "Coupez l'éclairage de la salle de bains au disjoncteur, l'eau et l'électricité ensemble sont dangereuses.",
    "Le loyer reste dû, même pendant les travaux, mais vous pouvez demander une remise.",
    "Est-ce que c'est clair pour vous, voulez-vous que je reprenne ?",
    "Avez-vous d'autres questions ?",
    "Il faut que je fasse un OS au GTS.",
    "Ce n'est pas de ma faute, moi je suis à l'accueil, voyez avec la commission.",
    "Je ne peux pas vous communiquer l'adresse d'une locataire, mais je peux lui transmettre votre message.",
    "Prenez votre temps, asseyez-vous, nous pouvons aller dans le bureau à côté si vous préférez parler à l'abri.",
    "Quel est le montant exact qui vous est demandé, et sur quelle période porte la régularisation ?",
    "y a t il des enfants en bas age dans le logement ou une personne malade",
    "Sentez-vous une odeur de gaz en ce moment, et êtes-vous dans le logement ?",
    "Sortez de l'immeuble, n'allumez rien, et appelez le numéro d'urgence gaz depuis la rue.",
    "C'est la règle, monsieur, tout le monde attend son tour.",
    "Je vais appeler ma responsable pour qu'elle vous réponde elle-même, parce que c'est elle qui peut décider.",
    "quand est ce que vous etes disponible pour le rendez vous le matin ou plutot l apres midi",
    "Merci de me l'avoir dit, vous avez bien fait de venir.",
    "Je note : bruit tous les soirs vers vingt-trois heures, depuis le mois de mars, chez le voisin du dessus.",
    "Je vous propose qu'on remplisse ensemble la demande en ligne, je vous montre chaque étape, d'accord ?",
    "Au revoir madame, bonne journée à vous.",
];

#[expect(clippy::disallowed_methods, reason = "a measurement reads the machine's clock")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

fn content() -> Content {
    Content::read(&[&shipped()], Vec::new()).expect("the shipped content is sound")
}

/// Every sentence of every fact's wordings, held against the guard in mid-conversation.
pub(crate) fn guarding() {
    let everything = content();
    let mut times = Vec::new();
    for persona in everything.personas() {
        let bounds = Bounds::new(persona, everything.organisation());
        let facts: BTreeSet<String> = persona.file().fact.iter().map(|fact| fact.id.clone()).collect();
        let said: Vec<&str> = SENTENCES[..8].to_vec();
        let allowed = Allowed { persona, bounds: &bounds, facts: &facts, heard: &SENTENCES, said: &said };
        for line in persona.file().fact.iter().flat_map(|fact| fact.says.all()) {
            for sentence in sentences(line) {
                let begun = now();
                let _ = black_box(allowed.check(black_box(sentence)));
                times.push(begun.elapsed());
            }
        }
    }
    table::times("guarding one sentence of a model", &mut times, "");
}

/// Every sentence through the ears of every persona.
pub(crate) fn hearing() {
    const ROUNDS: usize = 12;
    let everything = content();
    let told = BTreeSet::new();
    let mut times = Vec::new();
    for persona in everything.personas() {
        let ears = Ears::new(persona, everything.organisation());
        for round in 0..ROUNDS {
            for (turn, sentence) in SENTENCES.iter().enumerate() {
                let utterance = Utterance::new(sentence).expect("a sentence");
                let last_words = Some(persona.file().opening.as_str());
                let context = Context { trainee_turns: turn, last_words, told: &told, cuts_in: false };
                let begun = now();
                black_box(hear(black_box(&utterance), &ears, &context));
                // The first round warms the caches.
                if round > 0 {
                    times.push(begun.elapsed());
                }
            }
        }
    }
    table::times("hearing one turn", &mut times, "200 µs");
}

/// A conversation of twenty turns (ten of the trainee), and one twice as long, with every persona.
pub(crate) fn scoring() {
    const ROUNDS: usize = 20;
    let content = content();
    let rubric = content.rubrics().next().expect("a rubric is shipped");
    for (turns, aim) in [(10, "3 ms"), (20, "")] {
        let mut times: Vec<Duration> = Vec::new();
        for persona in content.personas() {
            let ears = Ears::new(persona, content.organisation());
            let transcript = played(persona, &ears, turns);
            for round in 0..ROUNDS {
                let begun = now();
                black_box(score(black_box(&transcript), persona, &ears, rubric));
                if round > 0 {
                    times.push(begun.elapsed());
                }
            }
        }
        table::times(&format!("scoring a transcript of {} turns", 2 * turns), &mut times, aim);
    }
}

/// Plays so many turns of the trainee, whatever the character makes of it.
fn played(persona: &Persona, ears: &Ears, turns: usize) -> Transcript {
    let at = Timestamp::UNIX_EPOCH;
    let start = Start {
        persona: persona.id().to_owned(),
        persona_hash: persona.hash().to_owned(),
        rubric: "bloc1".to_owned(),
        channel: persona.file().channel,
        seed: 1,
        hints: false,
        aloud: false,
        branched_from: None,
    };
    let event = |seq, happening| Event { seq, at, happening };
    let open = || Live::open(persona, &event(0, Happening::Started(start.clone()))).expect("its own start");
    let mut live = open();
    let mut transcript = live.transcript();
    let mut sentences = SENTENCES.iter().cycle();
    while transcript.turns.len() < 2 * turns {
        if live.ended().is_some() || live.state().ended().is_some() {
            live = open();
        }
        let before = live.turns().len();
        let text = (*sentences.next().expect("a cycle")).to_owned();
        let utterance = Utterance::new(&text).expect("a sentence");
        live.apply(&event(live.next_seq(), Happening::Spoke { text, client_id: None, spoken: None }))
            .expect("it is open");
        let heard = hear(&utterance, ears, &live.context());
        let reply = respond(persona, live.state(), Turn::Said(&heard), 1);
        let intent = reply.intent();
        let replied = Happening::Replied { text: reply.text, cue: reply.cue, intent, change: reply.change, made: None };
        live.apply(&event(live.next_seq(), replied)).expect("an answer is owed");
        transcript.turns.extend_from_slice(&live.turns()[before..]);
    }
    transcript
}
