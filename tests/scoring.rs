//! What every scorecard holds, over conversations of all twelve characters, good and bad.
//!
//! Each is played turn by turn as the service plays it, by seed: a careful trainee asks what the persona's own file
//! knows to ask and takes its steps; a rude one orders, doubts and sends away.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use comptoir::character::State;
use comptoir::content::Content;
use comptoir::hearing::{Context, Ears, hear};
use comptoir::persona::{Persona, Urgency};
use comptoir::reply::{Turn as Said, respond};
use comptoir::rubric::Rubric;
use comptoir::scoring::{Level, Scorecard, judge, score};
use comptoir::transcript::{Handoff, Transcript, Turn};
use comptoir::utterance::{Speaker, Utterance};

const SEEDS: u64 = 3;

struct Desk {
    content: Content,
}

impl Desk {
    fn open() -> Desk {
        let content = Content::read(&[&comptoir::content::shipped()], Vec::new()).expect("a sound directory");
        assert_eq!(content.faults(), [], "every file is sound");
        Desk { content }
    }

    fn rubric(&self) -> &Rubric {
        self.content.rubric("bloc1").expect("the shipped rubric")
    }

    fn ears(&self, persona: &Persona) -> Ears {
        Ears::new(persona, self.content.organisation())
    }
}

fn careful(persona: &Persona, seed: u64) -> Vec<String> {
    let file = persona.file();
    let pick = |list: &[String]| list[usize::try_from(seed).unwrap_or(0) % list.len()].clone();
    let mut lines = vec![
        "Rive Claire Habitat, agence des Tilleuls, Inès, bonjour, je vous écoute.".to_owned(),
        "Je comprends votre inquiétude, ce doit être éprouvant. Dites-m'en plus, s'il vous plaît.".to_owned(),
        "Puis-je avoir votre nom et votre adresse ?".to_owned(),
    ];
    lines.extend(file.fact.iter().take(4).map(|fact| pick(&fact.asked_by)));
    lines.extend(file.expects.rules.iter().take(1).map(|rule| pick(&rule.heard)));
    lines.extend(file.expects.next_step.iter().map(|step| pick(&step.heard)));
    lines.push("Qu'est-ce que vous retenez de ce que je viens d'expliquer ?".to_owned());
    lines.push("Je vous rappelle jeudi matin à dix heures. Bon courage, au revoir.".to_owned());
    lines
}

fn rude() -> Vec<String> {
    [
        "Quoi encore ?",
        "Calmez-vous.",
        "C'est pas ma faute.",
        "Vous auriez dû venir avant.",
        "Vous me fatiguez.",
        "Je ne peux rien faire pour vous.",
        "Allez voir ailleurs.",
        "Dépêchez-vous, j'ai pas que ça à faire.",
    ]
    .map(str::to_owned)
    .to_vec()
}

fn play(persona: &Persona, ears: &Ears, lines: &[String], seed: u64) -> Transcript {
    let mut state = State::start(persona);
    let mut turns: Vec<Turn> = Vec::new();
    let mut told = BTreeSet::new();
    let mut last_words: Option<String> = None;
    let mut ended = None;
    for (before, line) in lines.iter().enumerate() {
        let utterance = Utterance::new(line).expect("words");
        let context = Context { trainee_turns: before, last_words: last_words.as_deref(), told: &told, cuts_in: false };
        let heard = hear(&utterance, ears, &context);
        let reply = respond(persona, &state, Said::Said(&heard), seed);
        state = state.after(&reply.change);
        told.extend(reply.change.told.iter().cloned());
        ended = reply.change.ended;
        turns.push(Turn::said(Speaker::Trainee, line));
        last_words = Some(reply.text.clone());
        turns.push(Turn { change: Some(reply.change), cue: reply.cue, ..Turn::said(Speaker::Persona, reply.text) });
        if ended.is_some() {
            break;
        }
    }
    Transcript {
        persona: persona.id().to_owned(),
        channel: persona.file().channel,
        turns,
        ended,
        handoff: None,
        whispers: Vec::new(),
    }
}

fn mean(card: &Scorecard) -> f32 {
    let scores: Vec<f32> = card.axes.iter().filter_map(|axis| axis.score).map(f32::from).collect();
    scores.iter().sum::<f32>() / f32::from(u16::try_from(scores.len().max(1)).expect("four axes"))
}

fn proves_its_marks(card: &Scorecard, transcript: &Transcript) {
    for mark in &card.marks {
        let place = format!("{} {}", transcript.persona, mark.id);
        for evidence in &mark.evidence {
            let turn = &transcript.turns[evidence.turn];
            assert!(turn.is_trainee(), "{place}: the character is never quoted: {evidence:?}");
            assert!(turn.text.contains(&evidence.quote), "{place}: « {} » not in « {} »", evidence.quote, turn.text);
        }
        let proven = mark.evidence.iter().any(|evidence| !evidence.quote.is_empty());
        let expected = mark.evidence.iter().any(|evidence| evidence.quote.is_empty());
        match mark.level {
            Some(Level::Observed) => assert!(proven, "{place}: a 2 without words: {}", mark.reason),
            Some(Level::Partial) => assert!(proven || expected, "{place}: a 1 without a turn: {}", mark.reason),
            Some(Level::Missed) | None => {}
        }
        assert!(!mark.reason.contains("{quote}") && !mark.reason.contains("«  »"), "{place}: {}", mark.reason);
    }
}

#[test]
fn every_mark_is_proven_twice_alike_and_a_careful_trainee_scores_higher() {
    let desk = Desk::open();
    for persona in desk.content.personas() {
        let ears = desk.ears(persona);
        for seed in 0..SEEDS {
            let [good, bad] = [careful(persona, seed), rude()].map(|lines| {
                let transcript = play(persona, &ears, &lines, seed);
                let card = score(&transcript, persona, &ears, desk.rubric());
                proves_its_marks(&card, &transcript);
                assert_eq!(card, score(&transcript, persona, &ears, desk.rubric()), "scored twice");
                mean(&card)
            });
            assert!(good > bad + 25.0, "{} seed {seed}: careful {good}, rude {bad}", persona.id());
        }
    }
}

#[test]
fn breaking_off_costs() {
    let desk = Desk::open();
    for persona in desk.content.personas() {
        let ears = desk.ears(persona);
        let whole = play(persona, &ears, &careful(persona, 1), 1);
        let mut cut = play(persona, &ears, &rude(), 1);
        cut.ended = Some(comptoir::character::EndedBy::BrokeOff);
        let [whole, cut] = [whole, cut].map(|transcript| mean(&score(&transcript, persona, &ears, desk.rubric())));
        assert!(cut < whole, "{}: broken off {cut}, whole {whole}", persona.id());
    }
}

#[test]
fn the_note_to_the_right_service_names_what_the_words_left_vague() {
    let desk = Desk::open();
    let persona = desk.content.persona("fuite-colere").expect("a shipped character");
    let ears = desk.ears(persona);
    let lines =
        ["Rive Claire Habitat, bonjour.", "Votre nom, s'il vous plaît ?", "Merci, au revoir."].map(str::to_owned);
    let level = |service: Option<&str>| {
        let mut transcript = play(persona, &ears, &lines, 1);
        transcript.handoff = service.map(|service| Handoff {
            service: service.to_owned(),
            urgency: Urgency::Day,
            summary: "Fuite au plafond de la salle de bains.".to_owned(),
        });
        let card = score(&transcript, persona, &ears, desk.rubric());
        card.marks.iter().find(|mark| mark.id == "6.2.a").expect("marked").level
    };
    assert_eq!(level(None), Some(Level::Missed));
    assert_eq!(level(Some("charges")), Some(Level::Missed));
    assert_eq!(level(Some("technique")), Some(Level::Partial));
}

#[test]
fn cutting_the_other_short_is_marked_in_a_spoken_exchange_only() {
    let desk = Desk::open();
    let persona = desk.content.persona("charges-incomprises").expect("a shipped character");
    let ears = desk.ears(persona);
    let lines: Vec<String> = careful(persona, 1).into_iter().take(4).collect();
    let written = play(persona, &ears, &lines, 1);
    // The character is heard aloud; the replies with these numbers are cut short.
    let mark = |aloud: bool, cut: &[usize]| {
        let mut transcript = written.clone();
        let replies = transcript.turns.iter_mut().filter(|turn| !turn.is_trainee());
        for (number, reply) in replies.enumerate() {
            reply.aloud = aloud;
            reply.interrupted = cut.contains(&number);
        }
        let card = score(&transcript, persona, &ears, desk.rubric());
        proves_its_marks(&card, &transcript);
        let mark = card.marks.into_iter().find(|mark| mark.id == "14.1.b").expect("marked");
        (mark.level, mark.evidence.iter().map(|evidence| evidence.turn).collect::<Vec<_>>())
    };
    assert_eq!(mark(false, &[]), (None, vec![]));
    assert_eq!(mark(true, &[]), (Some(Level::Observed), vec![2, 4, 6]));
    assert_eq!(mark(true, &[1]), (Some(Level::Partial), vec![4]));
    assert_eq!(mark(true, &[0, 2]), (Some(Level::Missed), vec![2, 6]));
    // Cut after the last words of the trainee: nobody spoke over it.
    assert_eq!(mark(true, &[3]).0, Some(Level::Observed));
}

#[test]
fn a_whole_scorecard_reads_as_it_always_did() {
    let desk = Desk::open();
    let persona = desk.content.persona("charges-incomprises").expect("a shipped character");
    let ears = desk.ears(persona);
    let said = |speaker, text: &str| Turn::said(speaker, text);
    let (trainee, character) = (Speaker::Trainee, Speaker::Persona);
    let transcript = Transcript {
        persona: persona.id().to_owned(),
        channel: persona.file().channel,
        turns: vec![
            said(trainee, "Rive Claire Habitat, agence des Tilleuls, Inès, bonjour."),
            said(character, "Bonjour, j'ai reçu une régularisation de 312 euros 40 et je n'y comprends rien."),
            said(trainee, "Je comprends que ce soit une mauvaise surprise. Qu'est-ce que vous lisez sur le papier ?"),
            said(character, "Provisions versées 1 020 euros, dépenses 1 332 euros 40."),
            said(
                trainee,
                "Si je résume, vous avez versé 1 020 euros et on vous en demande 312 de plus, c'est bien ça ?",
            ),
            said(character, "Oui, c'est exactement ça."),
            said(trainee, "C'est la procédure, il fallait lire le courrier."),
            said(character, "Je l'ai lu trois fois, figurez-vous."),
            said(
                trainee,
                "Je demande au service charges un paiement en plusieurs fois, et je vous rappelle jeudi à dix heures.",
            ),
            said(character, "Merci, je note jeudi."),
            said(trainee, "Est-ce que c'est clair pour vous ? Bonne journée, au revoir."),
            said(character, "Oui, au revoir."),
        ],
        ended: None,
        handoff: None,
        whispers: Vec::new(),
    };
    let card = score(&transcript, persona, &ears, desk.rubric());
    let mut text = String::new();
    for mark in &card.marks {
        let level = mark.level.map_or_else(|| "-".to_owned(), |level| u8::from(level).to_string());
        writeln!(text, "{} {level} {}", mark.id, mark.reason).expect("room");
        for evidence in &mark.evidence {
            writeln!(text, "    {} « {} »", evidence.turn, evidence.quote).expect("room");
        }
    }
    insta::assert_snapshot!(text);
}

#[test]
fn what_a_model_is_asked_reads_as_it_always_did() {
    let desk = Desk::open();
    let persona = desk.content.persona("fuite-colere").expect("the shipped persona");
    let ears = desk.ears(persona);
    let transcript = play(persona, &ears, &careful(persona, 1), 1);
    let rules = score(&transcript, persona, &ears, desk.rubric());
    let asks = judge::asks(&transcript, persona, desk.rubric(), &rules, Some(desk.content.organisation()));
    let ask = asks.iter().find(|ask| ask.axis == "escalade").expect("an ask for each axis").vote(0);
    let mut text = String::new();
    for message in &ask.messages {
        let _ = writeln!(text, "# {:?}", message.role);
        match message.text.split_once("\n\n").filter(|(json, _)| json.starts_with('{')) {
            Some((json, question)) => {
                let json: serde_json::Value = serde_json::from_str(json).expect("a document");
                let _ = writeln!(text, "{json:#}\n\n{question}");
            }
            None => {
                let _ = writeln!(text, "{}", message.text);
            }
        }
    }
    let comptoir::ask::Shape::Json { name, schema } = &ask.shape else { panic!("asked for words") };
    let _ = writeln!(text, "# {name}, {} tokens at most\n{schema:#}", ask.max_tokens);
    insta::assert_snapshot!(text);
}

#[test]
fn a_judge_s_question_about_a_long_exchange_stays_small() {
    let desk = Desk::open();
    for persona in desk.content.personas() {
        let ears = desk.ears(persona);
        let transcript = play(persona, &ears, &careful(persona, 1), 1);
        let rules = score(&transcript, persona, &ears, desk.rubric());
        for ask in judge::asks(&transcript, persona, desk.rubric(), &rules, Some(desk.content.organisation())) {
            let chars: usize = ask.vote(0).messages.iter().map(|message| message.text.chars().count()).sum();
            // French has about three and a half characters a token.
            assert!(chars < 6_500 * 7 / 2, "{} {}: {chars} characters", persona.id(), ask.axis);
        }
    }
}
