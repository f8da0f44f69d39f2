//! A rehearsal in the terminal: scene, record, words, visible moves.

use std::io::{self, BufRead, Write};
use std::sync::Arc;
use std::time::Duration;

use super::super::score;
use super::rehearsal::{Played, Rehearsal};
use crate::character::{EndedBy, Move};
use crate::clock::{Clock as _, SystemClock, Timestamp};
use crate::content::Content;
use crate::hearing::Ears;
use crate::organisation::Organisation;
use crate::persona::{Channel, Persona};
use crate::scoring::report;
use crate::transcript::Turn;
use crate::utterance::{Utterance, UtteranceError};

/// What the person at the terminal asked for.
pub(super) struct Wish<'a> {
    pub(super) persona: Option<&'a str>,
    pub(super) seed: u64,
    pub(super) hints: bool,
}

const HELP: &str = "Écrivez ce que vous dites. Sinon : /attente, /reprise, /transfert SERVICE, /collègue, /responsable, \
                    /fin, /fiche, /annuaire, /aide.";

/// What was typed.
enum Typed {
    Words(Utterance),
    Act(Move),
    Sheet,
    Directory,
    /// Something to say to the person at the terminal.
    Note(String),
}

/// Rehearses one situation; `false` if it could not be started.
pub(super) fn rehearse(
    content: &Content,
    wish: &Wish<'_>,
    mut input: impl BufRead,
    output: &mut impl Write,
) -> io::Result<bool> {
    let Some(persona) = choose(content, wish.persona, &mut input, output)? else { return Ok(false) };
    let ears = Arc::new(Ears::new(&persona, content.organisation()));
    let mut rehearsal = Rehearsal::new(Arc::clone(&persona), ears, wish.seed);
    let clock = SystemClock;
    let mut held_since: Option<Timestamp> = None;

    writeln!(output, "\n{} ({})\n", persona.file().title, channel(&persona))?;
    writeln!(output, "{}\n", persona.file().scene)?;
    sheet(&persona, output)?;
    writeln!(output, "\nLe personnage est une machine. {HELP}\n")?;
    while rehearsal.ended().is_none() {
        let Some(line) = ask("Vous : ", &mut input, output)? else { break };
        let played = match read(&line, content.organisation(), rehearsal.on_hold()) {
            None => continue,
            Some(Typed::Words(words)) => rehearsal.say(&words),
            Some(Typed::Act(act)) => {
                let now = clock.now();
                let waited = held_since.take().map_or(0, |since| now.as_millisecond() - since.as_millisecond());
                if act == Move::Hold {
                    held_since = Some(now);
                }
                rehearsal.act(&act, Duration::from_millis(u64::try_from(waited).unwrap_or(0)))
            }
            Some(Typed::Sheet) => {
                sheet(&persona, output)?;
                continue;
            }
            Some(Typed::Directory) => {
                for service in content.organisation().services() {
                    writeln!(output, "  {:22} {}", service.id, service.nom)?;
                }
                continue;
            }
            Some(Typed::Note(note)) => {
                writeln!(output, "{note}")?;
                continue;
            }
        };
        show(&persona, &played, wish.hints, output)?;
    }
    debrief(&rehearsal, output)?;
    let transcript = rehearsal.transcript();
    if let Some(rubric) = content.rubrics().next().filter(|_| transcript.turns.iter().any(Turn::is_trainee)) {
        let report = report(&transcript, &persona, rehearsal.ears(), rubric);
        writeln!(output, "\n{}", score::text("Votre échange", &transcript, &report, rubric))?;
    }
    Ok(true)
}

fn channel(persona: &Persona) -> &'static str {
    match persona.file().channel {
        Channel::Desk => "au comptoir",
        Channel::Phone => "au téléphone",
    }
}

fn choose(
    content: &Content,
    wished: Option<&str>,
    input: &mut impl BufRead,
    output: &mut impl Write,
) -> io::Result<Option<Arc<Persona>>> {
    let all: Vec<&Arc<Persona>> = content.personas().collect();
    let find = |typed: &str| {
        let by_number = typed.parse::<usize>().ok().and_then(|number| all.get(number.checked_sub(1)?));
        all.iter().find(|persona| persona.id() == typed).or(by_number).map(|persona| Arc::clone(persona))
    };
    let mut typed = wished.map(str::to_owned);
    loop {
        if let Some(found) = typed.as_deref().and_then(find) {
            return Ok(Some(found));
        }
        if let Some(unknown) = &typed {
            writeln!(output, "La situation « {unknown} » n'existe pas.")?;
        }
        for (at, persona) in all.iter().enumerate() {
            writeln!(output, "{:3}. {} ({}) : {}", at + 1, persona.file().title, channel(persona), persona.id())?;
        }
        if wished.is_some() {
            return Ok(None);
        }
        typed = ask("Quelle situation ? ", input, output)?.map(|line| line.trim().to_owned());
        if typed.is_none() {
            return Ok(None);
        }
    }
}

/// The next line, `None` at the end of the input.
fn ask(prompt: &str, input: &mut impl BufRead, output: &mut impl Write) -> io::Result<Option<String>> {
    write!(output, "{prompt}")?;
    output.flush()?;
    let mut bytes = Vec::new();
    let read = input.read_until(b'\n', &mut bytes)?;
    Ok((read > 0).then(|| String::from_utf8_lossy(&bytes).into_owned()))
}

fn read(line: &str, organisation: &Organisation, on_hold: bool) -> Option<Typed> {
    let line = line.trim();
    if line.is_empty() {
        return None;
    }
    let Some(order) = line.strip_prefix('/') else {
        return Some(match Utterance::new(line) {
            _ if on_hold => Typed::Note("La personne est en attente : /reprise pour la retrouver.".to_owned()),
            Ok(words) => Typed::Words(words),
            Err(UtteranceError::Empty) => return None,
            Err(UtteranceError::TooLong { .. }) => {
                Typed::Note("C'est trop long pour être dit d'une traite.".to_owned())
            }
        });
    };
    let (name, rest) = order.split_once(char::is_whitespace).unwrap_or((order, ""));
    let act = match name.to_lowercase().replace(['è', 'é'], "e").as_str() {
        "attente" if on_hold => return Some(Typed::Note("La personne est déjà en attente.".to_owned())),
        "attente" => Move::Hold,
        "reprise" if !on_hold => return Some(Typed::Note("La personne n'est pas en attente.".to_owned())),
        "reprise" => Move::Resume,
        "transfert" => match organisation.service(rest.trim()) {
            Some(service) => Move::Transfer { service: service.id.clone() },
            None => return Some(Typed::Note("Vers quel service ? /annuaire les donne.".to_owned())),
        },
        "collegue" => Move::CallColleague,
        "responsable" => Move::CallManager,
        "fin" => Move::End,
        "fiche" => return Some(Typed::Sheet),
        "annuaire" => return Some(Typed::Directory),
        _ => return Some(Typed::Note(HELP.to_owned())),
    };
    Some(Typed::Act(act))
}

fn sheet(persona: &Persona, output: &mut impl Write) -> io::Result<()> {
    for line in &persona.file().screen.lines {
        writeln!(output, "  | {line}")?;
    }
    Ok(())
}

fn show(persona: &Persona, played: &Played, hints: bool, output: &mut impl Write) -> io::Result<()> {
    if let Some(cue) = &played.reply.cue {
        writeln!(output, "  ({cue})")?;
    }
    if !played.reply.text.is_empty() {
        writeln!(output, "{} : {}", persona.file().caller.address_as, played.reply.text)?;
    }
    if let Some(hint) = played.hint.as_ref().filter(|_| hints) {
        writeln!(output, "  > {hint}")?;
    }
    Ok(())
}

/// How it ended, what moved the mood, what was learned.
fn debrief(rehearsal: &Rehearsal, output: &mut impl Write) -> io::Result<()> {
    let file = rehearsal.persona().file();
    let state = rehearsal.state();
    writeln!(
        output,
        "\n{}",
        match rehearsal.ended() {
            Some(EndedBy::BrokeOff) => file.temper.at_break.as_str(),
            Some(_) => "L'échange est terminé.",
            None => "L'échange s'arrête ici.",
        }
    )?;
    writeln!(output, "Tension : {} au début, {} à la fin.", file.temper.tension, state.tension())?;
    for (at, turn) in rehearsal.transcript().turns.iter().enumerate() {
        for mood in turn.change.iter().flat_map(|change| &change.moods) {
            let moved: Vec<String> = [("tension", mood.tension), ("confiance", mood.trust)]
                .iter()
                .filter(|(_, by)| *by != 0)
                .map(|(what, by)| format!("{what} {by:+}"))
                .collect();
            writeln!(output, "  tour {at} : {} ; {}", moved.join(", "), mood.why)?;
        }
    }
    let (told, kept): (Vec<_>, Vec<_>) = file.fact.iter().partition(|fact| state.told().contains(&fact.id));
    let list = |facts: &[&crate::persona::FactEntry]| {
        if facts.is_empty() {
            "rien".to_owned()
        } else {
            facts.iter().map(|fact| fact.label.as_str()).collect::<Vec<_>>().join(", ")
        }
    };
    writeln!(output, "Vous avez appris : {}.", list(&told))?;
    writeln!(output, "Vous n'avez pas appris : {}.", list(&kept))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::shipped;

    fn rehearsed(persona: Option<&str>, typed: &str) -> (bool, String) {
        let content = Content::read(&[&shipped()], Vec::new()).unwrap();
        let mut output = Vec::new();
        let wish = Wish { persona, seed: 1, hints: true };
        let started = rehearse(&content, &wish, typed.as_bytes(), &mut output).unwrap();
        (started, String::from_utf8(output).unwrap())
    }

    #[test]
    fn a_rehearsal_goes_from_the_scene_to_the_scorecard() {
        let typed =
            "Bonjour monsieur.\n/attente\nAllô ?\n/reprise\n/transfert plage\n/transfert attributions\nEncore.\n";
        let (started, shown) = rehearsed(Some("menaces-comptoir"), typed);
        assert!(started);
        for part in [
            "Le dossier refusé (au comptoir)",
            "JAOUEN Loïc",
            "Le personnage est une machine.",
            "Monsieur Jaouen : C'est vous qui avez refusé mon dossier ?",
            "La personne est en attente",
            "/annuaire les donne",
            "L'échange est terminé.",
            "à valider par un formateur",
        ] {
            assert!(shown.contains(part), "{shown}\nwithout {part}");
        }
    }

    #[test]
    fn a_situation_is_chosen_by_number_or_name_and_an_unknown_one_is_said_to_be() {
        let (started, shown) = rehearsed(None, "99\n1\n");
        assert!(started && shown.contains("La situation « 99 » n'existe pas."), "{shown}");
        assert!(!rehearsed(None, "").0);
        assert!(!rehearsed(Some("personne"), "").0);
    }
}
