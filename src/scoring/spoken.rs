//! How an exchange was spoken, in figures: who talked how long, how fast, after which pauses, and who was cut short.
//!
//! Input: a transcript. Output: [`Speech`], or nothing where nothing was said aloud. Invariant: pure counting of times
//! and words; nothing is inferred from a voice, and no figure is a judgement.

use serde::Serialize;

use crate::transcript::{Transcript, Turn, cuts_in};

/// A voice shorter than this says nothing of how fast someone talks.
const ENOUGH_MS: u64 = 2_000;

/// The figures of a spoken exchange.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Speech {
    /// How many turns of words the trainee had.
    pub turns: usize,
    /// How many of them were said aloud.
    pub spoken: usize,
    /// How many of those were corrected after they had been recognised.
    pub corrected: usize,
    /// How long the trainee talked, in milliseconds.
    pub trainee_ms: u64,
    /// How long the character's voice was heard.
    pub character_ms: u64,
    /// How both times compare; `None` unless both were heard.
    pub talk: Option<Talk>,
    /// How fast the trainee talked, pauses within a turn included; `None` for too little of it.
    pub words_per_minute: Option<u64>,
    /// From the end of the character's voice to the trainee's; `None` where the trainee never answered a voice.
    pub pauses: Option<Pauses>,
    /// The trainee's turns that cut the character short.
    pub interruptions: Vec<usize>,
}

/// Shares of the time talked, together 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Talk {
    /// The trainee's, in per cent.
    pub trainee: u8,
    /// The character's.
    pub character: u8,
}

/// Pauses before answering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Pauses {
    /// How many were measured.
    pub count: usize,
    /// Half of them were shorter.
    pub median_ms: u64,
    /// The longest.
    pub longest_ms: u64,
    /// The trainee's turn after the longest.
    pub longest_turn: usize,
}

/// Counts what was said aloud.
pub fn speech(transcript: &Transcript) -> Option<Speech> {
    let turns = &transcript.turns;
    if !turns.iter().any(|turn| turn.aloud) {
        return None;
    }
    let mine = || turns.iter().filter(|turn| turn.is_trainee() && !turn.text.is_empty());
    let aloud = || mine().filter(|turn| turn.aloud);
    let trainee_ms = aloud().filter_map(lasted).sum();
    let character_ms = turns.iter().filter(|turn| !turn.is_trainee() && turn.aloud).filter_map(lasted).sum();
    let words: u64 = aloud().filter(|turn| lasted(turn).is_some()).map(words).sum();
    let cut = |at: &usize| turns[*at].is_trainee() && !turns[*at].text.is_empty() && cuts_in(&turns[..*at]);
    Some(Speech {
        turns: mine().count(),
        spoken: aloud().count(),
        corrected: aloud().filter(|turn| turn.recognised.is_some()).count(),
        trainee_ms,
        character_ms,
        talk: talk(trainee_ms, character_ms),
        words_per_minute: (trainee_ms >= ENOUGH_MS).then(|| (words * 60_000 + trainee_ms / 2) / trainee_ms),
        pauses: pauses(turns),
        interruptions: (0..turns.len()).filter(cut).collect(),
    })
}

/// How long words were heard; `None` where times are missing or tell nothing.
fn lasted(turn: &Turn) -> Option<u64> {
    turn.end_ms?.checked_sub(turn.start_ms?).filter(|ms| *ms > 0)
}

/// Words as one counts them on paper: « j'ai » is one.
fn words(turn: &Turn) -> u64 {
    turn.text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).map(|_| 1).sum()
}

fn talk(trainee: u64, character: u64) -> Option<Talk> {
    if trainee == 0 || character == 0 {
        return None;
    }
    let all = trainee + character;
    let share = u8::try_from((trainee * 100 + all / 2) / all).unwrap_or(100);
    Some(Talk { trainee: share, character: 100 - share })
}

/// The pauses between a voice that came to its end and the answer said aloud right after it; an answer that began
/// before the end came without a pause.
fn pauses(turns: &[Turn]) -> Option<Pauses> {
    let mut found: Vec<(u64, usize)> = (1..turns.len())
        .filter_map(|at| {
            let (before, answer) = (&turns[at - 1], &turns[at]);
            let heard = !before.is_trainee() && before.aloud && !before.interrupted && lasted(before).is_some();
            let answered = answer.is_trainee() && answer.aloud && answer.moved.is_none() && lasted(answer).is_some();
            (heard && answered).then_some((answer.start_ms?.saturating_sub(before.end_ms?), at))
        })
        .collect();
    // The first of the longest.
    let (longest_ms, longest_turn) = *found.iter().rev().max_by_key(|(ms, _)| *ms)?;
    found.sort_unstable();
    let (upper, lower) = (found[found.len() / 2].0, found[(found.len() - 1) / 2].0);
    Some(Pauses { count: found.len(), median_ms: u64::midpoint(lower, upper), longest_ms, longest_turn })
}

/// One figure as people read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// « Mots par minute ».
    pub label: &'static str,
    /// « 142 ».
    pub value: String,
    /// How it was counted, or what goes with it.
    pub note: String,
    /// The trainee's turns that it is about.
    pub turns: Vec<usize>,
    /// 0 to 100, for what is a share of something.
    pub share: Option<u8>,
}

impl Speech {
    /// The figures in French. `who` is the character: « Monsieur Belkacem ».
    pub fn figures(&self, who: &str) -> Vec<Figure> {
        let mut figures = Vec::new();
        let mut add = |label, value: String, note: String, turns: &[usize]| {
            figures.push(Figure { label, value, note, turns: turns.to_vec(), share: None });
        };
        let corrected = match self.corrected {
            0 => String::new(),
            1 => "dont un que vous avez corrigé après transcription".to_owned(),
            n => format!("dont {n} que vous avez corrigés après transcription"),
        };
        add("Tours dits à voix haute", format!("{} sur {}", self.spoken, self.turns), corrected, &[]);
        if let Some(talk) = self.talk {
            let times = format!("vous {}, {who} {}", length(self.trainee_ms), length(self.character_ms));
            add("Votre part du temps de parole", format!("{}\u{a0}%", talk.trainee), times, &[]);
        } else if self.trainee_ms > 0 {
            let note = "l'autre voix n'a pas été entendue : il n'y a pas de partage à mesurer".to_owned();
            add("Votre temps de parole", length(self.trainee_ms), note, &[]);
        }
        if let Some(words) = self.words_per_minute {
            let note = "votre débit, silences à l'intérieur d'un tour compris".to_owned();
            add("Mots par minute", words.to_string(), note, &[]);
        }
        if let Some(pauses) = self.pauses {
            let note = match pauses.count {
                1 => "une seule réponse mesurée".to_owned(),
                n => {
                    format!("valeur médiane de {n} réponses ; la plus longue attente : {}", seconds(pauses.longest_ms))
                }
            };
            add("Silence avant de répondre", seconds(pauses.median_ms), note, &[pauses.longest_turn]);
        }
        if self.character_ms > 0 || !self.interruptions.is_empty() {
            let value = match self.interruptions.len() {
                0 => "aucune".to_owned(),
                n => n.to_string(),
            };
            add("Paroles coupées", value, String::new(), &self.interruptions);
        }
        if let Some(talk) = self.talk {
            figures[1].share = Some(talk.trainee);
        }
        figures
    }
}

/// « 0,9 seconde », « 2,4 secondes ».
fn seconds(ms: u64) -> String {
    let tenths = (ms + 50) / 100;
    let plural = if tenths < 20 { "" } else { "s" };
    format!("{},{}\u{a0}seconde{plural}", tenths / 10, tenths % 10)
}

/// « 48 s », « 2 min 05 s ».
fn length(ms: u64) -> String {
    let seconds = (ms + 500) / 1_000;
    match (seconds / 60, seconds % 60) {
        (0, s) => format!("{s}\u{a0}s"),
        (m, s) => format!("{m}\u{a0}min\u{a0}{s:02}\u{a0}s"),
    }
}

/// Said beside the figures, wherever they are shown.
pub const NO_EMOTION: &str = "Ce sont des durées et des mots comptés, sans jugement. Comptoir ne déduit aucune émotion \
                              d'une voix : le règlement européen sur l'IA l'interdit en formation (article 5).";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::character::Move;
    use crate::persona::Channel;
    use crate::utterance::Speaker;

    /// Someone's words from a time to another, in milliseconds.
    fn aloud(speaker: Speaker, text: &str, from: u64, to: u64) -> Turn {
        Turn { aloud: true, start_ms: Some(from), end_ms: Some(to), ..Turn::said(speaker, text) }
    }

    fn me(text: &str, from: u64, to: u64) -> Turn {
        aloud(Speaker::Trainee, text, from, to)
    }

    fn them(text: &str, from: u64, to: u64) -> Turn {
        aloud(Speaker::Persona, text, from, to)
    }

    fn cut(text: &str, from: u64, to: u64) -> Turn {
        Turn { interrupted: true, ..them(text, from, to) }
    }

    fn count(turns: Vec<Turn>) -> Option<Speech> {
        speech(&Transcript {
            persona: "essai".to_owned(),
            channel: Channel::Phone,
            turns,
            ended: None,
            handoff: None,
            whispers: Vec::new(),
        })
    }

    #[test]
    fn an_exchange_in_writing_has_no_figures() {
        let written = |speaker| Turn { start_ms: Some(5), end_ms: Some(5), ..Turn::said(speaker, "Bonjour.") };
        assert_eq!(count(vec![written(Speaker::Trainee), written(Speaker::Persona)]), None);
        assert_eq!(count(Vec::new()), None);
    }

    #[test]
    fn shares_of_talk_make_a_hundred_and_need_two_voices() {
        fn check(turns: &[Turn], expect: Option<(u8, u8)>) {
            let speech = count(turns.to_vec()).unwrap();
            assert_eq!(speech.talk.map(|talk| (talk.trainee, talk.character)), expect, "{turns:?}");
        }
        check(&[me("Oui.", 0, 1_000), them("Non.", 1_500, 4_500)], Some((25, 75)));
        check(&[me("Oui.", 0, 1_000), them("Non.", 1_500, 3_500)], Some((33, 67)));
        check(&[me("Oui.", 0, 1), them("Non.", 1, 1_000_001)], Some((0, 100)));
        // Only one voice, no time, times missing, times the wrong way round.
        check(&[me("Oui.", 0, 1_000), Turn::said(Speaker::Persona, "Non.")], None);
        check(&[them("Non.", 0, 1_000)], None);
        check(&[me("Oui.", 700, 700), them("Non.", 900, 900)], None);
        check(&[me("Oui.", 0, 9), Turn { end_ms: None, ..them("Non.", 10, 0) }], None);
        check(&[me("Oui.", 9, 2), them("Non.", 10, 20)], None);
        // Both at once: each talked as long as they talked.
        check(&[them("Non non.", 0, 4_000), me("Mais si.", 2_000, 6_000)], Some((50, 50)));
    }

    #[test]
    fn words_per_minute_count_words_with_a_time_and_enough_of_them() {
        fn check(turns: &[Turn], expect: Option<u64>) {
            assert_eq!(count(turns.to_vec()).unwrap().words_per_minute, expect, "{turns:?}");
        }
        check(&[me("un deux trois quatre cinq six", 0, 3_000)], Some(120));
        check(&[me("J'ai noté : c'est au n° 14 !", 0, 3_000)], Some(120));
        // What was typed, or has no length, does not count; too little tells nothing.
        let typed = Turn::said(Speaker::Trainee, "beaucoup de mots tapés en très peu de temps");
        check(&[me("un deux trois quatre cinq six", 0, 3_000), typed], Some(120));
        check(&[me("un deux", 0, 0), me("un deux trois quatre cinq six", 0, 3_000)], Some(120));
        check(&[me("Oui.", 0, 400)], None);
        check(&[them("Allô ?", 0, 4_000)], None);
    }

    #[test]
    fn pauses_go_from_the_end_of_one_voice_to_the_beginning_of_the_next() {
        fn check(turns: &[Turn], expect: Option<(usize, u64, u64, usize)>) {
            let pauses = count(turns.to_vec()).unwrap().pauses;
            let pauses = pauses.map(|p| (p.count, p.median_ms, p.longest_ms, p.longest_turn));
            assert_eq!(pauses, expect, "{turns:?}");
        }
        check(&[them("Allô ?", 0, 1_000), me("Oui.", 1_800, 2_000)], Some((1, 800, 800, 1)));
        let three = |last| {
            vec![
                them("Un.", 0, 1_000),
                me("Oui.", 1_400, 2_000),
                them("Deux.", 3_000, 4_000),
                me("Oui.", 6_000, 7_000),
                them("Trois.", 8_000, 9_000),
                last,
            ]
        };
        check(&three(me("Oui.", 9_600, 10_000)), Some((3, 600, 2_000, 3)));
        // An even number: the middle of both. A typed answer is not one.
        check(&three(Turn::said(Speaker::Trainee, "Oui.")), Some((2, 1_200, 2_000, 3)));
        // An answer that begins before the end comes without a pause.
        check(&three(me("Oui.", 8_900, 10_000)), Some((3, 400, 2_000, 3)));
        // Cut short, after a move, after one's own words, after words not heard: no pause of an answer.
        check(&[cut("Al", 0, 1_000), me("Oui.", 1_000, 2_000)], None);
        check(&[them("Allô ?", 0, 900), Turn::moved(Move::Hold), me("Oui.", 9_000, 9_500)], None);
        check(&[me("Allô ?", 0, 900), me("Oui.", 2_000, 2_500)], None);
        check(&[Turn::said(Speaker::Persona, "Allô ?"), me("Oui.", 2_000, 2_500)], None);
    }

    #[test]
    fn turns_said_aloud_corrected_and_cutting_in_are_counted() {
        let corrected = Turn { recognised: Some("bel cassem".to_owned()), ..me("Belkacem ?", 1_000, 2_000) };
        let speech = count(vec![
            cut("Ah, qu", 0, 900),
            corrected,
            them("Oui.", 2_500, 3_000),
            Turn::said(Speaker::Trainee, "Je note."),
            cut("Et", 4_000, 4_200),
            Turn::moved(Move::Hold),
            cut("Vous", 5_000, 5_500),
        ])
        .unwrap();
        assert_eq!((speech.turns, speech.spoken, speech.corrected), (2, 1, 1));
        // A move cuts a voice, and no word.
        assert_eq!(speech.interruptions, [1]);
    }

    #[test]
    fn figures_read_as_french_and_say_nothing_that_was_not_measured() {
        let read = |turns| {
            let lines = count(turns).unwrap().figures("Madame Petit");
            lines
                .into_iter()
                .map(|f| format!("{} : {} ({})", f.label, f.value, f.note).replace('\u{a0}', " "))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            read(vec![them("Allô ?", 0, 65_000), me("un deux trois", 66_900, 68_900)]),
            [
                "Tours dits à voix haute : 1 sur 1 ()",
                "Votre part du temps de parole : 3 % (vous 2 s, Madame Petit 1 min 05 s)",
                "Mots par minute : 90 (votre débit, silences à l'intérieur d'un tour compris)",
                "Silence avant de répondre : 1,9 seconde (une seule réponse mesurée)",
                "Paroles coupées : aucune ()",
            ]
        );
        assert_eq!(
            read(vec![me("Oui.", 0, 900)]),
            [
                "Tours dits à voix haute : 1 sur 1 ()",
                "Votre temps de parole : 1 s (l'autre voix n'a pas été entendue : il n'y a pas de partage à mesurer)",
            ]
        );
    }
}
