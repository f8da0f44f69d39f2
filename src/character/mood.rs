//! How mood moves: what was felt against limits, floor and breaking point.
//!
//! Input: what was felt. Output: an [`Effect`]. Invariant: mood moves only by a cause that the persona writes or
//! [`Cause`] names, each at most once a turn, worn out after its `limit`; harsh words outweigh the kind ones beside
//! them; tension stays above the floor until enough was done.

use super::change::MoodMove;
use super::felt::{Cause, Felt};
use super::state::State;
use crate::persona::{Persona, Sex, Stimulus};

/// One turn angers by this much at most.
const MOST_ANGERED: i8 = 4;
/// From this tension on, several kindnesses in one turn count for one more: there is more to soothe.
const HIGH: u8 = 6;
/// Whether the character still bears it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bearing {
    /// It goes on.
    Holds,
    /// One step before its breaking point: it warns.
    Warns,
    /// It breaks off.
    Breaks,
}

/// What one turn does to a character, before it speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// Movements of mood, harsh ones first.
    pub moods: Vec<MoodMove>,
    /// Tension afterwards.
    pub tension: u8,
    /// Trust afterwards.
    pub trust: u8,
    /// What was felt, whether or not it moved the mood.
    pub felt: Vec<Felt>,
    /// Next steps heard for the first time, and [`super::NEED`].
    pub steps: Vec<String>,
    /// Whether the trainee offered something.
    pub helped: bool,
    /// Whether the character's demand was left alone.
    pub left_unanswered: bool,
    /// Whether it still bears it.
    pub bearing: Bearing,
}

impl Effect {
    /// Whether this was felt.
    pub fn feels(&self, stimulus: Stimulus) -> bool {
        self.felt.iter().any(|felt| felt.is(stimulus))
    }
}

/// What one cause may do, as written.
struct Pull {
    tension: i8,
    trust: i8,
    limit: u8,
    why: String,
}

fn pull(persona: &Persona, cause: &Cause) -> Pull {
    let file = persona.file();
    let (he, him) = match file.caller.sex {
        Sex::F => ("elle", "elle"),
        Sex::M => ("il", "lui"),
    };
    let e = if file.caller.sex == Sex::F { "e" } else { "" };
    let own = |tension, trust, limit, why: String| Pull { tension, trust, limit, why };
    match cause {
        Cause::Stimulus(stimulus) => file.reactions.get(stimulus).map_or_else(
            || own(0, 0, 1, String::new()),
            |written| own(written.tension, written.trust, written.limit, written.why.clone()),
        ),
        Cause::Trigger(at) => {
            let written = &file.trigger[*at];
            own(written.tension, written.trust, written.limit, written.why.clone())
        }
        Cause::Ignored => own(1, 0, 0, format!("Ce qu'{he} demandait est resté sans réponse.")),
        Cause::AskedAgain => own(1, 0, 2, format!("Vous avez redemandé ce qu'{he} avait déjà dit deux fois.")),
        Cause::Silence => own(1, 0, 0, "Le silence s'est prolongé.".to_owned()),
        Cause::LongHold => own(1, 0, 0, format!("Vous l'avez laissé{e} en attente plus d'une minute.")),
        Cause::HeldAgain => own(1, 0, 0, format!("Vous l'avez mis{e} en attente une fois de plus.")),
        Cause::WrongTransfer => {
            own(2, -1, 0, format!("Vous l'avez transféré{e} vers un service qui ne peut rien pour {him}."))
        }
        Cause::CutShort => own(1, -1, 0, "Vous avez mis fin à l'échange sans rien avoir proposé.".to_owned()),
    }
}

/// Whether it outweighs kind words said in the same breath.
fn is_harsh(cause: &Cause, pull: &Pull) -> bool {
    match cause {
        Cause::Stimulus(stimulus) => HARSH.contains(stimulus) && pull.tension > 0,
        Cause::Trigger(_) => pull.tension >= 2,
        _ => false,
    }
}

/// Stimuli that no kind word beside them makes good.
const HARSH: &[Stimulus] = &[
    Stimulus::Aggression,
    Stimulus::Threat,
    Stimulus::Discrimination,
    Stimulus::Judgement,
    Stimulus::Doubt,
    Stimulus::CalmOrder,
    Stimulus::Dismissal,
    Stimulus::Irony,
    Stimulus::Minimising,
    Stimulus::Familiarity,
    Stimulus::Defensive,
    Stimulus::Impatience,
];

/// Whether any of it is harsh: then nothing needs to be said of a demand left alone.
pub(super) fn any_harsh(persona: &Persona, felt: &[Felt]) -> bool {
    felt.iter().any(|one| is_harsh(&one.cause, &pull(persona, &one.cause)))
}

/// Counts what was felt against mood, limits, floor and breaking point.
pub(super) fn weigh(persona: &Persona, state: &State, mut felt: Vec<Felt>, steps: Vec<String>) -> Effect {
    let temper = &persona.file().temper;
    let mut pulls: Vec<(usize, Pull)> = felt
        .iter()
        .enumerate()
        .filter(|(_, one)| one.counts)
        .map(|(at, one)| (at, pull(persona, &one.cause)))
        .filter(|(at, pull)| {
            (pull.tension, pull.trust) != (0, 0)
                && (pull.limit == 0 || state.moved_by(&felt[*at].cause.key(persona)) < pull.limit)
        })
        .collect();
    if pulls.iter().any(|(at, pull)| is_harsh(&felt[*at].cause, pull)) {
        pulls.retain(|(_, pull)| pull.tension > 0 || pull.trust < 0);
    }
    // Harsh first: what soothes is then counted from where the harsh words have led.
    pulls.sort_by_key(|(_, pull)| std::cmp::Reverse(pull.tension));

    let done = state.steps().len() + steps.len();
    // Even then something remains of what brought the person here: help announced is not yet help received.
    let rest = temper.tension / 3;
    let floor = if done >= usize::from(temper.lift_after) { rest } else { temper.floor.max(rest) };
    let unbounded = run(state, &pulls, floor, 10).0;
    let bearing = bearing(persona, state, &felt, unbounded.tension, unbounded.angered);
    let last_step = temper.breaking_point.saturating_sub(1).max(state.tension());
    let (mood, moved) = run(state, &pulls, floor, if bearing == Bearing::Breaks { 10 } else { last_step });
    let mut moods = Vec::new();
    for ((at, pull), (tension, trust)) in pulls.into_iter().zip(moved) {
        if (tension, trust) != (0, 0) {
            felt[at].moved = true;
            moods.push(MoodMove { cause: felt[at].cause.key(persona), tension, trust, why: pull.why });
        }
    }
    Effect {
        moods,
        tension: mood.tension,
        trust: mood.trust,
        felt,
        steps,
        helped: false,
        left_unanswered: false,
        bearing,
    }
}

/// Where an angered character stands: it breaks off at its breaking point once it has warned, or at an insult or a
/// threat that goes beyond when it was close to it already; one step before, or where there was no warning yet, it
/// warns.
fn bearing(persona: &Persona, state: &State, felt: &[Felt], tension: u8, angered: i8) -> Bearing {
    let breaking = persona.file().temper.breaking_point;
    if angered == 0 || tension + 1 < breaking || !state.opened() {
        return Bearing::Holds;
    }
    let extreme = felt.iter().any(|one| one.is(Stimulus::Aggression) || one.is(Stimulus::Threat));
    let warned = state.said_from("lines.warns") > 0;
    let close = state.tension() + 2 >= breaking;
    if tension >= breaking && (warned || (extreme && close && tension > breaking)) {
        Bearing::Breaks
    } else if warned {
        Bearing::Holds
    } else {
        Bearing::Warns
    }
}

/// Applies the pulls in order; returns the mood afterwards and what each really moved.
fn run(state: &State, pulls: &[(usize, Pull)], floor: u8, ceiling: u8) -> (Mood, Vec<(i8, i8)>) {
    // Nobody is won over in one breath: a turn soothes and reassures as much as the strongest thing in it.
    let strongest = |change: fn(&Pull) -> i8| pulls.iter().map(|(_, pull)| change(pull)).max().unwrap_or(0).max(0);
    let mut mood = Mood {
        tension: state.tension(),
        trust: state.trust(),
        soothing: strongest(|pull| -pull.tension) + i8::from(state.opened() && state.tension() >= HIGH),
        winning: strongest(|pull| pull.trust),
        angered: 0,
    };
    let moved = pulls.iter().map(|(_, pull)| mood.take(pull, floor, ceiling)).collect();
    (mood, moved)
}

struct Mood {
    tension: u8,
    trust: u8,
    /// How much this turn may still soothe.
    soothing: i8,
    /// How much trust this turn may still win.
    winning: i8,
    angered: i8,
}

impl Mood {
    /// Moves by one pull within the bounds; returns what was really moved.
    fn take(&mut self, pull: &Pull, floor: u8, ceiling: u8) -> (i8, i8) {
        let before = (self.tension, self.trust);
        if pull.tension > 0 {
            let rise = pull.tension.min(MOST_ANGERED - self.angered).max(0);
            self.tension = self.tension.saturating_add_signed(rise).min(ceiling);
            self.angered += rise;
        } else if pull.tension < 0 && self.tension > floor {
            let fall = pull.tension.max(-self.soothing);
            self.tension = self.tension.saturating_add_signed(fall).max(floor);
            self.soothing += fall;
        }
        let trust = pull.trust.min(self.winning);
        self.trust = self.trust.saturating_add_signed(trust).min(10);
        self.winning -= trust.max(0);
        (self.tension.cast_signed() - before.0.cast_signed(), self.trust.cast_signed() - before.1.cast_signed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::act::Act;
    use crate::character::{Change, react};
    use crate::hearing::{Heard, Recognised, Shown};
    use crate::persona::sample;

    /// Harsh and kind reactions that move, over the sample's tension and trust of 4 and breaking point of 9.
    const MOVES: &[(&str, &str)] = &[
        ("calm_order = { ", "calm_order = { tension = 2, trust = -1, limit = 0, why = \"Ordre.\", "),
        ("aggression = { ", "aggression = { tension = 3, trust = -2, limit = 0, why = \"Insulte.\", "),
        ("jargon = { ", "jargon = { tension = 1, limit = 0, why = \"Jargon.\", "),
        ("apology = { ", "apology = { tension = -1, trust = 1, limit = 1, why = \"Excuses.\", "),
        ("empathy = { ", "empathy = { tension = -1, trust = 1, why = \"Empathie.\", "),
        ("belief = { ", "belief = { tension = -1, trust = 1, why = \"Crédit.\", "),
    ];

    fn did(acts: &[Act]) -> Heard {
        let acts = acts.iter().map(|act| Shown { act: *act, quote: act.name().to_owned() }).collect();
        Heard { acts, words: 5, ..Heard::default() }
    }

    /// Plays turns after the opening; returns the last effect.
    fn play(persona: &Persona, turns: &[Heard]) -> Effect {
        let temper = &persona.file().temper;
        let opened = Change { tension: temper.tension, trust: temper.trust, opened: true, ..Change::default() };
        let mut state = State::start(persona).after(&opened);
        let mut last = None;
        for heard in turns {
            let effect = react::hear(persona, &state, heard);
            let warns = (effect.bearing == Bearing::Warns).then(|| "lines.warns#0".to_owned());
            state = state.after(&Change {
                moods: effect.moods.clone(),
                tension: effect.tension,
                trust: effect.trust,
                steps: effect.steps.clone(),
                lines: warns.into_iter().collect(),
                left_unanswered: effect.left_unanswered,
                ..Change::default()
            });
            last = Some(effect);
        }
        last.expect("a turn")
    }

    #[test]
    fn mood_moves_as_written_wears_out_and_is_not_bought_with_one_breath() {
        fn check(turns: &[&[Act]], expect: (u8, u8)) {
            let turns: Vec<Heard> = turns.iter().map(|acts| did(acts)).collect();
            let effect = play(&sample::persona(MOVES), &turns);
            assert_eq!((effect.tension, effect.trust), expect, "{turns:?}");
        }
        check(&[&[Act::CalmOrder]], (6, 3));
        check(&[&[Act::CalmOrder, Act::CalmOrder]], (6, 3));
        // An apology counts once, empathy twice.
        check(&[&[Act::Apology]], (3, 5));
        check(&[&[Act::Apology], &[Act::Apology]], (3, 5));
        check(&[&[Act::Empathy], &[Act::Empathy], &[Act::Empathy]], (2, 6));
        // A kind word in the sentence that orders or insults does not count; beside mere jargon it does.
        check(&[&[Act::Apology, Act::CalmOrder]], (6, 3));
        check(&[&[Act::Empathy, Act::Aggression, Act::Belief]], (7, 2));
        check(&[&[Act::Empathy, Act::Jargon]], (4, 5));
        // Three kindnesses in one turn are worth one, or two to someone who is very tense.
        check(&[&[Act::Apology, Act::Empathy, Act::Belief]], (3, 5));
        check(&[&[Act::CalmOrder], &[Act::Apology, Act::Empathy, Act::Belief]], (4, 4));
        // One turn angers by four at most.
        check(&[&[Act::Aggression, Act::CalmOrder]], (8, 1));
    }

    #[test]
    fn tension_stays_above_the_floor_until_enough_steps_were_heard() {
        let changes = [MOVES, &[("floor = 2", "floor = 3")]].concat();
        let persona = sample::persona(&changes);
        let kind = did(&[Act::Empathy, Act::Belief]);
        assert_eq!(play(&persona, &[kind.clone(), kind.clone()]).tension, 3);
        let step = Recognised { id: "appeler".to_owned(), quote: "J'appelle le technicien.".to_owned() };
        let helped = Heard { steps: vec![step], ..kind.clone() };
        assert_eq!(play(&persona, &[kind.clone(), helped]).tension, 2);
        let understood = Heard { need: Some("Vous voulez être entendue.".to_owned()), ..kind.clone() };
        assert_eq!(play(&persona, &[kind, understood]).tension, 2);
    }

    #[test]
    fn a_character_warns_one_step_before_it_breaks_off_unless_the_insult_goes_beyond() {
        fn check(turns: &[&[Act]], expect: (Bearing, u8)) {
            let turns: Vec<Heard> = turns.iter().map(|acts| did(acts)).collect();
            let effect = play(&sample::persona(MOVES), &turns);
            assert_eq!((effect.bearing, effect.tension), expect, "{turns:?}");
        }
        let order: &[Act] = &[Act::CalmOrder];
        let insult: &[Act] = &[Act::Aggression];
        check(&[order], (Bearing::Holds, 6));
        check(&[order, order], (Bearing::Warns, 8));
        check(&[order, order, &[Act::Empathy]], (Bearing::Holds, 7));
        check(&[order, order, order], (Bearing::Breaks, 10));
        // From 7, an insult leads to 10: no warning first. From 6, to 9: it warns.
        check(&[insult, insult], (Bearing::Breaks, 10));
        check(&[order, insult], (Bearing::Warns, 8));
    }

    #[test]
    fn nobody_breaks_off_before_having_said_a_word() {
        let persona = sample::persona(MOVES);
        let effect = react::hear(&persona, &State::start(&persona), &did(&[Act::Aggression, Act::CalmOrder]));
        assert_eq!((effect.bearing, effect.tension), (Bearing::Holds, 8));
    }

    #[test]
    fn a_demand_left_alone_raises_tension_at_the_end_of_patience() {
        let persona = sample::persona(MOVES);
        let alone = did(&[Act::MechanicalAck]);
        let cause = |effect: &Effect| effect.moods.first().map(|mood| (mood.cause.clone(), mood.why.clone()));
        assert_eq!(cause(&play(&persona, std::slice::from_ref(&alone))), None);
        let ignored = ("ignored".to_owned(), "Ce qu'elle demandait est resté sans réponse.".to_owned());
        assert_eq!(cause(&play(&persona, &[alone.clone(), alone.clone()])), Some(ignored));
        let asked = Heard { questions: 1, ..did(&[Act::ClosedQuestion]) };
        assert_eq!(cause(&play(&persona, &[alone.clone(), asked, alone])), None);
    }
}
