//! The scorecard's part on what was said aloud.

use std::collections::BTreeMap;

use crate::clock::Timestamp;
use crate::scoring::{Figure, NO_EMOTION, Speech};
use crate::server::pages::{KeptSound, Sound, Spoken, SpokenFigure, french};
use crate::server::retention::Retention;
use crate::store::Recorded;
use crate::transcript::{Event, Happening, Turn};

use super::card::at;

/// Figures and recordings, where something was said aloud or is still kept.
pub(super) fn spoken(
    speech: Option<&Speech>,
    who: &str,
    turns: &[Turn],
    kept: &[Recorded],
    retention: Retention,
) -> Option<Spoken> {
    if speech.is_none() && kept.is_empty() {
        return None;
    }
    let timed = |turn: &usize| (*turn, turns.get(*turn).map(at).unwrap_or_default());
    let figure = |figure: Figure| SpokenFigure {
        turns: figure.turns.iter().map(timed).collect(),
        label: figure.label.to_owned(),
        value: figure.value,
        note: figure.note,
        share: figure.share,
    };
    let figures = speech.map(|speech| speech.figures(who)).unwrap_or_default();
    Some(Spoken {
        figures: figures.into_iter().map(figure).collect(),
        caution: NO_EMOTION.to_owned(),
        kept: kept.last().map(|last| KeptSound { count: kept.len() as u64, until: until(last.at, retention) }),
    })
}

/// The last day on which a recording may still be there: deletions are made once a day.
fn until(at: Timestamp, retention: Retention) -> String {
    let gone = at.checked_add(retention.kept_at_most()).unwrap_or(Timestamp::MAX);
    french::date(french::paris(gone).date())
}

/// The recordings by the number of the event that their words are.
pub(super) fn sounds(conversation: &str, events: &[Event], kept: &[Recorded]) -> BTreeMap<u32, Sound> {
    let sound = |event: &Event| {
        let Happening::Spoke { client_id: Some(id), .. } = &event.happening else { return None };
        let recorded = kept.iter().find(|recorded| recorded.utterance == *id)?;
        Some((event.seq, Sound::of(conversation, id, recorded.duration_ms)))
    };
    events.iter().filter_map(sound).collect()
}

/// What a cut reply was still going to say.
pub(super) fn unsaid(turn: &Turn) -> Option<String> {
    let meant = turn.meant.as_deref()?;
    let rest = meant.strip_prefix(turn.text.as_str()).unwrap_or(meant).trim();
    (!rest.is_empty()).then(|| rest.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::utterance::Speaker;

    #[test]
    fn what_was_not_said_is_the_rest_of_what_was_meant() {
        fn check(said: &str, meant: Option<&str>, expect: Option<&str>) {
            let turn = Turn { meant: meant.map(str::to_owned), ..Turn::said(Speaker::Persona, said) };
            assert_eq!(unsaid(&turn).as_deref(), expect, "{said} / {meant:?}");
        }
        check("Ça coule", Some("Ça coule au plafond."), Some("au plafond."));
        check("…", Some("Ça coule au plafond."), Some("Ça coule au plafond."));
        check("Ça coule.", None, None);
        check("Ça coule.", Some("Ça coule."), None);
    }
}
