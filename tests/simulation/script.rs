//! What a courteous and a hostile trainee say, with what a careful listener hears in it.

use comptoir::act::Act;
use comptoir::hearing::{Heard, Recognised, Restated, Shown};
use comptoir::persona::Persona;
use fastrand::Rng;

/// One turn of a script.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// The words.
    pub(crate) text: String,
    /// What a careful listener hears in it.
    pub(crate) heard: Heard,
}

/// How the trainee treats people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trainee {
    /// Welcomes, asks, listens, proposes, takes leave.
    Courteous,
    /// Orders, doubts, sends away.
    Hostile,
}

/// Writes a script; the seed chooses among wordings and the order of questions.
pub(crate) fn write(persona: &Persona, trainee: Trainee, seed: u64) -> Vec<Line> {
    let mut rng = Rng::with_seed(seed ^ 0x5eed);
    match trainee {
        Trainee::Courteous => courteous(persona, &mut rng),
        Trainee::Hostile => hostile(&mut rng),
    }
}

fn says(text: &str, acts: &[Act]) -> Line {
    let acts = acts.iter().map(|act| Shown { act: *act, quote: text.to_owned() }).collect();
    let words = u16::try_from(text.split_whitespace().count()).unwrap_or(u16::MAX);
    let questions = u8::from(text.contains('?'));
    Line { text: text.to_owned(), heard: Heard { acts, words, questions, ..Heard::default() } }
}

fn pick<'a>(rng: &mut Rng, list: &'a [String]) -> &'a str {
    &list[rng.usize(..list.len())]
}

fn recognised(id: &str, quote: &str) -> Recognised {
    Recognised { id: id.to_owned(), quote: quote.to_owned() }
}

fn courteous(persona: &Persona, rng: &mut Rng) -> Vec<Line> {
    let file = persona.file();
    let mut lines =
        vec![says("Rive Claire Habitat, agence des Tilleuls, bonjour.", &[Act::Greeting, Act::Introduction])];
    lines.push(says(
        "Je comprends que ce soit difficile, et je vous présente nos excuses.",
        &[Act::Empathy, Act::Apology],
    ));
    let mut facts: Vec<_> = file.fact.iter().collect();
    rng.shuffle(&mut facts);
    for (at, fact) in facts.iter().enumerate() {
        let text = pick(rng, &fact.asked_by);
        let mut line = says(text, &[Act::OpenQuestion]);
        line.heard.asked = vec![recognised(&fact.id, text)];
        line.heard.questions = 1;
        lines.push(line);
        match at % 3 {
            0 => lines.push(says("Vous avez bien fait de nous le dire.", &[Act::Belief])),
            1 => {
                let text = pick(rng, &fact.restated_by);
                let mut line = says(text, &[Act::Reformulation, Act::Validation]);
                line.heard.restated = vec![Restated { id: fact.id.clone(), right: true, quote: text.to_owned() }];
                lines.push(line);
            }
            _ => {}
        }
    }
    let need = pick(rng, &file.expects.need_heard);
    let mut line = says(need, &[Act::Reformulation]);
    line.heard.need = Some(need.to_owned());
    lines.push(line);
    for (at, step) in file.expects.next_step.iter().enumerate() {
        let text = pick(rng, &step.heard);
        let act = [Act::Proposal, Act::FollowUp, Act::Transmission][at % 3];
        let mut line = says(text, &[act]);
        line.heard.steps = vec![recognised(&step.id, text)];
        lines.push(line);
    }
    lines.push(says("Est-ce que c'est clair pour vous ?", &[Act::ComprehensionCheck]));
    lines.push(says("Merci de votre appel, au revoir et bonne journée.", &[Act::Thanks, Act::Farewell]));
    lines
}

fn hostile(rng: &mut Rng) -> Vec<Line> {
    let harsh: &[(&str, &[Act])] = &[
        ("Calmez-vous tout de suite.", &[Act::CalmOrder]),
        ("Rappelez plus tard, je n'ai pas le temps.", &[Act::Dismissal, Act::Impatience]),
        ("Vous auriez dû y penser avant.", &[Act::Judgement]),
        ("Ça m'étonnerait, ce que vous racontez.", &[Act::Doubt]),
        ("Ce n'est pas ma faute à moi.", &[Act::Defensive]),
        ("Oh là là, quelle tragédie.", &[Act::Irony]),
        ("C'est rien du tout, il y a pire.", &[Act::Minimising]),
        ("C'est la règle, voilà.", &[Act::VagueRule]),
        ("Vous me fatiguez, vous êtes pénible.", &[Act::Aggression]),
        ("Si vous continuez, j'appelle la police.", &[Act::Threat]),
        ("On vous rappellera.", &[Act::VagueFollowUp]),
        ("D'accord.", &[Act::MechanicalAck]),
    ];
    let mut lines = vec![says("Oui, c'est pour quoi ?", &[Act::OpenQuestion])];
    lines.extend((0..14).map(|_| {
        let (text, acts) = harsh[rng.usize(..harsh.len())];
        says(text, acts)
    }));
    lines.push(says("Au revoir.", &[Act::Farewell]));
    lines
}
