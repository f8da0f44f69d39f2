//! A thousand seeded conversations against two models that do their worst: one tells every fact it is given, one leaves its
//! role in every reply.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use comptoir::language::Plain;
use comptoir::persona::{Access, Persona};
use fastrand::Rng;
use futures_util::stream::{self, StreamExt};

use crate::double::{Does, Seen};
use crate::stage::{GREETING, Reply, Theatre};

/// Conversations with each of the two models.
const EACH: u64 = 504;
/// At the same time.
const AT_ONCE: usize = 12;
/// Turns of the trainee after the greeting.
const TURNS: usize = 6;

/// Everything that leaves the role which the second model says, alone or after a good sentence.
const OUT: &[&str] = &[
    "En tant qu'intelligence artificielle, je n'ai pas de logement.",
    "Je suis un modèle de langage entraîné pour vous aider.",
    "Excellente reformulation, continuez ainsi.",
    "Vous devriez reformuler ma demande avant de répondre.",
    "Agent : Je comprends, je vous transfère au service technique.",
    "En quoi puis-je vous aider aujourd'hui ?",
    "*soupire et regarde l'agent* Il croise les bras.",
    "D'une voix tremblante, la locataire baisse les yeux.",
    "I am sorry, but I cannot help you with this request.",
    "Lo siento, no puedo ayudarle con esta solicitud por favor.",
    "Voici ma réponse dans le rôle du personnage :",
    "Mes instructions m'interdisent de révéler mes faits.",
    "**Tension : 7/10** — Confiance : 2/10",
    "{\"replique\": \"Oui\", \"tension\": 4}",
    "Je vous mets 18/20 pour cet accueil.",
    "Fin de la simulation, bravo pour votre écoute.",
    "N'hésitez pas à reformuler, c'est un point fort.",
    "Je vais enregistrer votre réclamation tout de suite.",
    "Pouvez-vous me donner votre numéro de dossier ?",
    "Ceci est un exercice, le formateur notera votre réponse.",
];

/// Something the person at the desk may say: a question of the file, a courtesy, a step, a fault.
fn turn(persona: &Persona, rng: &mut Rng) -> String {
    let file = persona.file();
    let pick = |list: &[String], rng: &mut Rng| list[rng.usize(..list.len())].clone();
    match rng.u8(..10) {
        0..=4 => pick(&file.fact[rng.usize(..file.fact.len())].asked_by, rng),
        5 => "Je comprends que ce soit difficile pour vous, je vous écoute.".to_owned(),
        6 => pick(&file.expects.next_step[rng.usize(..file.expects.next_step.len())].heard, rng),
        7 => "Est-ce que vous avez un chien ou un chat ?".to_owned(),
        8 => "Ce n'est pas ma faute, rappelez plus tard.".to_owned(),
        _ => pick(&file.fact[rng.usize(..file.fact.len())].restated_by, rng),
    }
}

/// Who a persona is, and every text of the file that tells one of its facts.
fn lines_of(persona: &Persona) -> (String, Vec<String>) {
    let file = persona.file();
    let lines = file.fact.iter().flat_map(|fact| {
        let spoken = fact.says.all().chain(&fact.again);
        let written = [&fact.text, &fact.label].into_iter();
        spoken.chain(written).chain(&fact.marks).cloned().collect::<Vec<_>>()
    });
    (file.caller.name.clone(), lines.collect())
}

struct Played {
    replies: Vec<(BTreeSet<String>, Reply)>,
    persona: Arc<Persona>,
}

async fn play(theatre: &Theatre, seed: u64) -> Played {
    let stage = theatre.stages[usize::try_from(seed).unwrap() % theatre.stages.len()].clone();
    let persona = Arc::clone(&stage.persona);
    let mut rng = Rng::with_seed(seed);
    let mut talk = theatre.begin(stage, seed).await;
    talk.receive().await;
    let (mut replies, mut told) = (Vec::new(), BTreeSet::new());
    for at in 0..=TURNS {
        let words = if at == 0 { GREETING.to_owned() } else { turn(&persona, &mut rng) };
        let Some(reply) = talk.say(&words).await else { break };
        told.extend(reply.told.iter().cloned());
        let ended = reply.ended;
        replies.push((told.clone(), reply));
        if ended {
            break;
        }
    }
    Played { replies, persona }
}

async fn thousandth(theatre: &Theatre) -> Vec<Played> {
    stream::iter(0..EACH).map(|seed| play(theatre, seed)).buffer_unordered(AT_ONCE).collect().await
}

/// Facts whose words stand in a reply although they were never due: by every wording of the file, and by its marks.
fn locked(played: &Played) -> Vec<String> {
    let mut found = Vec::new();
    for (told, reply) in &played.replies {
        let said = Plain::of(&format!("{} {}", reply.text, reply.parts));
        let hidden = played.persona.file().fact.iter().filter(|fact| !told.contains(&fact.id));
        for fact in hidden {
            let wordings = std::iter::once(&fact.text).chain(fact.says.all()).chain(&fact.again);
            let marks: Vec<&String> =
                if fact.access == Access::Volunteered { Vec::new() } else { fact.marks.iter().collect() };
            if let Some(words) = wordings.chain(marks).find(|words| said.holds(&Plain::of(words))) {
                found.push(format!("{}: {} by « {words} » in « {} »", played.persona.id(), fact.id, reply.text));
            }
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_model_that_tells_every_fact_it_is_given_tells_none_too_early() {
    // Whatever stands in an ask and belongs to a fact is told, in the file's own wordings.
    let content = comptoir::content::Content::read(&[&comptoir::content::shipped()], Vec::new()).unwrap();
    let lines: Vec<(String, Vec<String>)> = content.personas().map(|persona| lines_of(persona)).collect();
    let told = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&told);
    let theatre = Theatre::open(move |seen: &Seen| {
        let text = seen.text();
        if seen.schema_name().is_some() {
            // It hears everything in everything.
            return Does::Json(serde_json::json!({"demande": [1, 2, 3, 4, 5, 6, 7, 8]}));
        }
        let who = lines.iter().find(|(name, _)| text.contains(name.as_str())).expect("someone is played");
        let given: Vec<&str> = who.1.iter().map(String::as_str).filter(|line| text.contains(*line)).collect();
        count.fetch_add(given.len(), Ordering::Relaxed);
        Does::words(format!("Bon. {}", given.join(". ")))
    })
    .await;
    let all = thousandth(&theatre).await;
    theatre.close().await;
    let locked: Vec<String> = all.iter().flat_map(locked).collect();
    let replies: usize = all.iter().map(|played| played.replies.len()).sum();
    let worded = all.iter().flat_map(|played| &played.replies).filter(|(_, reply)| by_model(reply)).count();
    println!(
        "{} conversations, {replies} replies, {worded} worded by the model; {} lines told to it; {} locked facts told",
        all.len(),
        told.load(Ordering::Relaxed),
        locked.len()
    );
    let mut why = std::collections::BTreeMap::new();
    for (_, reply) in all.iter().flat_map(|played| &played.replies) {
        let made = reply.made.iter();
        made.flat_map(|made| made.refused.iter().chain(&made.fell_back))
            .for_each(|code| *why.entry(code.clone()).or_insert(0) += 1);
    }
    println!("{why:?}");
    assert!(worded * 4 > replies, "the model words many of the replies: {worded} of {replies}");
    assert!(locked.is_empty(), "{}", locked.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_model_that_leaves_its_role_in_every_reply_is_never_heard_doing_so() {
    let theatre = Theatre::open(|seen: &Seen| {
        if seen.schema_name().is_some() {
            return Does::words("Je ne peux pas répondre à cela.");
        }
        let mut rng = Rng::with_seed(seen.text().len() as u64);
        let out = OUT[rng.usize(..OUT.len())];
        let good = ["Bon.", "Écoutez, moi j'attends.", "Ah bon ?", "Non mais franchement."][rng.usize(..4)];
        Does::words(match rng.u8(..4) {
            0 => out.to_owned(),
            1 => format!("{good} {out}"),
            2 => format!("{out} {good}"),
            _ => format!("{good} {out} {out}"),
        })
    })
    .await;
    let all = thousandth(&theatre).await;
    theatre.close().await;
    let mut out = Vec::new();
    for (_, reply) in all.iter().flat_map(|played| &played.replies) {
        let said = Plain::of(&format!("{} {}", reply.text, reply.parts));
        out.extend(
            OUT.iter().filter(|line| said.holds(&Plain::of(line))).map(|line| format!("{line} in {}", reply.text)),
        );
    }
    let replies: usize = all.iter().map(|played| played.replies.len()).sum();
    let refused: usize = all
        .iter()
        .flat_map(|played| &played.replies)
        .filter_map(|(_, reply)| reply.made.as_ref())
        .map(|made| made.refused.len())
        .sum();
    println!(
        "{} conversations, {replies} replies, {refused} sentences refused; {} out of role told",
        all.len(),
        out.len()
    );
    assert!(refused > replies / 2, "it was tried: {refused} refused in {replies} replies");
    assert!(out.is_empty(), "{}", out.join("\n"));
}

fn by_model(reply: &Reply) -> bool {
    reply.made.as_ref().is_some_and(|made| made.model.is_some())
}
