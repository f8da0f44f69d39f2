//! What a scorecard says to the person who rehearsed: one sentence, the moments that counted, advice, facts.
//!
//! Input: transcript, persona, its ears, rubric. Output: [`Report`], with the [`Scorecard`] it reads. Invariant:
//! pure; nothing is said that the scorecard or the transcript does not hold.

use super::findings::{Findings, look};
use super::moments::{self, Advice, Moment};
use super::score::mark;
use super::scorecard::Scorecard;
use super::spoken::{Speech, speech};
use crate::character::MoodMove;
use crate::hearing::Ears;
use crate::persona::Persona;
use crate::rubric::{Axis, Found, Kind, Rubric};
use crate::transcript::Transcript;

/// Everything a scorecard's page or text shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The marks.
    pub scorecard: Scorecard,
    /// One sentence that sums the exchange up.
    pub summary: String,
    /// At most three moments that counted, in order.
    pub moments: Vec<Moment>,
    /// At most three things that would have helped most.
    pub advice: Vec<Advice>,
    /// How the mood went, from the start; one point only where the conversation was not played here.
    pub curve: Vec<Point>,
    /// Facts that came out: id and the turn that told it.
    pub found: Vec<(String, usize)>,
    /// Ids of facts that did not.
    pub missed: Vec<String>,
    /// Words of the trainee that were not said to the person and count for nothing, with their turns.
    pub asides: Vec<(usize, String)>,
    /// How it was spoken, in figures; `None` where nothing was said aloud.
    pub speech: Option<Speech>,
}

/// The mood after a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// The trainee's turn that moved it; `None` at the start.
    pub turn: Option<usize>,
    /// 0 to 10.
    pub tension: u8,
    /// 0 to 10.
    pub trust: u8,
    /// What moved it.
    pub moods: Vec<MoodMove>,
}

/// Marks a transcript and says what it shows.
pub fn report(transcript: &Transcript, persona: &Persona, ears: &Ears, rubric: &Rubric) -> Report {
    let findings = look(transcript, persona, ears);
    let scorecard = mark(&findings, transcript, persona, rubric);
    told(&findings, transcript, persona, rubric, scorecard)
}

/// Says what marks show that were given before, under the same rubric.
pub fn report_of(
    scorecard: Scorecard,
    transcript: &Transcript,
    persona: &Persona,
    ears: &Ears,
    rubric: &Rubric,
) -> Report {
    told(&look(transcript, persona, ears), transcript, persona, rubric, scorecard)
}

fn told(
    findings: &Findings,
    transcript: &Transcript,
    persona: &Persona,
    rubric: &Rubric,
    scorecard: Scorecard,
) -> Report {
    let broke = findings.all.iter().any(|finding| finding.kind == Kind::Found(Found::BrokeOff));
    let missed = persona.file().fact.iter().map(|fact| fact.id.clone());
    Report {
        summary: summary(&scorecard, rubric, persona, broke, findings.spoken.len()),
        moments: moments::choose(findings, transcript, persona, rubric, &scorecard),
        advice: moments::advice(&scorecard, rubric, persona),
        curve: curve(transcript, persona),
        speech: speech(transcript),
        missed: missed.filter(|id| !findings.told.iter().any(|(told, _)| told == id)).collect(),
        found: findings.told.clone(),
        asides: findings.asides.clone(),
        scorecard,
    }
}

fn summary(card: &Scorecard, rubric: &Rubric, persona: &Persona, broke: bool, turns: usize) -> String {
    let who = &persona.file().caller.address_as;
    if turns < 3 {
        return format!("L'échange avec {who} a été trop court pour être jugé : il en reste surtout l'accueil.");
    }
    let mut axes: Vec<(u8, &Axis)> =
        card.axes.iter().filter_map(|axis| Some((axis.score?, rubric.axis(&axis.id)?))).collect();
    axes.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    let (Some(best), Some(worst)) = (axes.first(), axes.last()) else {
        return format!("L'échange avec {who} ne laisse rien à juger.");
    };
    let (strong, weak) = (&best.1.spoken, &worst.1.spoken);
    if broke {
        return format!("{who} a rompu l'échange ; ce qui a le plus manqué : {weak}.");
    }
    if worst.0 >= 80 {
        return format!("Un échange solide avec {who}, tenu jusqu'au bout sur les quatre axes.");
    }
    if best.0 < 50 {
        return format!(
            "{who} repart sans avoir été vraiment aidé{} ; à reprendre d'abord : {weak}.",
            agreement(persona)
        );
    }
    format!("Avec {who}, c'est {strong} qui vous a le mieux servi ; à reprendre d'abord : {weak}.")
}

fn agreement(persona: &Persona) -> &'static str {
    match persona.file().caller.sex {
        crate::persona::Sex::F => "e",
        crate::persona::Sex::M => "",
    }
}

fn curve(transcript: &Transcript, persona: &Persona) -> Vec<Point> {
    let temper = &persona.file().temper;
    let mut points = vec![Point { turn: None, tension: temper.tension, trust: temper.trust, moods: Vec::new() }];
    let mut cause = None;
    for (at, turn) in transcript.turns.iter().enumerate() {
        if turn.is_trainee() {
            cause = Some(at);
        } else if let Some(change) = &turn.change {
            points.push(Point {
                turn: cause,
                tension: change.tension,
                trust: change.trust,
                moods: change.moods.clone(),
            });
        }
    }
    points
}
