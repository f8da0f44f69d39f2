//! How the replies found their words: from the transcript to the scorecard's part on it.

use crate::server::pages::{ReplyTimes, Timing, faults, french};
use crate::transcript::{Made, Turn};

use super::card::at;

/// The part; `None` where no model was to word anything.
pub(super) fn timing(turns: &[Turn]) -> Option<Timing> {
    let made: Vec<(usize, &Turn, &Made)> =
        turns.iter().enumerate().filter_map(|(index, turn)| Some((index, turn, turn.made.as_deref()?))).collect();
    (!made.is_empty()).then(|| Timing {
        summary: summary(&made.iter().map(|(_, _, made)| *made).collect::<Vec<_>>()),
        replies: made.iter().map(|(index, turn, made)| reply(*index, turn, made)).collect(),
    })
}

/// The guard refused what the model wrote, also at its second try.
const GUARDED: &str = "guarded";

fn summary(made: &[&Made]) -> String {
    let by_model = made.iter().filter(|made| made.model.is_some()).count() as u64;
    let share = format!("Le modèle a mis en mots {} sur {}.", french::count(by_model, "réplique"), made.len());
    let mut waits: Vec<u64> = made.iter().filter_map(|made| made.first_words_ms).collect();
    waits.sort_unstable();
    match waits[..] {
        [] => share,
        [only] => format!("{share} Elle a commencé en {}.", french::short_time(only * 1_000)),
        [.., longest] => format!(
            "{share} La moitié des répliques ont commencé en {} ou moins, la plus lente en {}.",
            french::short_time(waits[(waits.len() - 1) / 2] * 1_000),
            french::short_time(longest * 1_000)
        ),
    }
}

fn reply(index: usize, turn: &Turn, made: &Made) -> ReplyTimes {
    let ms = |ms: u64| french::short_time(ms * 1_000);
    let fell_back = || match made.fell_back.as_deref() {
        Some(GUARDED) => refusals(made),
        code => code.map_or_else(String::new, faults::told),
    };
    let (worded, why) = match (&made.model, made.fell_back.as_deref()) {
        (Some(_), None) => ("Le modèle", second_try(made)),
        (Some(_), Some(_)) => ("Le modèle, puis ses répliques écrites", fell_back()),
        (None, _) => ("Ses répliques écrites", fell_back()),
    };
    let guarded = made.model.is_some() || !made.refused.is_empty();
    let tokens = made.prompt_tokens + made.completion_tokens > 0;
    ReplyTimes {
        turn: index,
        at: at(turn),
        worded: worded.to_owned(),
        why,
        first_words: made.first_words_ms.map(ms),
        hearing: french::short_time(made.hearing_us),
        first_token: made.first_token_ms.map(ms),
        last_token: made.last_token_ms.map(ms),
        guard: guarded.then(|| french::short_time(made.guard_us)),
        tokens: tokens.then(|| {
            let (read, written) = (made.prompt_tokens, made.completion_tokens);
            format!("{} lus, {} écrits", french::number(read), french::number(written))
        }),
    }
}

/// What was refused, each reason once.
fn refusals(made: &Made) -> String {
    let mut reasons: Vec<String> = Vec::new();
    for reason in made.refused.iter().map(|code| faults::told(code)) {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    format!("écarté à la relecture : {}", french::list(&reasons))
}

/// Why the first try was not told, if it was not.
fn second_try(made: &Made) -> String {
    made.refused.first().map_or_else(String::new, |code| format!("au second essai : {}", faults::told(code)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::utterance::Speaker;

    fn told(made: Made) -> (String, String) {
        let turn = Turn { made: Some(Box::new(made)), ..Turn::said(Speaker::Persona, "Oui.") };
        let reply = timing(&[Turn::said(Speaker::Trainee, "Bonjour."), turn]).unwrap().replies.remove(0);
        assert_eq!(reply.turn, 1);
        (reply.worded, reply.why)
    }

    #[test]
    fn a_reply_tells_who_worded_it_and_why() {
        fn check(model: bool, fell_back: Option<&str>, refused: &[&str], worded: &str, why: &str) {
            let made = Made {
                model: model.then(|| "un-modèle".to_owned()),
                fell_back: fell_back.map(str::to_owned),
                refused: refused.iter().map(|code| (*code).to_owned()).collect(),
                ..Made::default()
            };
            assert_eq!(told(made), (worded.to_owned(), why.to_owned()));
        }
        let (both, lines) = ("Le modèle, puis ses répliques écrites", "Ses répliques écrites");
        check(true, None, &[], "Le modèle", "");
        check(true, None, &["foreign"], "Le modèle", "au second essai : une phrase dans une autre langue");
        check(true, Some("cut"), &[], both, "la réponse du modèle a été coupée");
        check(false, Some("late"), &[], lines, "le modèle n’a pas répondu à temps");
        let twice = "écarté à la relecture : une information donnée trop tôt et une redite";
        check(false, Some("guarded"), &["locked", "repeats", "locked"], lines, twice);
        check(true, Some("cut_in"), &[], both, "vous avez repris la parole avant la fin");
        check(false, None, &[], lines, "");
    }

    #[test]
    fn the_summary_counts_the_models_replies_and_says_how_fast_they_began() {
        fn check(waits: &[Option<u64>], expect: &str) {
            let made: Vec<Made> = waits
                .iter()
                .map(|wait| Made { model: wait.map(|_| String::new()), first_words_ms: *wait, ..Made::default() })
                .collect();
            assert_eq!(summary(&made.iter().collect::<Vec<_>>()).replace('\u{a0}', " "), expect);
        }
        check(&[None], "Le modèle a mis en mots 0 réplique sur 1.");
        check(&[Some(420)], "Le modèle a mis en mots 1 réplique sur 1. Elle a commencé en 420 ms.");
        check(
            &[Some(2_040), Some(300), None, Some(500), Some(700)],
            "Le modèle a mis en mots 4 répliques sur 5. La moitié des répliques ont commencé en 500 ms ou moins, la plus \
             lente en 2,0 s.",
        );
    }

    #[test]
    fn without_a_model_there_is_nothing_to_tell() {
        assert!(timing(&[Turn::said(Speaker::Persona, "Oui.")]).is_none());
    }
}
