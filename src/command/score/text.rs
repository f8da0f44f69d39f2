//! A scorecard for people.

use std::fmt::Write as _;

use crate::rubric::Rubric;
use crate::scoring::{By, Level, Mark, NO_EMOTION, Report};
use crate::transcript::Transcript;

/// The scorecard for people, in French; `name` stands above it.
pub(in crate::command) fn text(name: &str, transcript: &Transcript, report: &Report, rubric: &Rubric) -> String {
    let mut text = String::new();
    let card = &report.scorecard;
    let _ = writeln!(text, "{name} — {}", transcript.persona);
    let _ = writeln!(text, "{}\n", report.summary);
    for axis in &card.axes {
        let name = rubric.axis(&axis.id).map_or(axis.id.as_str(), |axis| axis.name.as_str());
        let score = axis.score.map_or_else(|| "sans objet".to_owned(), |score| format!("{score} / 100"));
        let _ = writeln!(text, "  {name:<26} {score}");
    }
    for (indicator, mark) in rubric.indicators().iter().zip(&card.marks) {
        let level = named(mark.level);
        let _ = writeln!(text, "\n{:<7} {} : {level}", mark.id, indicator.label);
        if mark.level.is_some() {
            let _ = writeln!(text, "        {}", mark.reason);
        }
        for evidence in &mark.evidence {
            let words = if evidence.quote.is_empty() { "(attendu ici)" } else { evidence.quote.as_str() };
            let _ = writeln!(text, "        tour {} : {words}", evidence.turn);
        }
        sides(&mut text, mark);
    }
    if let Some(speech) = &report.speech {
        let _ = writeln!(text, "\nLa parole, en chiffres");
        for figure in speech.figures("l'autre") {
            let _ = writeln!(text, "  {:<26} {}", figure.label, figure.value);
            if !figure.note.is_empty() {
                let _ = writeln!(text, "  {:<26} {}", "", figure.note);
            }
            for turn in &figure.turns {
                let _ = writeln!(text, "  {:<26} tour {turn}", "");
            }
        }
        let _ = writeln!(text, "  {NO_EMOTION}");
    }
    if !report.asides.is_empty() {
        let _ = writeln!(text, "\nParoles qui ne s'adressent pas à l'interlocuteur, non comptées");
    }
    for (turn, words) in &report.asides {
        let _ = writeln!(text, "  tour {turn} : {words}");
    }
    if !report.advice.is_empty() {
        let _ = writeln!(text, "\nCe qui aurait le plus aidé");
    }
    for advice in &report.advice {
        let _ = writeln!(text, "  - {}", advice.text);
        if let Some(example) = &advice.example {
            let _ = writeln!(text, "    Par exemple : {example}");
        }
    }
    let by = report.scorecard.model.as_ref().map_or_else(String::new, |judge| {
        let axes: Vec<&str> = judge.given_up.iter().map(|(axis, _)| axis.as_str()).collect();
        let without = if axes.is_empty() { String::new() } else { format!(", sauf pour {}", axes.join(", ")) };
        format!(" et par le modèle {} (consigne {}{without})", judge.model, judge.prompt_version)
    });
    let _ = writeln!(text, "\nMarques proposées par des règles{by}, à valider par un formateur.\n");
    text
}

const fn named(level: Option<Level>) -> &'static str {
    match level {
        Some(Level::Observed) => "observé",
        Some(Level::Partial) => "partiel",
        Some(Level::Missed) => "non observé",
        None => "sans objet",
    }
}

/// The other side of a mark on which the rules and the model do not agree, and whether a trainer should look at it.
fn sides(text: &mut String, mark: &Mark) {
    if let Some(second) = mark.differs() {
        let (counts, other) = match second.by {
            By::Rules | By::Trainer => ("règles", "modèle"),
            By::Model => ("modèle", "règles"),
        };
        let _ = writeln!(text, "        cotation : {counts} ; {other} : {}", named(Some(second.other)));
        let _ = writeln!(text, "        {}", second.other_reason);
    }
    if mark.in_doubt().is_some() {
        text.push_str("        à vérifier par le formateur\n");
    }
}
