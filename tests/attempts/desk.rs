//! Conversations to try attempts in: every shipped character with a careful trainee and with a rude one.

use comptoir::character::State;
use comptoir::content::Content;
use comptoir::hearing::{Context, Ears, Heard, hear};
use comptoir::persona::Persona;
use comptoir::reply::{Reply, Turn as Said, respond};
use comptoir::rubric::Rubric;
use comptoir::scoring::{Scorecard, score};
use comptoir::transcript::{Transcript, Turn};
use comptoir::utterance::{Speaker, Utterance};

/// The shipped content.
pub(crate) struct Desk {
    pub(crate) content: Content,
    ears: Vec<Ears>,
}

impl Desk {
    pub(crate) fn open() -> Desk {
        let content = Content::read(&[&comptoir::content::shipped()], Vec::new()).expect("a sound directory");
        let ears = content.personas().map(|persona| Ears::new(persona, content.organisation())).collect();
        Desk { content, ears }
    }

    pub(crate) fn rubric(&self) -> &Rubric {
        self.content.rubric("bloc1").expect("the shipped rubric")
    }

    /// Every character, in an order.
    pub(crate) fn seats(&self) -> Vec<Seat<'_>> {
        let personas = self.content.personas().zip(&self.ears);
        personas.map(|(persona, ears)| Seat { desk: self, persona, ears }).collect()
    }
}

/// One character at the desk.
#[derive(Clone, Copy)]
pub(crate) struct Seat<'a> {
    pub(crate) desk: &'a Desk,
    pub(crate) persona: &'a Persona,
    pub(crate) ears: &'a Ears,
}

/// A conversation, with the character's state before each trainee turn and after the last reply.
pub(crate) struct Played {
    pub(crate) transcript: Transcript,
    pub(crate) states: Vec<State>,
}

impl Seat<'_> {
    /// Hears words where a conversation stands.
    pub(crate) fn hear(&self, words: &str, state: &State, turns: &[Turn]) -> Option<Heard> {
        let last = turns.iter().rev().find(|turn| !turn.is_trainee() && !turn.text.is_empty());
        let context = Context {
            trainee_turns: turns.iter().filter(|turn| turn.is_trainee()).count(),
            last_words: last.map(|turn| turn.text.as_str()),
            told: state.told(),
            cuts_in: false,
        };
        Some(hear(&Utterance::new(words).ok()?, self.ears, &context))
    }

    pub(crate) fn respond(&self, state: &State, heard: &Heard) -> Reply {
        respond(self.persona, state, Said::Said(heard), 7)
    }

    /// Plays lines to their end, or until the character breaks off.
    pub(crate) fn play(&self, lines: &[String]) -> Played {
        let mut states = vec![State::start(self.persona)];
        let mut turns: Vec<Turn> = Vec::new();
        for line in lines {
            let state = states[states.len() - 1].clone();
            let Some(heard) = self.hear(line, &state, &turns) else { continue };
            let reply = self.respond(&state, &heard);
            turns.push(Turn::said(Speaker::Trainee, line));
            turns.push(answer(&reply));
            states.push(state.after(&reply.change));
            if reply.change.ended.is_some() {
                break;
            }
        }
        let ended = states.last().and_then(State::ended);
        let channel = self.persona.file().channel;
        let transcript = Transcript {
            persona: self.persona.id().to_owned(),
            channel,
            turns,
            ended,
            handoff: None,
            whispers: Vec::new(),
        };
        Played { transcript, states }
    }

    pub(crate) fn score(&self, transcript: &Transcript) -> Scorecard {
        score(transcript, self.persona, self.ears, self.desk.rubric())
    }

    /// A good conversation and a bad one.
    pub(crate) fn both(&self) -> [Played; 2] {
        [self.play(&careful(self.persona)), self.play(&rude())]
    }
}

/// The character's turn.
pub(crate) fn answer(reply: &Reply) -> Turn {
    Turn {
        change: Some(reply.change.clone()),
        cue: reply.cue.clone(),
        ..Turn::said(Speaker::Persona, reply.text.clone())
    }
}

fn careful(persona: &Persona) -> Vec<String> {
    let file = persona.file();
    let mut lines = vec![
        "Rive Claire Habitat, agence des Tilleuls, Inès, bonjour, je vous écoute.".to_owned(),
        "Je comprends votre inquiétude, ce doit être éprouvant. Dites-m'en plus, s'il vous plaît.".to_owned(),
        "Puis-je avoir votre nom et votre adresse ?".to_owned(),
    ];
    lines.extend(file.fact.iter().take(4).map(|fact| fact.asked_by[0].clone()));
    lines.extend(file.expects.rules.iter().take(1).map(|rule| rule.heard[0].clone()));
    lines.extend(file.expects.next_step.iter().map(|step| step.heard[0].clone()));
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
        "Je ne peux rien faire pour vous.",
        "Allez voir ailleurs.",
        "Dépêchez-vous, j'ai pas que ça à faire.",
    ]
    .map(str::to_owned)
    .to_vec()
}
